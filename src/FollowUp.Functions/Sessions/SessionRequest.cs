using System.Text.Json;
using FollowUp.Core.CarePlans;
using FollowUp.Data;
using FollowUp.Data.Sessions;
using FollowUp.Functions.Http;

namespace FollowUp.Functions.Sessions;

/// <summary>The body of a session PUT.</summary>
internal sealed class SessionRequest(CarePlanCatalogue catalogue, TimeProvider clock)
{
    /// <summary>Where the plan does not say how many sessions a course has. No course is known to come near to it.</summary>
    private const int MostSessions = 50;

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
        var patient = ReadPatient(fields);
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

    private static BookedPatient? ReadPatient(JsonFields fields)
    {
        if (fields.Object("patient", required: true) is not { } patient)
        {
            return null;
        }

        var id = patient.Text("id", required: true, FieldRules.Id);
        var firstName = patient.Text("firstName", required: true, FieldRules.Words(100));
        var phone = patient.Text("phone", required: true, FieldRules.Phone);
        var language = patient.Text("language", required: false, FieldRules.Language);
        var timeZone = patient.Text("timeZone", required: false, FieldRules.TimeZone);
        var consents = patient.Texts("consents", FieldRules.OneOf(EnumText.All<ConsentKind>()));
        var essentialsOnly = patient.Flag("essentialsOnly");
        return id is null || firstName is null || phone is null || !patient.IsFine("consents")
            ? null
            : new BookedPatient
            {
                Id = id,
                FirstName = firstName,
                Phone = phone,
                Language = language,
                TimeZone = timeZone,
                Consents = consents?.Select(EnumText.Parse<ConsentKind>).ToHashSet(),
                EssentialsOnly = essentialsOnly ?? false,
            };
    }
}
