using FollowUp.Core.CarePlans;
using FollowUp.Core.Contacts;
using FollowUp.Core.Texts;
using FollowUp.Core.Timelines;
using NodaTime;

namespace FollowUp.Tests;

/// <summary>Ordinary values, so that a test names only what it is about.</summary>
internal static class Some
{
    public static readonly DateTimeZone NewYork = DateTimeZoneProviders.Tzdb["America/New_York"];
    public static readonly DateTimeZone London = DateTimeZoneProviders.Tzdb["Europe/London"];
    public static readonly DateTimeZone LosAngeles = DateTimeZoneProviders.Tzdb["America/Los_Angeles"];

    public static CarePlan Plan => CarePlanCatalogue.BuiltIn.Find("microneedling-acne-scars", 1)!;

    /// <summary>The first of four sessions, booked three weeks ahead by a patient who agreed to everything.</summary>
    public static SessionFacts Session(LocalDateTime startsAt, DateTimeZone? zone = null)
    {
        zone ??= LosAngeles;
        Instant start = LocalTimePolicy.ToInstant(startsAt, zone);
        return new SessionFacts
        {
            StartsAt = start,
            BookedAt = start - Duration.FromDays(21),
            Zone = zone,
            SessionNumber = 1,
            PlannedSessions = 4,
            CareConsent = true,
            MarketingConsent = true,
        };
    }

    public static PhoneNumber Phone(string e164) =>
        PhoneNumber.TryParse(e164, out PhoneNumber? number, out string? reason) ? number : throw new ArgumentException(reason, nameof(e164));

    public static LocalDateTime FirstOfDecember => new(2026, 12, 1, 10, 0);

    public static TextFacts TextFacts => new()
    {
        FirstName = "Ada",
        ClinicName = "Glow Skin Clinic",
        ClinicPhone = "+14155550100",
        EmergencyNumber = "911",
        BookingUrl = "https://glow.example/book",
        StartsAt = FirstOfDecember,
        SessionNumber = 1,
        PlannedSessions = 4,
        Series = Plan.Series,
    };

    /// <summary>A plan with one step, for what the shipped plan has no case of.</summary>
    public static CarePlan PlanWith(PlanStep step) => Plan with { Steps = [step] };

    public static PlanStep Step(StepKind kind, StepAnchor anchor, Period offset) => new()
    {
        Id = "step",
        Kind = kind,
        Anchor = anchor,
        Offset = offset,
        Essential = StepKinds.IsEssentialByDefault(kind),
        UsefulFor = StepKinds.IsBeforeSession(kind) ? null : Period.FromDays(1),
        TextKey = "prep-7d",
        Source = "a test",
        Grade = EvidenceGrade.J,
    };
}
