using System.Collections.Frozen;

namespace FollowUp.Core.Replies;

/// <summary>
/// Reads what a patient's text means, in every shipped language at once. It decides about texts and appointments alone; whatever may be about
/// the patient's health is for a human, and is only flagged.
/// </summary>
public static class ReplyReader
{
    /// <summary>Twilio's own words (its default keywords): alone in a text, Twilio has answered them and acts on them.</summary>
    private static readonly FrozenDictionary<string, ReplyKind> TwilioWords = new Dictionary<string, ReplyKind>(StringComparer.OrdinalIgnoreCase)
    {
        ["STOP"] = ReplyKind.OptOut,
        ["STOPALL"] = ReplyKind.OptOut,
        ["UNSUBSCRIBE"] = ReplyKind.OptOut,
        ["END"] = ReplyKind.OptOut,
        ["QUIT"] = ReplyKind.OptOut,
        ["CANCEL"] = ReplyKind.OptOut,
        ["REVOKE"] = ReplyKind.OptOut,
        ["OPTOUT"] = ReplyKind.OptOut,
        ["START"] = ReplyKind.OptIn,
        ["YES"] = ReplyKind.OptIn,
        ["UNSTOP"] = ReplyKind.OptIn,
        ["HELP"] = ReplyKind.Help,
        ["INFO"] = ReplyKind.Help,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, int> Ratings = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        ["1"] = 1,
        ["one"] = 1,
        ["uno"] = 1,
        ["2"] = 2,
        ["two"] = 2,
        ["dos"] = 2,
        ["3"] = 3,
        ["three"] = 3,
        ["tres"] = 3,
        ["4"] = 4,
        ["four"] = 4,
        ["cuatro"] = 4,
        ["5"] = 5,
        ["five"] = 5,
        ["cinco"] = 5,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Reads a text.</summary>
    /// <param name="text">As it came; may be empty.</param>
    /// <param name="asked">What the last text to the patient asked for.</param>
    /// <param name="names">First names of the patients on the number: "I am not Ada" says whose it is not.</param>
    public static ReplyReading Read(string text, AskedFor asked, IEnumerable<string>? names = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (TwilioWords.TryGetValue(text.Trim(), out ReplyKind word))
        {
            return new ReplyReading(word) { AnsweredByTwilio = true, IsOnlyThat = true, UnlessOptedOut = WithoutAnOptOut(text, asked) };
        }

        IReadOnlyList<Sentence> written = ReplyWords.Read(text);
        (IReadOnlyList<Sentence> sentences, string? automatic) = AutoReplies.TakeOut(written);
        string? flagged = RedFlags.Find(sentences);
        ReplyReading reading = automatic is not null && AutoReplies.IsAll(sentences) && ReadKind(sentences, asked, []) is { Kind: ReplyKind.Other }
            ? new ReplyReading(ReplyKind.AutoReply) { Language = automatic }
            : ReadKind(written, asked, [.. names ?? []]);
        return reading with { RedFlag = flagged is not null, Language = reading.Language ?? flagged };
    }

    /// <summary>
    /// YES gives back what a STOP took, and Twilio takes it for nothing else; from somebody who never opted out it is an answer, if only to what
    /// a human has asked.
    /// </summary>
    private static ReplyReading? WithoutAnOptOut(string text, AskedFor asked) => text.Trim().Equals("YES", StringComparison.OrdinalIgnoreCase)
        ? new ReplyReading(asked == AskedFor.Appointment ? ReplyKind.Confirm : ReplyKind.Other)
        : null;

    private static ReplyReading ReadKind(IReadOnlyList<Sentence> sentences, AskedFor asked, string[] names)
    {
        // Somebody else's number comes first: nothing must reach it any more, and its owner's "stop" is not the patient's.
        if (Phrases.Find([.. sentences.Where(sentence => !sentence.IsQuestion).Select(sentence => sentence.Naming(names))], ReplyKind.WrongNumber) is { } stranger)
        {
            return new ReplyReading(ReplyKind.WrongNumber) { Language = stranger };
        }

        foreach (ReplyKind kind in (ReplyKind[])[ReplyKind.OptOut, ReplyKind.OptIn, ReplyKind.Help])
        {
            if (Phrases.Find(sentences, kind) is { } language)
            {
                return new ReplyReading(kind) { Language = language, IsOnlyThat = Phrases.IsOnly(sentences, kind) };
            }
        }

        return asked switch
        {
            AskedFor.Rating when ReadRating(sentences) is { } rating => new ReplyReading(ReplyKind.CheckIn) { Rating = rating },
            AskedFor.Appointment or AskedFor.Visit => ReadAnswer(sentences, answers: asked == AskedFor.Appointment),
            _ => new ReplyReading(ReplyKind.Other),
        };
    }

    /// <summary>One clear answer, or a human decides. A question is never an answer.</summary>
    private static ReplyReading ReadAnswer(IReadOnlyList<Sentence> sentences, bool answers)
    {
        (ReplyKind Kind, string? Language)[] found =
            [.. ((ReplyKind[])[ReplyKind.Confirm, ReplyKind.Reschedule, ReplyKind.Cancel])
                .Select(kind => (kind, Phrases.Find(sentences, kind, answers))).Where(match => match.Item2 is not null)];
        bool asks = sentences.Any(sentence => sentence.IsQuestion);
        return found switch
        {
            [] => new ReplyReading(ReplyKind.Other),
            [var (kind, language)] when !asks => new ReplyReading(kind) { Language = language },
            [(ReplyKind.Confirm, _)] => new ReplyReading(ReplyKind.Other),
            [var (_, language), ..] => new ReplyReading(ReplyKind.Reschedule) { Language = language },
        };
    }

    private static int? ReadRating(IReadOnlyList<Sentence> sentences)
    {
        IReadOnlyList<string> words = ReplyWords.WithoutPoliteness([.. sentences.SelectMany(sentence => sentence.Words)]);
        bool ofFive = words is [_, "5"] or [_, "of" or "de", "5"] or [_, "out", "of", "5"];
        return (words.Count == 1 || ofFive) && Ratings.TryGetValue(words[0], out int rating) ? rating : null;
    }
}
