using System.Text.Json;
using FollowUp.Core.CarePlans;
using FollowUp.Data;
using FollowUp.Data.Sessions;
using FollowUp.Functions.Http;
using FollowUp.Functions.Patients;

namespace FollowUp.Functions.Sessions;

/// <summary>The body of a session PUT.</summary>
internal sealed class SessionRequest(CarePlanCatalogue catalogue, TimeProvider clock)
{
    /// <summary>Where the plan does not say how many sessions a course has. No course is known to come near to it.</summary>
    internal const int MostSessions = 50;

    /// <exception cref="ProblemException">400, with everything that is wrong by field.</exception>
    public Booking Read(string clinic, string session, JsonElement body)
    {
        var fields = new JsonFields(body);
        var key = SessionPath.Read(clinic, session, fields);
        var planId = fields.Text("plan", required: true, id => catalogue.Find(id) is null ? "There is no such care plan." : null);
        return Read(key, planId, fields);
    }

    /// <summary>Reads the same body for a preview. The plan stands in the address; the body may name it again. There is no clinic and no session yet.</summary>
    /// <exception cref="ProblemException">400, with everything that is wrong by field.</exception>
    public Booking ReadPreview(string plan, JsonElement body)
    {
        var fields = new JsonFields(body);
        fields.Text("plan", required: false, id => id == plan ? null : "Must be the plan in the address, or absent.");
        return Read(default, plan, fields);
    }

    private Booking Read(SessionKey key, string? planId, JsonFields fields)
    {
        var patient = fields.Object("patient", required: true) is { } given ? PatientFields.Read(given) : null;
        var startsAt = fields.Text("startsAt", required: true, FieldRules.Moment(clock.GetUtcNow()));
        var sessionNumber = fields.Integer("sessionNumber", required: true);
        var plannedSessions = fields.Integer("plannedSessions", required: true);

        var most = planId is null ? null : catalogue.Find(planId)!.Series.MaxSessions;
        if (plannedSessions < 1 || plannedSessions > (most ?? MostSessions))
        {
            fields.Error("plannedSessions", most is null ? $"Must be 1 to {MostSessions}." : $"Must be 1 to {most}, the most that the plan has.");
        }

        if (sessionNumber < 1 || (fields.IsFine("plannedSessions") && sessionNumber > plannedSessions))
        {
            fields.Error("sessionNumber", "Must be 1 to plannedSessions.");
        }

        fields.ThrowIfWrong();
        return new Booking
        {
            Key = key,
            Patient = patient!,
            PlanId = planId!,
            StartsAt = FieldRules.ParseMoment(startsAt!),
            SessionNumber = sessionNumber!.Value,
            PlannedSessions = plannedSessions!.Value,
        };
    }
}
