using System.Collections.Frozen;
using FollowUp.Core.Sending;
using FollowUp.Core.Timelines;

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

    private static readonly Phrase[] Phrases = [.. ReadPhrases()];

    private static readonly (string Language, WordPattern Pattern)[] RedFlags =
        [.. Table.Read("Replies/red-flags").Select(row => (row[0], WordPattern.Parse(row[1])))];

    /// <summary>Reads a text.</summary>
    /// <param name="text">As it came; may be empty.</param>
    /// <param name="asked">What the last text to the patient asked for.</param>
    public static ReplyReading Read(string text, AskedFor asked)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (TwilioWords.TryGetValue(text.Trim(), out ReplyKind word))
        {
            return new ReplyReading(word) { AnsweredByTwilio = true };
        }

        IReadOnlyList<Sentence> sentences = ReplyWords.Read(text);
        string? flagged = RedFlags.FirstOrDefault(flag => sentences.Any(sentence => flag.Pattern.IsPart(sentence.Words, typos: true))).Language;
        ReplyReading reading = ReadKind(sentences, asked);
        return reading with { RedFlag = flagged is not null, Language = reading.Language ?? flagged };
    }

    /// <summary>What a text of a kind asks the patient for.</summary>
    public static AskedFor AskedBy(StepKind kind) => kind switch
    {
        StepKind.Reminder or StepKind.Preparation => AskedFor.Appointment,
        StepKind.CheckIn => AskedFor.CheckIn,
        _ => AskedFor.Nothing,
    };

    private static ReplyReading ReadKind(IReadOnlyList<Sentence> sentences, AskedFor asked)
    {
        // Somebody else's number comes first: nothing must reach it any more, and its owner's "stop" is not the patient's.
        foreach (ReplyKind kind in (ReplyKind[])[ReplyKind.WrongNumber, ReplyKind.OptOut, ReplyKind.OptIn, ReplyKind.Help])
        {
            if (Find(sentences, kind) is { } language)
            {
                return new ReplyReading(kind) { Language = language };
            }
        }

        return asked switch
        {
            AskedFor.CheckIn when ReadRating(sentences) is { } rating => new ReplyReading(ReplyKind.CheckIn) { Rating = rating },
            AskedFor.Appointment => ReadAnswer(sentences),
            _ => new ReplyReading(ReplyKind.Other),
        };
    }

    /// <summary>One clear answer, or a human decides. A question is never an answer.</summary>
    private static ReplyReading ReadAnswer(IReadOnlyList<Sentence> sentences)
    {
        (ReplyKind Kind, string? Language)[] found =
            [.. ((ReplyKind[])[ReplyKind.Confirm, ReplyKind.Reschedule, ReplyKind.Cancel])
                .Select(kind => (kind, Find(sentences, kind))).Where(match => match.Item2 is not null)];
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

    /// <summary>The language in which some sentence says so; null when none does.</summary>
    private static string? Find(IReadOnlyList<Sentence> sentences, ReplyKind kind)
    {
        string? language = sentences.Select(sentence => FindIn(sentence.Words, kind)).FirstOrDefault(language => language is not null);
        return language is null || Says([.. sentences.SelectMany(sentence => sentence.Words)], kind, Match.Never) is not null ? null : language;
    }

    private static string? FindIn(IReadOnlyList<string> words, ReplyKind kind)
    {
        if (Says(words, kind, Match.Surely) is { } language)
        {
            return language;
        }

        IReadOnlyList<string> bare = ReplyWords.WithoutPoliteness(words);
        string? found = ((Match[])[Match.Whole, Match.End, Match.Part]).Select(match => Says(words, kind, match) ?? Says(bare, kind, match))
            .FirstOrDefault(language => language is not null);
        return found is null || Says(words, kind, Match.Not) is not null ? null : found;
    }

    /// <summary>The language of the first such phrase that the words have; null for none.</summary>
    private static string? Says(IReadOnlyList<string> words, ReplyKind kind, Match match) => Array.Find(
        Phrases,
        phrase => phrase.Kind == kind && phrase.Match == match && match switch
        {
            Match.Whole => phrase.Pattern.IsWhole(words),
            Match.End => phrase.Pattern.IsEnd(words),
            _ => phrase.Pattern.IsPart(words),
        })?.Language;

    /// <summary>The phrases of the table, with its lists of words in place of their names.</summary>
    private static IEnumerable<Phrase> ReadPhrases()
    {
        Dictionary<string, string> lists = [];
        foreach (string[] row in Table.Read("Replies/reply-phrases"))
        {
            if (row[0] == "words")
            {
                lists.Add($"<{row[2]}>", row[3]);
            }
            else
            {
                yield return Phrase.Of(row, lists.Aggregate(row[3], (pattern, list) => pattern.Replace(list.Key, list.Value, StringComparison.Ordinal)));
            }
        }
    }

    /// <summary>What a row of the table says of its words: as the table's head tells.</summary>
    private enum Match
    {
        Whole,
        End,
        Part,
        Surely,
        Not,
        Never,
    }

    private sealed record Phrase(ReplyKind Kind, string Language, Match Match, WordPattern Pattern)
    {
        public static Phrase Of(string[] row, string pattern) => new(
            Enum.Parse<ReplyKind>(row[0].Replace("-", "", StringComparison.Ordinal), ignoreCase: true),
            row[1],
            Enum.Parse<Match>(row[2], ignoreCase: true),
            WordPattern.Parse(pattern));
    }
}
