using System.Diagnostics.CodeAnalysis;

namespace FollowUp.Core.Contacts;

/// <summary>A phone number in E.164 form. Its <see cref="ToString"/> is masked, so that a number that slips into a log does no harm.</summary>
public sealed record PhoneNumber
{
    private const int FewestDigits = 8;
    private const int MostDigits = 15;
    private const string Hidden = "•••••";

    private PhoneNumber(string e164) => E164 = e164;

    /// <summary>The number itself: <c>+</c> and 8 to 15 digits. Personal data.</summary>
    public string E164 { get; }

    /// <summary>Country code and last digits only, such as <c>+1•••••0123</c>.</summary>
    public string Masked => Mask(E164);

    /// <summary>Reads a number in E.164 form: <c>+</c>, then 8 to 15 digits of which the first is not 0.</summary>
    /// <param name="text">What somebody entered.</param>
    /// <param name="number">The number, when the result is true.</param>
    /// <param name="reason">What is wrong and how to write it, when the result is false. It does not repeat the input.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out PhoneNumber? number, [NotNullWhen(false)] out string? reason)
    {
        number = null;
        reason = WhatIsWrong(text);
        if (reason is not null)
        {
            return false;
        }

        number = new PhoneNumber(text!);
        return true;
    }

    /// <summary>Masks a number for logs and lists. Text that is not a number is hidden altogether.</summary>
    public static string Mask(string? text)
    {
        if (WhatIsWrong(text) is not null)
        {
            return Hidden;
        }

        string digits = text![1..];
        int country = CountryCodeLength(digits);

        // Of a short number the last four digits would leave too little to guess.
        int tail = digits.Length - country >= 7 ? 4 : 2;
        return $"+{digits[..country]}{Hidden}{digits[^tail..]}";
    }

    /// <summary>The masked number.</summary>
    public override string ToString() => Masked;

    private static string? WhatIsWrong(string? text)
    {
        const string form = "Write the number in international form, such as +14155550123.";
        if (string.IsNullOrWhiteSpace(text))
        {
            return $"The phone number is missing. {form}";
        }

        if (text[0] != '+')
        {
            return $"The phone number does not begin with + and a country code. {form}";
        }

        if (text.AsSpan(1).ContainsAnyExceptInRange('0', '9'))
        {
            return $"The phone number has something other than digits after the +. {form}";
        }

        if (text.Length > 1 && text[1] == '0')
        {
            return $"No country code begins with 0. {form}";
        }

        return text.Length - 1 is < FewestDigits or > MostDigits
            ? $"A phone number has {FewestDigits} to {MostDigits} digits. {form}"
            : null;
    }

    /// <summary>Country codes are a prefix code (ITU-T E.164): 1 and 7 stand alone, the ones listed have two digits, all others three.</summary>
    private static int CountryCodeLength(string digits) => digits[0] is '1' or '7' ? 1 : digits[..2] switch
    {
        "20" or "27" or "30" or "31" or "32" or "33" or "34" or "36" or "39" => 2,
        "40" or "41" or "43" or "44" or "45" or "46" or "47" or "48" or "49" => 2,
        "51" or "52" or "53" or "54" or "55" or "56" or "57" or "58" => 2,
        "60" or "61" or "62" or "63" or "64" or "65" or "66" => 2,
        "81" or "82" or "84" or "86" or "90" or "91" or "92" or "93" or "94" or "95" or "98" => 2,
        _ => 3,
    };
}
