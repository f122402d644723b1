using FollowUp.Core.CarePlans;
using FollowUp.Data;
using FollowUp.Data.Fhir;
using FollowUp.Data.Webhooks;
using FollowUp.Functions.Http;

namespace FollowUp.Functions.Clinics;

/// <summary>What a clinic PUT says of the clinic's own systems: <c>webhooks</c>, which get events, and <c>fhir</c>, how appointments name care plans.</summary>
/// <param name="catalogue">The plans that appointments can have.</param>
/// <param name="twilioIsLoopback">Texts stay on this machine, as in a demonstration: then posts may go unencrypted too.</param>
internal sealed class IntegrationRequest(CarePlanCatalogue catalogue, bool twilioIsLoopback)
{
    private const int MostWebhooks = 5;
    private const int MostCodings = 200;
    private const int LongestCoding = 300;
    private const int MostSessions = 50;

    public IReadOnlyList<Subscription> ReadWebhooks(JsonFields fields)
    {
        const string name = "webhooks";
        List<Subscription> subscriptions = [];
        foreach (var item in fields.Objects(name))
        {
            var url = item.Text("url", required: true, WebAddress);
            var events = item.Texts("events", FieldRules.OneOf(EnumText.All<ClinicEventKind>()));
            if (events is null or [])
            {
                if (item.IsFine("events"))
                {
                    item.Error("events", $"Must name one event at least, of: {string.Join(", ", EnumText.All<ClinicEventKind>())}.");
                }
            }
            else if (subscriptions.Exists(other => other.Url == url))
            {
                item.Error("url", "Stands there twice. Name all events of an address at once.");
            }
            else if (url is not null && item.IsFine("events"))
            {
                subscriptions.Add(new Subscription(url, [.. events.Select(EnumText.Parse<ClinicEventKind>).Distinct().Order()]));
            }
        }

        if (subscriptions.Count > MostWebhooks)
        {
            fields.Error(name, $"Must be {MostWebhooks} addresses at most.");
        }

        return subscriptions;
    }

    public FhirMapping ReadFhir(JsonFields fields)
    {
        if (fields.Object("fhir", required: false) is not { } fhir)
        {
            return new FhirMapping();
        }

        SortedDictionary<string, string> plans = new(StringComparer.Ordinal);
        if (fhir.Object("plans", required: false) is { } codings)
        {
            foreach (var coding in codings.Names.ToList())
            {
                var plan = codings.Text(coding, required: false, Plan);
                if (!IsCoding(coding))
                {
                    codings.Error(coding, "Must be a coding as system|code, or |code for one without a system.");
                }
                else if (plan is not null)
                {
                    plans[coding] = plan;
                }
            }
        }

        if (plans.Count > MostCodings)
        {
            fhir.Error("plans", $"Must be {MostCodings} codings at most.");
        }

        var sessions = fhir.Integer("plannedSessions", required: false);
        if (sessions is < 1 or > MostSessions)
        {
            fhir.Error("plannedSessions", $"Must be 1 to {MostSessions}.");
        }

        return new FhirMapping { Plans = plans, DefaultPlan = fhir.Text("defaultPlan", required: false, Plan), PlannedSessions = sessions };
    }

    private static bool IsCoding(string text) =>
        text.Length <= LongestCoding && text.LastIndexOf('|') is var bar and >= 0 && bar < text.Length - 1 && !text.Any(char.IsControl);

    private string? Plan(string id) => catalogue.Find(id) is null ? "There is no such care plan." : null;

    private string? WebAddress(string text) =>
        FieldRules.WebAddress(text) is { } mistake ? mistake
        : twilioIsLoopback || text.StartsWith("https:", StringComparison.OrdinalIgnoreCase) ? null
        : "Must be an https address: what events say must not be read on the way.";
}
