using FollowUp.Core.Contacts;
using FollowUp.Core.Texts;
using FollowUp.Core.Timelines;
using YamlDotNet.RepresentationModel;

namespace FollowUp.Core.CarePlans;

/// <summary>Reads the texts of a plan and refuses those that could not be sent as they are.</summary>
internal static class CarePlanTextReader
{
    public static Dictionary<string, IReadOnlyDictionary<string, string>> Read(YamlSection root, IReadOnlyList<PlanStep> steps, Series series)
    {
        YamlSection languages = new(root.Node("texts", "(texts by language)"), root.File, "the texts", known: null);
        Dictionary<string, IReadOnlyDictionary<string, string>> texts = new(StringComparer.OrdinalIgnoreCase);
        foreach ((string language, YamlNode node) in languages.Entries)
        {
            if (!LanguageTag.IsWellFormed(language) || !LocalWords.IsKnown(language))
            {
                throw languages.At(language, $"Dates cannot be written in the language '{language}'.", $"Use only: {string.Join(", ", LocalWords.Known)}, also with a region.");
            }

            YamlSection section = new(node, root.File, $"the language '{language}'", [.. steps.Select(step => step.TextKey), TextKey.OptOut, TextKey.Treatment]);
            if (!texts.TryAdd(language, ReadLanguage(section, language, steps, series)))
            {
                throw languages.At(language, $"The language '{language}' is there twice.", "Language tags do not differ by capitals: keep one of them.");
            }
        }

        return texts.Count > 0 ? texts : throw root.At("texts", "The plan has no texts.", "Write the texts of at least one language under 'texts:'.");
    }

    private static Dictionary<string, string> ReadLanguage(YamlSection section, string language, IReadOnlyList<PlanStep> steps, Series series)
    {
        Dictionary<string, string> texts = new(StringComparer.Ordinal)
        {
            [TextKey.OptOut] = section.Text(TextKey.OptOut, "Reply STOP to opt out."),
        };
        if (section.Has(TextKey.Treatment))
        {
            texts[TextKey.Treatment] = section.Text(TextKey.Treatment, "microneedling");
        }

        foreach ((string key, StepKind kind) in steps.Select(step => (step.TextKey, step.Kind)).Distinct())
        {
            texts[key] = section.Text(key, "(the text)");
            Check(section, key, kind, texts, language, series);
        }

        return texts;
    }

    private static void Check(YamlSection section, string key, StepKind kind, Dictionary<string, string> texts, string language, Series series)
    {
        TextUse use = new()
        {
            Name = $"the text '{key}'",
            Kind = kind,
            Language = language,
            OptOutLine = texts[TextKey.OptOut],
            Series = series,
            Treatment = texts.GetValueOrDefault(TextKey.Treatment),
        };
        if (TextRules.Check(texts[key], use).FirstOrDefault(problem => !problem.IsWarning) is TextProblem error)
        {
            throw section.At(key, error.Problem, error.Remedy);
        }
    }
}
