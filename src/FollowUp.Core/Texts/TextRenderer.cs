using System.Globalization;
using System.Text;
using FollowUp.Core.CarePlans;
using FollowUp.Core.Contacts;

namespace FollowUp.Core.Texts;

/// <summary>Makes the text that a patient gets.</summary>
public static class TextRenderer
{
    /// <summary>
    /// Renders a text of the plan. The language is looked up as RFC 4647 says (<c>es-MX</c> finds <c>es</c>); one without texts gets
    /// the plan's first language, so that a send never fails for it.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="textKey">As in <see cref="Timelines.TimelineStep.TextKey"/>.</param>
    /// <param name="language">The patient's language tag.</param>
    /// <param name="facts">What to fill in. Line breaks and other control characters in it become spaces.</param>
    /// <exception cref="KeyNotFoundException">The plan has no such text.</exception>
    public static string Render(CarePlan plan, string textKey, string language, TextFacts facts)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(textKey);
        ArgumentNullException.ThrowIfNull(language);
        ArgumentNullException.ThrowIfNull(facts);
        string tag = LanguageTag.Lookup(language, plan.Texts.Keys) ?? plan.DefaultLanguage;
        return Render(plan.Texts[tag], plan.Fields, textKey, tag, facts);
    }

    /// <summary>Whether the plan has texts in a language, so that another can be chosen before <see cref="Render(CarePlan, string, string, TextFacts)"/> falls back.</summary>
    public static bool HasLanguage(CarePlan plan, string language)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return LanguageTag.Lookup(language, plan.Texts.Keys) is not null;
    }

    /// <summary>The plan's language for a patient: the patient's own, else the first of the clinic's that the plan has, else the plan's first.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="patientLanguage">The patient's language tag; null if unknown.</param>
    /// <param name="clinicLanguages">The clinic's language tags, the preferred one first.</param>
    public static string ChooseLanguage(CarePlan plan, string? patientLanguage, IEnumerable<string> clinicLanguages)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(clinicLanguages);
        return clinicLanguages.Prepend(patientLanguage)
            .OfType<string>()
            .Select(wanted => LanguageTag.Lookup(wanted, plan.Texts.Keys))
            .OfType<string>()
            .FirstOrDefault() ?? plan.DefaultLanguage;
    }

    private static string Render(
        IReadOnlyDictionary<string, string> texts, IReadOnlyList<PlanField> fields, string textKey, string language, TextFacts facts)
    {
        (string key, bool optOutLine) = TextKey.Split(textKey);
        string template = texts.TryGetValue(key, out string? text)
            ? text
            : throw new KeyNotFoundException($"The plan has no text '{key}' in '{language}'.");
        if (optOutLine)
        {
            template += " " + texts[TextKey.OptOut];
        }

        string? treatment = facts.NamesTreatment ? texts.GetValueOrDefault(TextKey.Treatment) : null;
        return Fill(TextTemplate.Parse(template), language, facts, fields, treatment);
    }

    internal static string Fill(TextTemplate template, string language, TextFacts facts, IReadOnlyList<PlanField> fields, string? treatment)
    {
        LocalWords words = LocalWords.For(language);
        return template.Fill(name => Value(name, words, facts, fields, treatment));
    }

    private static string? Value(string placeholder, LocalWords words, TextFacts facts, IReadOnlyList<PlanField> fields, string? treatment)
    {
        string? value = placeholder switch
        {
            "firstName" => facts.FirstName,
            "clinic" => facts.ClinicName,
            "phone" => facts.ClinicPhone,
            "emergency" => facts.EmergencyNumber,
            "bookingUrl" => facts.BookingUrl,
            "date" => words.Date(facts.StartsAt.Date),
            "time" => words.Time(facts.StartsAt.TimeOfDay),
            "session" => facts.SessionNumber.ToString(CultureInfo.InvariantCulture),
            "sessions" => facts.PlannedSessions.ToString(CultureInfo.InvariantCulture),
            "series" => words.Range(facts.Series.MinSessions, facts.Series.MaxSessions),
            "spacing" => words.Spacing(facts.Series),
            "treatment" => treatment,
            _ when PlanField.Names.Contains(placeholder) =>
                fields.FirstOrDefault(field => field.Name == placeholder)?.Value is { } length ? words.Length(length) : null,
            _ => throw new ArgumentOutOfRangeException(nameof(placeholder), placeholder, null),
        };
        return string.IsNullOrWhiteSpace(value) ? null : OnOneLine(value);
    }

    private static string OnOneLine(string value)
    {
        StringBuilder line = new(value.Trim());
        for (int index = 0; index < line.Length; index++)
        {
            if (char.IsControl(line[index]))
            {
                line[index] = ' ';
            }
        }

        return line.ToString();
    }
}
