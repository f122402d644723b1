using FollowUp.Core.Sending;
using FollowUp.Core.Timelines;
using FollowUp.Data.Fhir;
using FollowUp.Data.Plans;
using FollowUp.Data.Webhooks;
using NodaTime;

namespace FollowUp.Data.Clinics;

/// <summary>What a clinic has set for itself.</summary>
public sealed record ClinicSettings
{
    public required string Id { get; init; }

    /// <summary>As patients know it; stands in the texts.</summary>
    public required string Name { get; init; }

    /// <summary>IANA name; the default for patients without one.</summary>
    public required string TimeZone { get; init; }

    /// <summary>For patients to call, as it should be printed.</summary>
    public required string Phone { get; init; }
    public string? EmergencyNumber { get; init; }
    public string? BookingUrl { get; init; }

    /// <summary>BCP 47 tags; the first one is used for patients whose own language has no texts. Never empty.</summary>
    public required IReadOnlyList<string> Languages { get; init; }
    public Completion Completion { get; init; } = Completion.Assumed;

    /// <summary>Texts leave from this time of day on, in the patient's zone.</summary>
    public LocalTime SendingFrom { get; init; } = new(8, 0);

    /// <summary>Texts leave before this time of day, in the patient's zone.</summary>
    public LocalTime SendingTo { get; init; } = new(21, 0);
    /// <summary>The clinic's hours hold for care and for marketing; for marketing the law and the budget come on top.</summary>
    public SendingRules SendingRules => RulesOf(SendingFrom, SendingTo);
    public IReadOnlyList<string> StaffAlerts { get; init; } = [];
    public string? Sender { get; init; }

    /// <summary>What the clinic has made of single plans, by plan id. A change of it makes a new version of the plan, which new sessions take.</summary>
    public IReadOnlyDictionary<string, ClinicPlanSettings> Plans { get; init; } = new Dictionary<string, ClinicPlanSettings>();

    /// <summary>What FHIR appointments mean.</summary>
    public FhirMapping Fhir { get; init; } = new();

    /// <summary>The clinic's own systems that want to know what happens.</summary>
    public IReadOnlyList<Subscription> Webhooks { get; init; } = [];

    internal static SendingRules RulesOf(LocalTime from, LocalTime to)
    {
        SendingHours hours = new(from, to);
        return Core.Sending.SendingRules.Default with { Care = hours, Marketing = hours };
    }
}
