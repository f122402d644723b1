using FollowUp.Data;
using FollowUp.Data.Clinics;
using FollowUp.Data.Sessions.Lists;
using FollowUp.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using NodaTime;
using NodaTime.Text;

namespace FollowUp.Functions.Sessions;

/// <summary>Lists of a clinic's sessions.</summary>
public sealed class SessionListFunctions(SessionListStore sessions, ClinicStore clinics)
{
    private static readonly Dictionary<string, SessionOrder> s_orders = new(StringComparer.Ordinal)
    {
        ["-due"] = SessionOrder.DueLastFirst,
        ["due"] = SessionOrder.DueSoonestFirst,
        ["-start"] = SessionOrder.StartsLastFirst,
        ["start"] = SessionOrder.StartsSoonestFirst,
    };

    [Function(nameof(GetSessions))]
    public async Task<IResult> GetSessions(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/clinics/{clinic}/sessions")] HttpRequest request,
        string clinic,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        PathIds.Check(("clinic", clinic));
        var fields = new QueryFields(request);
        var states = fields.Texts("state", FieldRules.OneOf(EnumText.All<SessionState>()));
        var search = fields.Text("q", SessionFilterFields.Search);
        var plan = fields.Text("plan", FieldRules.Id);
        var step = fields.Text("step", FieldRules.Id);
        var before = fields.Text("due-before", FieldRules.AnyMoment);
        var sort = fields.Text("sort", FieldRules.OneOf(s_orders.Keys)) ?? "-due";
        fields.ThrowIfWrong();
        var page = Paging.Read(request, parts: 4);
        var filter = SessionFilterFields.Of(states, search, plan, step, before);
        var rows = await sessions.ListAsync(clinic, filter, s_orders[sort], Position(page, sort), page.Limit + 1, masked: true, cancellation);
        return rows.Count == 0 && await clinics.FindAsync(clinic, cancellation) is null
            ? throw Problems.UnknownClinic(clinic)
            : Paging.Page(rows, page.Limit, Answer, row => Cursor(row, sort));
    }

    private static string Cursor(SessionListItem row, string sort) =>
        Paging.Cursor(sort, Answers.Moment(row.Position.DueAt) ?? "", Answers.Moment(row.Position.StartsAt), row.Position.Session);

    private static SessionPosition? Position(Paging page, string sort)
    {
        if (page.After is not [var order, var due, var start, var session])
        {
            return null;
        }

        var (dueAt, startsAt) = (Moment(due), Moment(start) ?? throw Paging.BadCursor());
        return order == sort ? new SessionPosition(dueAt, startsAt, session) : throw Paging.BadCursor();
    }

    private static Instant? Moment(string text) =>
        text.Length == 0 ? null : InstantPattern.ExtendedIso.Parse(text) is { Success: true } parsed ? parsed.Value : throw Paging.BadCursor();

    private static object Answer(SessionListItem row) => new
    {
        clinic = row.Key.Clinic,
        session = row.Key.Session,
        instanceId = row.Key.InstanceId,
        state = EnumText.Of(row.State),
        row.Plan,
        row.PlanVersion,
        startsAt = Answers.Moment(row.StartsAt),
        row.SessionNumber,
        row.PlannedSessions,
        next = row.Next is { } next ? new NextAnswer(next.Step, Answers.Moment(next.DueAt)) : null,
        patient = new { id = row.PatientId, row.FirstName, row.Phone, row.TimeZone },
    };
}
