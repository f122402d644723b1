using System.Text.RegularExpressions;
using FollowUp.Core.CarePlans;
using FollowUp.Core.Replies;
using FollowUp.Core.Timelines;
using NodaTime;

namespace FollowUp.Core.Texts;

/// <summary>The rules that every text obeys, a plan's own and a clinic's wording alike.</summary>
public static partial class TextRules
{
    /// <summary>The most that a clinic can set in a field, in words ("52 semanas").</summary>
    private static readonly Period LongestField = Period.FromWeeks(52);

    /// <summary>Checks a template.</summary>
    /// <param name="template">The text with its placeholders.</param>
    /// <param name="use">Where it stands.</param>
    /// <returns>Everything wrong with it, errors before warnings. A text with an error must not be sent.</returns>
    public static IReadOnlyList<TextProblem> Check(string template, TextUse use)
    {
        ArgumentNullException.ThrowIfNull(template);
        ArgumentNullException.ThrowIfNull(use);
        if (string.IsNullOrWhiteSpace(template))
        {
            return [new TextProblem($"{Subject(use)} is empty.", "Write the text.")];
        }

        if (template.Length > TextWarnings.MostCharacters)
        {
            return [new TextProblem($"{Subject(use)} has {template.Length} characters.", $"Stay within {TextWarnings.AdvisedCharacters}.")];
        }

        int longest;
        string bare;
        HashSet<string> placeholders;
        try
        {
            // Any step can turn out to be the first text of a session, which carries the opt-out line.
            string line = use.Kind is null ? "" : " " + use.OptOutLine;
            TextTemplate parsed = TextTemplate.Parse(template + line);
            bare = WithoutOptions(parsed, use);
            longest = Math.Max(LongestWith(parsed, use), bare.Length);
            placeholders = TextTemplate.Parse(template).Names;
        }
        catch (TemplateException exception)
        {
            return [new TextProblem($"In {use.Name}: {exception.Problem}", exception.Remedy)];
        }

        List<TextProblem> problems = [];
        if (use.Kind is null)
        {
            CheckOptOutLine(template, use, problems);
        }
        else
        {
            CheckWording(template, use, problems);
        }

        if (use.Kind is StepKind.Aftercare && !(placeholders.Contains("phone") && placeholders.Contains("emergency")))
        {
            problems.Add(new TextProblem(
                $"{Subject(use)} is aftercare and does not say whom to call when something is wrong.",
                "Name the warning signs with '{phone}' and, for an emergency, '[{emergency}|an ambulance]'."));
        }

        if (longest > TextWarnings.AdvisedCharacters)
        {
            problems.Add(new TextProblem(
                $"{Subject(use)} in '{use.Language}' can come to {longest} characters.",
                $"Shorten it by {longest - TextWarnings.AdvisedCharacters}, so that it stays within {TextWarnings.AdvisedCharacters}."));
        }

        if (Gap().Match(bare) is { Success: true } gap)
        {
            problems.Add(new TextProblem(
                $"{Subject(use)} has a gap ('{gap.Value}') where a clinic lacks what stands in brackets.",
                "Write behind a '|' what to say instead: '[{bookingUrl} or call {phone}|call {phone}]'."));
        }

        if (!Asking.IsAskedIn(template, use.Asks))
        {
            // A clinic may choose not to ask; then a bare letter or number is read by a human.
            problems.Add(new TextProblem(
                $"{Subject(use)} does not ask for the answer that its step asks for.",
                use.Asks is AskedFor.Rating ? "Write for example 'Reply 1 (bad) to 5 (good).'" : "Write for example 'Reply C to confirm, R for another time.'",
                IsWarning: use.IsClinicWording));
        }

        CheckPlaceholders(placeholders, use, problems);
        CheckPrivacy(template, use, problems);
        problems.AddRange(TextWarnings.OfCharacters(template).Select(warning =>
            new TextProblem($"In {use.Name}: {warning}", "Keep to the plain SMS alphabet, or accept the cost.", IsWarning: true)));
        return [.. problems.OrderBy(problem => problem.IsWarning)];
    }

    private static void CheckWording(string template, TextUse use, List<TextProblem> problems)
    {
        if (ReservedWords.FindInvitation(template) is string word)
        {
            problems.Add(new TextProblem(
                $"{Subject(use)} seems to invite the answer '{word}', which Twilio keeps to itself.",
                "Ask the patient to call instead."));
        }

        foreach (ForbiddenWording wording in ForbiddenContent.Find(template))
        {
            problems.Add(new TextProblem($"{Subject(use)} {wording.Fault}: '{wording.Words}'.", wording.Remedy));
        }
    }

    private static void CheckOptOutLine(string template, TextUse use, List<TextProblem> problems)
    {
        if (ReservedWords.WithoutOptOutLine(template).Length == template.Length)
        {
            problems.Add(new TextProblem(
                $"{Subject(use)} does not tell how to opt out.",
                "Write 'Reply STOP to opt out.' or, in Spanish, 'Responde STOP para darte de baja.'"));
        }
    }

