using FollowUp.Core.CarePlans;
using FollowUp.Core.Contacts;
using FollowUp.Core.Texts;

namespace FollowUp.Data.Planning;

/// <summary>What a session's texts say.</summary>
internal static class SessionTexts
{
    /// <param name="plan">The session's own plan, or one that it might get.</param>
    public static string Render(SessionTruth truth, CarePlan plan, string textKey) =>
        TextRenderer.Render(plan, textKey, LanguageOf(plan, truth.Patient.Language, truth.Clinic.Languages), new TextFacts
        {
            FirstName = truth.Patient.FirstName,
            ClinicName = truth.Clinic.Name,
            ClinicPhone = truth.Clinic.Phone,
            EmergencyNumber = truth.Clinic.EmergencyNumber,
            BookingUrl = truth.Clinic.BookingUrl,
            StartsAt = truth.Session.StartsAt.InZone(truth.Zone).LocalDateTime,
            SessionNumber = truth.Session.SessionNumber,
            PlannedSessions = truth.Session.PlannedSessions,
            Series = plan.Series,
        });

    /// <summary>The patient's language, or the clinic's when the plan has no texts in it.</summary>
    public static string LanguageOf(CarePlan plan, string wanted, IEnumerable<string> clinicLanguages) =>
        clinicLanguages.Prepend(wanted)
            .Select(language => LanguageTag.Lookup(language, plan.Texts.Keys))
            .OfType<string>()
            .FirstOrDefault() ?? plan.DefaultLanguage;
}
