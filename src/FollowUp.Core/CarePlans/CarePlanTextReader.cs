using FollowUp.Core.Contacts;
using FollowUp.Core.Texts;
using YamlDotNet.RepresentationModel;

namespace FollowUp.Core.CarePlans;

/// <summary>Reads the texts of a plan and refuses those that could not be sent as they are.</summary>
internal static class CarePlanTextReader
{
    public static Dictionary<string, IReadOnlyDictionary<string, string>> Read(
        YamlSection root, PlanProblems problems, CarePlanStepReader.Result steps, IReadOnlyList<PlanField> fields, Series? series)
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

        string[]? known = steps.TextKeys is null ? null : [.. steps.TextKeys, TextKey.OptOut];
        foreach ((string language, YamlNode node) in languages.Entries)
        {
            if (!LanguageTag.IsWellFormed(language) || !LocalWords.IsKnown(language))
            {
                languages.Wrong(language, $"Dates cannot be written in the language '{language}'.", $"Use only: {string.Join(", ", LocalWords.Known)}, also with a region.");
            }
            else if (YamlSection.Of(node, problems, $"the language '{language}'", known) is { } section
                && !texts.TryAdd(language, ReadLanguage(section, language, steps, fields, series)))
            {
                languages.Wrong(language, $"The language '{language}' is there twice.", "Language tags do not differ by capitals: keep one of them.");
            }
        }

        return texts;
    }

    private static Dictionary<string, string> ReadLanguage(
        YamlSection section, string language, CarePlanStepReader.Result steps, IReadOnlyList<PlanField> fields, Series? series)
    {
        Dictionary<string, string> texts = new(StringComparer.Ordinal);
        string? optOut = section.Text(TextKey.OptOut, "Reply STOP to opt out.");
        texts[TextKey.OptOut] = optOut ?? "";
        foreach (string key in steps.TextKeys ?? new HashSet<string>())
        {
            if (section.Text(key, "(the text)") is { } text)
            {
                texts[key] = text;
                foreach (PlanTextRules.Mistake mistake in PlanTextRules.Of(texts, key, language, steps.KindsOf(key), fields, series))
                {
                    section.Wrong(key, mistake.Problem, mistake.Remedy);
                }
            }
        }

        return texts;
    }
}
