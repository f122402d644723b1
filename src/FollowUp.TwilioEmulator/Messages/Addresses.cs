using System.Text.RegularExpressions;

namespace FollowUp.TwilioEmulator.Messages;

/// <summary>Reads what a text can be sent to and from.</summary>
internal static partial class Addresses
{
    /// <summary>
    /// The number in E.164, or null. As with Twilio, blanks and punctuation are ignored, ten bare digits are North American, and longer bare
    /// digits lack only their plus (a client that forgot to encode it).
    /// </summary>
    public static string? ReadNumber(string text)
    {
        var number = Punctuation().Replace(text, "");
        if (BareDigits().IsMatch(number))
        {
            number = (number.Length == 10 ? "+1" : "+") + number;
        }

        return NorthAmerican().IsMatch(number) || International().IsMatch(number) ? number : null;
    }

    /// <summary>A sender: a number in E.164, a short code (3 to 8 digits) or an alphanumeric sender (up to 11 characters, a letter among them); or null.</summary>
    public static string? ReadSender(string text) =>
        ShortCode().IsMatch(text) || Alphanumeric().IsMatch(text) ? text : ReadNumber(text);

    public static bool IsMessagingServiceSid(string text) => ServiceSid().IsMatch(text);

    [GeneratedRegex(@"[\s().-]")]
    private static partial Regex Punctuation();

    [GeneratedRegex(@"^[1-9][0-9]{9,14}\z")]
    private static partial Regex BareDigits();

    [GeneratedRegex(@"^\+1[2-9][0-9]{9}\z")]
    private static partial Regex NorthAmerican();

    [GeneratedRegex(@"^\+[2-9][0-9]{6,14}\z")]
    private static partial Regex International();

    [GeneratedRegex(@"^[0-9]{3,8}\z")]
    private static partial Regex ShortCode();

    [GeneratedRegex(@"^(?=.*[A-Za-z])[A-Za-z0-9 +&_-]{1,11}\z")]
    private static partial Regex Alphanumeric();

    [GeneratedRegex(@"^MG[0-9a-fA-F]{32}\z")]
    private static partial Regex ServiceSid();
}
