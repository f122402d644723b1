using FollowUp.Core.Contacts;
using FollowUp.Core.Texts;
using FollowUp.Core.Timelines;
using NodaTime;
using YamlDotNet.RepresentationModel;

namespace FollowUp.Core.CarePlans;

/// <summary>Reads the texts of a plan and refuses those that could not be sent as they are.</summary>
internal sealed class CarePlanTextReader
{
    /// <summary>Stands in for a series that could not be read, so that its mistake is told once.</summary>
    private static readonly Series AnySeries = new(10, 12, Period.FromWeeks(10), Period.FromWeeks(12), "", EvidenceGrade.J);

    private readonly PlanProblems problems;
    private readonly CarePlanStepReader.Result steps;
    private readonly IReadOnlyList<PlanField> fields;
    private readonly Series series;

    private CarePlanTextReader(PlanProblems problems, CarePlanStepReader.Result steps, IReadOnlyList<PlanField> fields, Series? series)
    {
        this.problems = problems;
        this.steps = steps;
        this.fields = fields;
        this.series = series ?? AnySeries;
    }

    public static Dictionary<string, IReadOnlyDictionary<string, string>> Read(
        YamlSection root, PlanProblems problems, CarePlanStepReader.Result steps, IReadOnlyList<PlanField> fields, Series? series) =>
        new CarePlanTextReader(problems, steps, fields, series).ReadAll(root);

    private Dictionary<string, IReadOnlyDictionary<string, string>> ReadAll(YamlSection root)
    {
        Dictionary<string, IReadOnlyDictionary<string, string>> texts = new(StringComparer.OrdinalIgnoreCase);
        if (root.Section("texts", "(texts by language)", "the texts", known: null) is not { } languages)
        {
            return texts;
        }

        if (!languages.Entries.Any())
        {
            root.Wrong("texts", "The plan has no texts.", "Write the texts of at least one language under 'texts:'.");
        }

        string[]? known = steps.TextKeys is null ? null : [.. steps.TextKeys, TextKey.OptOut, TextKey.Treatment];
        foreach ((string language, YamlNode node) in languages.Entries)
        {
            if (!LanguageTag.IsWellFormed(language) || !LocalWords.IsKnown(language))
            {
                languages.Wrong(
                    language,
                    $"Dates cannot be written in the language '{language}'.",
                    $"Use only: {string.Join(", ", LocalWords.Known)}, also with a region.");
            }
            else if (YamlSection.Of(node, problems, $"the language '{language}'", known) is { } section
                && !texts.TryAdd(language, ReadLanguage(section, language)))
            {
                languages.Wrong(
                    language,
                    $"The language '{language}' is there twice.",
                    "Language tags do not differ by capitals: keep one of them.");
            }
        }

        return texts;
    }

    private Dictionary<string, string> ReadLanguage(YamlSection section, string language)
    {
        Dictionary<string, string> texts = new(StringComparer.Ordinal);
        if (section.Has(TextKey.Treatment) && section.Text(TextKey.Treatment, "microneedling") is { } treatment)
        {
            texts[TextKey.Treatment] = treatment;
        }

        if (section.Text(TextKey.OptOut, "Reply STOP to opt out.") is { } optOut)
        {
            texts[TextKey.OptOut] = optOut;
            Check(section, TextKey.OptOut, Use("the opt-out line", null, language, texts));
        }

        foreach (string key in steps.TextKeys ?? new HashSet<string>())
        {
            if (section.Text(key, "(the text)") is { } text)
            {
                texts[key] = text;
                Check(section, key, [.. steps.UsesOf(key).Select(use => Use($"the text '{key}'", use.Kind, language, texts) with { Asks = use.Asks })]);
            }
        }

        return texts;
    }

    private TextUse Use(string name, StepKind? kind, string language, Dictionary<string, string> texts) => new()
    {
        Name = name,
        Kind = kind,
        Language = language,
        OptOutLine = texts.GetValueOrDefault(TextKey.OptOut, ""),
        Series = series,
        Fields = fields,
        Treatment = texts.GetValueOrDefault(TextKey.Treatment),
    };

    private static void Check(YamlSection section, string key, params TextUse[] uses)
    {
        // Steps of two kinds can share a text, and would find the same in it.
        foreach (TextProblem problem in uses.SelectMany(use => TextRules.Check(section.Text(key, "")!, use)).Distinct())
        {
            if (problem.IsWarning)
            {
                section.Doubt(key, problem.Problem, problem.Remedy);
            }
            else
            {
                section.Wrong(key, problem.Problem, problem.Remedy);
            }
        }
    }
}
