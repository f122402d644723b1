using System.Globalization;
using System.Text;

namespace FollowUp.Core.Texts;

/// <summary>What is worth a second look in a text as it would be sent: cost, length, reserved answers and privacy.</summary>
public static class TextWarnings
{
    /// <summary>Characters that are advised as the most: two segments, which is what a patient reads at a glance.</summary>
    public const int AdvisedCharacters = 320;

    /// <summary>Characters that Twilio takes at the most; it refuses a longer text.</summary>
    public const int MostCharacters = 1600;

    /// <summary>Every warning, each a sentence with what to write instead; none for a text that is fine.</summary>
    public static IReadOnlyList<string> Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);

        // What Twilio refuses anyway is not worth a search, which takes longer the longer the text.
        return text.Length > MostCharacters ? [.. OfLength(text)] : [.. OfCharacters(text), .. OfLength(text), .. OfContent(text)];
    }

    /// <summary>The warnings about characters that GSM-7 lacks.</summary>
    internal static IEnumerable<string> OfCharacters(string text)
    {
        Rune[] outside = [.. text.EnumerateRunes().Where(rune => !Segments.IsGsm(rune.ToString())).Distinct()];
        if (outside.Any(PlainCharacters.IsEmoji))
        {
            string pictures = string.Concat(outside.Where(rune => IsVisible(rune) && PlainCharacters.IsEmoji(rune)));
            yield return $"Emoji ({pictures}) are outside the plain SMS alphabet: leave them out.";
        }

        foreach (Rune rune in outside.Where(rune => !PlainCharacters.IsEmoji(rune)))
        {
            yield return $"{Name(rune)} is outside the plain SMS alphabet: {Remedy(PlainCharacters.For(rune))}.";
        }

        int segments = Segments.Count(text).Segments;
        int plain = Segments.Count(PlainCharacters.Replace(text)).Segments;
        if (plain < segments)
        {
            yield return $"In plain characters the text would take {Plural(plain, "segment")} instead of {segments}.";
        }
    }

    private static IEnumerable<string> OfLength(string text)
    {
        if (text.Length > MostCharacters)
        {
            yield return $"The text has {text.Length} characters and Twilio refuses more than 1,600: shorten it by at least {text.Length - MostCharacters}.";
        }
        else if (text.Length > AdvisedCharacters)
        {
            yield return $"The text has {text.Length} characters; at most {AdvisedCharacters} are advised: shorten it by {text.Length - AdvisedCharacters}.";
        }
    }

    private static IEnumerable<string> OfContent(string text)
    {
        if (ReservedWords.FindInvitation(ReservedWords.WithoutOptOutLine(text)) is string word)
        {
            yield return $"The text seems to invite the answer '{word}', which Twilio keeps to itself: ask the patient to call instead.";
        }

        if (TreatmentNames.Find(text) is string name)
        {
            yield return $"The text names the treatment ('{name}'), and others read a phone too: leave the name out.";
        }

        foreach (ForbiddenWording wording in ForbiddenContent.Find(text))
        {
            yield return $"'{wording.Words}' {wording.Fault}. {wording.Remedy}";
        }
    }

    // Joiners, selectors and halves of a pair show nothing by themselves.
    private static bool IsVisible(Rune rune) => rune.Value is not (0x200D or 0xFE0E or 0xFE0F or 0x20E3);

    private static string Name(Rune rune)
    {
        string code = $"U+{rune.Value.ToString("X4", CultureInfo.InvariantCulture)}";
        bool printable = Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.SpaceSeparator);
        return printable ? $"'{rune}' ({code})" : $"The invisible character {code}";
    }

    private static string Remedy(string? plain) => plain switch
    {
        null => "choose a word without it",
        "" => "leave it out",
        " " => "write an ordinary space",
        "\"" => "write \" instead",
        _ => $"write {plain} instead",
    };

    private static string Plural(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
