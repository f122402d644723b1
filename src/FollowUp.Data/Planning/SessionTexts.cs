using FollowUp.Core.Texts;
using FollowUp.Data.Plans;

namespace FollowUp.Data.Planning;

/// <summary>What a session's texts say.</summary>
internal static class SessionTexts
{
    /// <param name="truth">The session.</param>
    /// <param name="version">Its own version of the plan, or one that it might get.</param>
    /// <param name="textKey">The text.</param>
    public static string Render(SessionTruth truth, PlanVersion version, string textKey) => TextRenderer.Render(
        version.Plan,
        textKey,
        TextRenderer.ChooseLanguage(version.Plan, truth.Patient.Language, truth.Clinic.Languages),
        new TextFacts
        {
            FirstName = truth.Patient.FirstName,
            ClinicName = truth.Clinic.Name,
            ClinicPhone = truth.Clinic.Phone,
            EmergencyNumber = truth.Clinic.EmergencyNumber,
            BookingUrl = truth.Clinic.BookingUrl,
            StartsAt = truth.Session.StartsAt.InZone(truth.Zone).LocalDateTime,
            SessionNumber = truth.Session.SessionNumber,
            PlannedSessions = truth.Session.PlannedSessions,
            Series = version.Plan.Series,
            NamesTreatment = version.NamesTreatment,
        });
}
