using FollowUp.Core.CarePlans;
using FollowUp.Data.Fhir;
using FollowUp.Functions.Http;
using FollowUp.Functions.Sessions;

namespace FollowUp.Functions.Clinics;

/// <summary>What a clinic PUT says of FHIR appointments, in <c>fhir</c>: how they name care plans.</summary>
/// <param name="catalogue">The plans that appointments can have.</param>
internal sealed class FhirMappingRequest(CarePlanCatalogue catalogue)
{
    public const int MostCodings = 200;
    public const int LongestCoding = 300;

    public FhirMapping Read(JsonFields fields)
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
        if (sessions is < 1 or > SessionRequest.MostSessions)
        {
            fhir.Error("plannedSessions", $"Must be 1 to {SessionRequest.MostSessions}.");
        }

        return new FhirMapping { Plans = plans, DefaultPlan = fhir.Text("defaultPlan", required: false, Plan), PlannedSessions = sessions };
    }

    private static bool IsCoding(string text) =>
        text.Length <= LongestCoding && text.LastIndexOf('|') is var bar and >= 0 && bar < text.Length - 1 && !text.Any(char.IsControl);

    private string? Plan(string id) => catalogue.Find(id) is null ? "There is no such care plan." : null;
}
