using System.Text.Json.Nodes;
using FollowUp.Core.CarePlans;
using FollowUp.Core.Timelines;
using FollowUp.Data;
using FollowUp.Data.Sessions;
using FollowUp.Functions.Http;
using NodaTime;

namespace FollowUp.Functions.Fhir;

/// <summary>An appointment as it was understood: the session that it is here.</summary>
internal static class AppointmentAnswer
{
    private const string Outcome = "outcome";
    private const string OutcomeExtension = "urn:followup:outcome";

    /// <param name="session">The session as it is now.</param>
    /// <param name="patient">Its patient's id.</param>
    /// <param name="outcome">What became of it, as it was told.</param>
    /// <param name="catalogue">Knows how long a session takes.</param>
    /// <param name="issues">What is to be said besides; contained, when there is something.</param>
    public static JsonObject Of(
        SessionView session, string patient, SessionOutcome? outcome, CarePlanCatalogue catalogue, IReadOnlyList<FhirIssue> issues)
    {
        List<JsonNode> extensions =
        [
            Extension(FhirExtensions.Plan, "valueCode", session.Plan),
            Extension(FhirExtensions.SessionNumber, "valuePositiveInt", session.SessionNumber),
            Extension(FhirExtensions.PlannedSessions, "valuePositiveInt", session.PlannedSessions),
        ];
        var answer = new JsonObject { ["resourceType"] = "Appointment", ["id"] = LogicalId(session.Key.Session) };
        if (issues.Count > 0)
        {
            var contained = FhirAnswer.Outcome(issues);
            contained["id"] = Outcome;
            answer["contained"] = new JsonArray(contained);
            extensions.Add(new JsonObject { ["url"] = OutcomeExtension, ["valueReference"] = new JsonObject { ["reference"] = $"#{Outcome}" } });
        }

        answer["extension"] = new JsonArray([.. extensions]);
        answer["identifier"] = new JsonArray(new JsonObject { ["system"] = "urn:followup:session", ["value"] = session.Key.Session });
        answer["status"] = StatusOf(session.State, outcome);
        answer["start"] = Answers.Moment(session.StartsAt);

        // FHIR wants both or neither; the end is the plan's, and nothing is made to depend on it.
        answer["end"] = Answers.Moment(session.StartsAt + (catalogue.Find(session.Plan, session.PlanVersion) ?? catalogue.Find(session.Plan))!.SessionDuration);
        answer["participant"] = new JsonArray(new JsonObject
        {
            ["actor"] = new JsonObject
            {
                ["type"] = "Patient",
                ["identifier"] = new JsonObject { ["system"] = "urn:followup:patient", ["value"] = patient },
            },
            ["status"] = "accepted",
        });
        return answer;
    }

    private static JsonObject Extension(string url, string type, JsonNode value) => new() { ["url"] = url, [type] = value };

    /// <summary>A hash stands with an underscore, which no FHIR id can have; a dash does for reading.</summary>
    private static string LogicalId(string session) => session.Replace('_', '-');

    private static string StatusOf(SessionState state, SessionOutcome? outcome) =>
        state == SessionState.Cancelled ? "cancelled"
        : outcome == SessionOutcome.NoShow ? "noshow"
        : outcome == SessionOutcome.Completed ? "fulfilled"
        : "booked";
}
