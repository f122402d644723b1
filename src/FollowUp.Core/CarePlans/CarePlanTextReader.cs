using FollowUp.Core.Contacts;
using FollowUp.Core.Texts;
using NodaTime;
using YamlDotNet.RepresentationModel;

namespace FollowUp.Core.CarePlans;

/// <summary>Reads the texts of a plan and refuses those that could not be sent as they are.</summary>
internal static class CarePlanTextReader
{
    /// <summary>Characters of a text once filled in; two segments of GSM-7 and what Twilio advises as the most.</summary>
    public const int MostCharacters = 320;

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

            YamlSection section = new(node, root.File, $"the language '{language}'", [.. steps.Select(step => step.TextKey), TextKey.OptOut]);
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
        foreach (string key in steps.Select(step => step.TextKey).Distinct())
        {
            texts[key] = section.Text(key, "(the text)");
            Check(section, key, texts, language, series);
        }

        return texts;
    }

    private static void Check(YamlSection section, string key, Dictionary<string, string> texts, string language, Series series)
    {
        if (ReservedWords.FindInvitation(texts[key]) is string word)
        {
            throw section.At(key, $"The text '{key}' seems to invite the answer '{word}', which Twilio keeps to itself.", "Ask the patient to call instead.");
        }

        try
        {
            // Any step can turn out to be the first text of a session, which carries the opt-out line.
            string longest = TextRenderer.Render(texts, [], TextKey.WithOptOut(key), language, LongFacts(series));
            if (longest.Length > MostCharacters)
            {
                throw section.At(key, $"The text '{key}' in '{language}' can come to {longest.Length} characters.", $"Shorten it by {longest.Length - MostCharacters}, so that it stays within {MostCharacters}.");
            }
        }
        catch (TemplateException exception)
        {
            throw section.At(key, $"In the text '{key}': {exception.Problem}", exception.Remedy);
        }
    }

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
