using FollowUp.Core.CarePlans;
using FollowUp.Core.Contacts;
using FollowUp.Core.Previews;
using FollowUp.Core.Texts;
using FollowUp.Core.Timelines;
using FollowUp.Data;
using FollowUp.Data.Clinics;
using FollowUp.Data.Plans;
using FollowUp.Data.Sessions;
using FollowUp.Functions.Http;
using FollowUp.Functions.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using NodaTime;

namespace FollowUp.Functions.CarePlans;

/// <summary>What a booking would lead to, before anybody is booked.</summary>
public sealed class PreviewFunctions(CarePlanCatalogue catalogue, CarePlanStore plans, TimeProvider clock)
{
    /// <summary>Stands in for a clinic in a preview without one.</summary>
    private static readonly ClinicSettings AnyClinic = new()
    {
        Id = "any",
        Name = "Your Clinic",
        TimeZone = "Etc/UTC",
        Phone = "(555) 555-0100",
        Languages = ["en"],
    };

    /// <summary>
    /// The texts of a session as the clinic of <c>?clinic=</c> would send them, or any clinic; with <c>?course=true</c> those of all planned
    /// sessions from this one on. Nothing is stored.
    /// </summary>
    [Function(nameof(PreviewCarePlan))]
    public async Task<IResult> PreviewCarePlan(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/care-plans/{plan}/preview")] HttpRequest request,
        string plan,
        CancellationToken cancellation)
    {
        var newest = catalogue.Find(plan) ?? throw Problems.UnknownPlan(plan);
        using var body = await RequestBody.ReadAsync(request, cancellation);
        var booking = new SessionRequest(catalogue, clock).ReadPreview(plan, body.RootElement);
        var at = request.Query["clinic"].ToString() is { Length: > 0 } clinic
            ? await plans.FindCurrentAsync(clinic, plan, cancellation) ?? throw Problems.UnknownClinic(clinic)
            : new ClinicPlan(AnyClinic, newest, NamesTreatment: false);
        if (booking.Patient.TimeZone is null && at.Clinic == AnyClinic)
        {
            throw Problems.Invalid("patient.timeZone", "This field is required without ?clinic=.");
        }

        return Answers.Json(PreviewAnswer.Of(Build(booking, at, IsWholeCourse(request)), booking));
    }

    private CoursePreview Build(Booking booking, ClinicPlan at, bool wholeCourse)
    {
        _ = PhoneNumber.TryParse(booking.Patient.Phone, out var phone, out _);
        var zone = Zones.Find(booking.Patient.TimeZone ?? at.Clinic.TimeZone)!;
        var facts = new SessionFacts
        {
            StartsAt = booking.StartsAt,
            BookedAt = Instant.FromDateTimeOffset(clock.GetUtcNow()),
            Zone = zone,
            SessionNumber = booking.SessionNumber,
            PlannedSessions = booking.PlannedSessions,
            CareConsent = booking.Patient.Consents?.Contains(ConsentKind.Care) == true,
            MarketingConsent = booking.Patient.Consents?.Contains(ConsentKind.Marketing) == true,
            EssentialsOnly = booking.Patient.EssentialsOnly,
            Phone = phone,
            Rules = at.Clinic.SendingRules,
        };
        var texts = new TextFacts
        {
            FirstName = booking.Patient.FirstName,
            ClinicName = at.Clinic.Name,
            ClinicPhone = at.Clinic.Phone,
            EmergencyNumber = at.Clinic.EmergencyNumber,
            BookingUrl = at.Clinic.BookingUrl,
            StartsAt = booking.StartsAt.InZone(zone).LocalDateTime,
            SessionNumber = booking.SessionNumber,
            PlannedSessions = booking.PlannedSessions,
            Series = at.Plan.Series,
            NamesTreatment = at.NamesTreatment,
        };
        var language = TextRenderer.ChooseLanguage(at.Plan, booking.Patient.Language, at.Clinic.Languages);
        if (wholeCourse && at.Plan.Series.SpacingMin is null && booking.SessionNumber < booking.PlannedSessions)
        {
            throw Problems.Invalid("course", "The plan does not say how far apart its sessions are. Preview each session by itself.");
        }

        return CoursePreview.Build(at.Plan, facts, texts, language, new PreviewOptions { WholeCourse = wholeCourse });
    }

    private static bool IsWholeCourse(HttpRequest request) => request.Query["course"].ToString() switch
    {
        "" or "false" => false,
        "true" => true,
        _ => throw Problems.Invalid("course", "Must be true or false."),
    };
}