    private static void CheckPlaceholders(HashSet<string> placeholders, TextUse use, List<TextProblem> problems)
    {
        foreach (string name in PlanField.Names.Where(name => placeholders.Contains(name) && !use.Fields.Any(field => field.Name == name)))
        {
            problems.Add(new TextProblem(
                $"{Subject(use)} says {{{name}}}, which the plan does not have.",
                $"Add '{name}:' with value, source and grade under the plan's 'fields:', or leave it out."));
        }

        if (placeholders.Contains("series") && use.Series.MinSessions is null)
        {
            problems.Add(new TextProblem(
                $"{Subject(use)} says {{series}}, but the plan leaves the number of sessions to the clinic.", "Leave {series} out."));
        }

        if (placeholders.Contains("spacing") && (use.Series.SpacingMin is null || use.Series.SpacingMax is null))
        {
            problems.Add(new TextProblem(
                $"{Subject(use)} says {{spacing}}, but the series has no spacing with two ends.",
                "Leave {spacing} out, or write spacingMin and spacingMax."));
        }
    }

    private static void CheckPrivacy(string template, TextUse use, List<TextProblem> problems)
    {
        if (!use.NamesTreatment && TreatmentNames.Find(template) is string name)
        {
            // A plan does not know its clinic; the clinic's own wording is checked against the clinic's choice.
            problems.Add(new TextProblem(
                $"{Subject(use)} names the treatment ('{name}'), and others read a phone too.",
                "Leave the name out, or write '[your {treatment} visit|your visit]', which names it where the clinic has switched that on.",
                IsWarning: !use.IsClinicWording));
        }
    }

    private static string Subject(TextUse use) => char.ToUpperInvariant(use.Name[0]) + use.Name[1..];

    /// <summary>Characters for a clinic that has set all that it can.</summary>
    private static int LongestWith(TextTemplate template, TextUse use) =>
        TextRenderer.Fill(
            template,
            use.Language,
            LongFacts(use.Series),
            [.. use.Fields.Select(field => field with { Value = LongestField })],
            use.NamesTreatment ? use.Treatment : null).Length;

    /// <summary>The text for one that has set nothing that it may leave out, so that the text says the other part of each choice.</summary>
    private static string WithoutOptions(TextTemplate template, TextUse use) =>
        TextRenderer.Fill(template, use.Language, LongFacts(use.Series) with { EmergencyNumber = null, BookingUrl = null }, [], null);

    [GeneratedRegex(@"\w{0,20}\.? [.,;:?!]|\w{0,20}[,;:(] ?[.,;:)]", RegexOptions.CultureInvariant)]
    private static partial Regex Gap();

    /// <summary>What most patients and clinics stay below, on the day whose name is the longest.</summary>
    private static TextFacts LongFacts(Series series) => new()
    {
        FirstName = new string('n', 10),
        ClinicName = new string('c', 20),
        ClinicPhone = new string('5', 15),
        EmergencyNumber = "911",
        BookingUrl = new string('u', 30),
        StartsAt = new LocalDateTime(2026, 9, 30, 12, 30),
        SessionNumber = series.MaxSessions ?? 12,
        PlannedSessions = series.MaxSessions ?? 12,
        Series = series,
    };
}

/// <summary>Where a text stands, which decides the rules for it.</summary>
public sealed record TextUse
{
    /// <summary>How messages speak of it, such as <c>the text 'prep-7d'</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What the text is for; null for the line that says how to opt out.</summary>
    public required StepKind? Kind { get; init; }

    /// <summary>A language that dates can be written in.</summary>
    public required string Language { get; init; }

    /// <summary>The opt-out line of the language, which may be put behind the text.</summary>
    public required string OptOutLine { get; init; }

    /// <summary>Which answer the step asks for, so that the text has to say so.</summary>
    public AskedFor Asks { get; init; }

    /// <summary>The plan's series, for <c>{series}</c> and <c>{spacing}</c>.</summary>
    public required Series Series { get; init; }

    /// <summary>The plan's fields, for placeholders such as <c>{exercise}</c>.</summary>
    public IReadOnlyList<PlanField> Fields { get; init; } = [];

    /// <summary>The treatment's name in the language, for <c>{treatment}</c>; null if the plan has none.</summary>
    public string? Treatment { get; init; }

    /// <summary>Whether the clinic lets texts name the treatment.</summary>
    public bool NamesTreatment { get; init; }

    /// <summary>Whether it is a clinic's own wording, so that the clinic's choice about treatment names is known.</summary>
    public bool IsClinicWording { get; init; }
}

/// <summary>Something wrong with a text, or worth a second look.</summary>
/// <param name="Problem">What, as a sentence.</param>
/// <param name="Remedy">What to write instead, as a sentence.</param>
/// <param name="IsWarning">Whether the text can be sent all the same.</param>
public sealed record TextProblem(string Problem, string Remedy, bool IsWarning = false);
