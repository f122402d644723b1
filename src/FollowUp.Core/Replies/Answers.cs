using System.Collections.Frozen;
using FollowUp.Core.Contacts;
using FollowUp.Core.Texts;

namespace FollowUp.Core.Replies;

/// <summary>A fixed answer to a patient's own text.</summary>
public enum AnswerKind
{
    OptOutConfirmed,
    OptInConfirmed,
    Help,

    /// <summary>To words that may mean trouble: call, nothing else.</summary>
    Call,

    /// <summary>The same to a number that nobody knows, when several clinics share the sender: it names none of them.</summary>
    CallAny,
    Confirmed,
    Reschedule,
    Cancelled,
}

/// <summary>The fixed answers, in every shipped language.</summary>
public static class Answers
{
    private const string DefaultLanguage = "en";

    private static readonly FrozenDictionary<(AnswerKind Kind, string Language), TextTemplate> Templates = ReadTemplates();

    /// <summary>Every template, to be checked.</summary>
    internal static IEnumerable<(AnswerKind Kind, string Language)> All => Templates.Keys;

    /// <summary>Renders an answer.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="languages">The patient's languages, the best first: the one that was written in, the patient's own, the clinic's.</param>
    /// <param name="clinicName">As patients know it.</param>
    /// <param name="clinicPhone">For patients to call.</param>
    /// <param name="emergencyNumber">The local one; null if the clinic gave none.</param>
    public static string Render(AnswerKind kind, IEnumerable<string?> languages, string clinicName, string clinicPhone, string? emergencyNumber)
    {
        ArgumentNullException.ThrowIfNull(languages);
        string[] available = [.. Templates.Keys.Where(key => key.Kind == kind).Select(key => key.Language)];
        string language = languages.OfType<string>().Select(wanted => LanguageTag.Lookup(wanted, available)).OfType<string>().FirstOrDefault()
            ?? DefaultLanguage;
        return Templates[(kind, language)].Fill(name => name switch
        {
            "clinic" => clinicName,
            "phone" => clinicPhone,
            "emergency" => string.IsNullOrWhiteSpace(emergencyNumber) ? null : emergencyNumber,
            _ => throw new ArgumentOutOfRangeException(nameof(kind), name, "The answer has a placeholder that is not filled in."),
        });
    }

    private static FrozenDictionary<(AnswerKind, string), TextTemplate> ReadTemplates()
    {
        using StreamReader reader = new(typeof(Answers).Assembly.GetManifestResourceStream("Replies/answers.csv")!);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(line => line[0] != '#').Skip(1)
            .Select(line => line.Split(';', 3))
            .ToFrozenDictionary(
                row => (Enum.Parse<AnswerKind>(row[0].Replace("-", "", StringComparison.Ordinal), ignoreCase: true), row[1]),
                row => TextTemplate.Parse(row[2]));
    }
}
