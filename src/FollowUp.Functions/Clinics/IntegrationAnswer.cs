using FollowUp.Data;
using FollowUp.Data.Fhir;
using FollowUp.Data.Webhooks;

namespace FollowUp.Functions.Clinics;

/// <summary>What a clinic has set for its own systems, in the shape of its PUT.</summary>
internal static class IntegrationAnswer
{
    public static object Webhooks(IReadOnlyList<Subscription> subscriptions) =>
        subscriptions.Select(subscription => new { subscription.Url, events = subscription.Events.Select(EnumText.Of) });

    public static object Fhir(FhirMapping mapping) => new { mapping.Plans, mapping.DefaultPlan, mapping.PlannedSessions };
}
