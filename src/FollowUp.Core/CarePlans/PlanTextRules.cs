using FollowUp.Core.Texts;
using FollowUp.Core.Timelines;
using NodaTime;

namespace FollowUp.Core.CarePlans;

/// <summary>Refuses texts that could not be sent as they are, whoever wrote them.</summary>
internal static class PlanTextRules
{
    /// <summary>Characters of a text once filled in; two segments of GSM-7 and what Twilio advises as the most.</summary>
    public const int MostCharacters = 320;

    /// <summary>The most that a clinic can set in a field, in words.</summary>
    private static readonly Period LongestField = Period.FromWeeks(52);

    /// <summary>What is wrong with a text, and what to write instead.</summary>
    public sealed record Mistake(string Problem, string Remedy);

    /// <summary>Every mistake of one text.</summary>
    /// <param name="texts">The texts of the language, the opt-out line among them.</param>
    /// <param name="key">Which of them to look at.</param>
    /// <param name="language">Their language.</param>
    /// <param name="kinds">Kinds of the steps that send it.</param>
    /// <param name="fields">The fields of the plan.</param>
    /// <param name="series">Null if it could not be read.</param>
    public static IEnumerable<Mistake> Of(
        IReadOnlyDictionary<string, string> texts, string key, string language, IEnumerable<StepKind> kinds, IReadOnlyList<PlanField> fields, Series? series)
    {
        string text = texts[key];
        if (ReservedWords.FindInvitation(text) is string word)
        {
            yield return new($"The text '{key}' seems to invite the answer '{word}', which Twilio keeps to itself.", "Ask the patient to call instead.");
        }

        // The clinic's number and the emergency number, so that nobody is left alone with a symptom.
        if (kinds.Contains(StepKind.Aftercare) && !(text.Contains("{phone}", StringComparison.Ordinal) && text.Contains("{emergency}", StringComparison.Ordinal)))
        {
            yield return new($"The text '{key}' is aftercare, but does not say whom to call when something is wrong.", "Add for example 'Blisters, fever or growing pain: call {phone}. Emergency: call [{emergency}|an ambulance].'.");
        }

        foreach (Mistake mistake in OfPlaceholders(text, key, fields, series))
        {
            yield return mistake;
        }

        if (OfLength(texts, key, language, fields, series) is { } tooLong)
        {
            yield return tooLong;
        }
    }

    private static IEnumerable<Mistake> OfPlaceholders(string text, string key, IReadOnlyList<PlanField> fields, Series? series)
    {
        foreach (string name in PlanField.Names.Where(name => Uses(text, name) && !fields.Any(field => field.Name == name)))
        {
            yield return new($"The text '{key}' says {{{name}}}, which the plan does not have.", $"Add '{name}:' with its value, source and grade under 'fields:'.");
        }

        if (series is { MinSessions: null } && Uses(text, "series"))
        {
            yield return new($"The text '{key}' says {{series}}, but the plan leaves the number of sessions to the clinic.", "Leave {series} out.");
        }

        if (series is not null && (series.SpacingMin is null || series.SpacingMax is null) && Uses(text, "spacing"))
        {
            yield return new($"The text '{key}' says {{spacing}}, but the series has no spacing with two ends.", "Leave {spacing} out, or write spacingMin and spacingMax.");
        }
    }

    private static Mistake? OfLength(
        IReadOnlyDictionary<string, string> texts, string key, string language, IReadOnlyList<PlanField> fields, Series? series)
    {
        try
        {
            // Any step can turn out to be the first text of a session, which carries the opt-out line.
            int longest = Enumerable.Max([Length(fields: [.. fields.Select(field => field with { Value = LongestField })], Full(series)), Length(fields: [], Bare(series))]);
            return longest > MostCharacters
                ? new($"The text '{key}' in '{language}' can come to {longest} characters.", $"Shorten it by {longest - MostCharacters}, so that it stays within {MostCharacters}.")
                : null;
        }
        catch (TemplateException exception)
        {
            return new($"In the text '{key}': {exception.Problem}", exception.Remedy);
        }

        int Length(IReadOnlyList<PlanField> fields, TextFacts facts) =>
            TextRenderer.Render(texts, fields, TextKey.WithOptOut(key), language, facts).Length;
    }

    /// <summary>What most patients and clinics stay below, on the day whose name is the longest.</summary>
    private static TextFacts Full(Series? series) => new()
    {
        FirstName = new string('n', 10),
        ClinicName = new string('c', 20),
        ClinicPhone = new string('5', 15),
        EmergencyNumber = "911",
        BookingUrl = new string('u', 30),
        StartsAt = new LocalDateTime(2026, 9, 30, 12, 30),
        SessionNumber = series?.MaxSessions ?? 12,
        PlannedSessions = series?.MaxSessions ?? 12,
        Series = series ?? new Series(10, 12, Period.FromWeeks(10), Period.FromWeeks(12), "", EvidenceGrade.J),
    };

    /// <summary>The same where the clinic has set nothing that it may leave out, so that texts say their other part.</summary>
    private static TextFacts Bare(Series? series) => Full(series) with { EmergencyNumber = null, BookingUrl = null };

    private static bool Uses(string text, string placeholder) => text.Contains($"{{{placeholder}}}", StringComparison.Ordinal);
}
