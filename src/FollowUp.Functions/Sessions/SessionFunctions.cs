using System.Text.Json;
using FollowUp.Core.CarePlans;
using FollowUp.Core.Timelines;
using FollowUp.Data;
using FollowUp.Data.Sessions;
using FollowUp.Functions.Http;
using FollowUp.Workflows.Running;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using NodaTime;

namespace FollowUp.Functions.Sessions;

public sealed class SessionFunctions(
    SessionStore sessions, SessionOrchestrations orchestrations, CarePlanCatalogue catalogue, TimeProvider clock)
{
    private const string SessionRoute = "api/clinics/{clinic}/sessions/{session}";

    [Function(nameof(PutSession))]
    public async Task<IResult> PutSession(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = SessionRoute)] HttpRequest request,
        string clinic,
        string session,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation)
    {
        using var body = await RequestBody.ReadAsync(request, cancellation);
        var booking = new SessionRequest(catalogue, clock).Read(clinic, session, body.RootElement);
        var result = await sessions.BookAsync(booking, Actors.Of(request), cancellation, EntityTags.IfMatch(request));
        return (await AnswerAsync(client, booking.Key, result, "booking")).Tagged(request, result.Session!.Tag);
    }

    [Function(nameof(GetSession))]
    public async Task<IResult> GetSession(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = SessionRoute)] HttpRequest request,
        string clinic,
        string session,
        CancellationToken cancellation)
    {
        var view = await sessions.FindAsync(new SessionKey(clinic, session), cancellation);
        return view is null ? throw Problems.UnknownSession(clinic, session) : Answers.Json(SessionAnswer.Of(view)).Tagged(request, view.Tag);
    }

    [Function(nameof(PostSessionEvent))]
    public async Task<IResult> PostSessionEvent(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = SessionRoute + "/events")] HttpRequest request,
        string clinic,
        string session,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation)
    {
        using var body = await RequestBody.ReadAsync(request, cancellation);
        var (key, outcome, at) = ReadEvent(clinic, session, body.RootElement);
        var result = await sessions.ReportOutcomeAsync(key, outcome, at, Actors.Of(request), cancellation, EntityTags.IfMatch(request));
        return (await AnswerAsync(client, key, result, EnumText.Of(outcome))).Tagged(request, result.Session!.Tag);
    }

    private (SessionKey Key, SessionOutcome Outcome, Instant? At) ReadEvent(string clinic, string session, JsonElement body)
    {
        var fields = new JsonFields(body);
        var key = SessionPath.Read(clinic, session, fields);
        var booked = EnumText.Of(SessionOutcome.Booked);
        var type = fields.Text("type", required: true, FieldRules.OneOf(EnumText.All<SessionOutcome>().Where(name => name != booked)));
        var at = fields.Text("at", required: false, FieldRules.Moment(clock.GetUtcNow()));
        fields.ThrowIfWrong();
        return (key, EnumText.Parse<SessionOutcome>(type!), at is null ? null : FieldRules.ParseMoment(at));
    }

    private async Task<IResult> AnswerAsync(DurableTaskClient client, SessionKey key, BookingResult result, string what)
    {
        switch (result.Verdict)
        {
            case BookingVerdict.Created or BookingVerdict.Changed:
                // The store has committed: a client that hangs up now must not keep the orchestrations from hearing of it.
                await orchestrations.NotifyAsync(client, result.Affected, what, CancellationToken.None);
                return Answers.Json(SessionAnswer.Of(result.Session!), StatusCodes.Status202Accepted);

            case BookingVerdict.Unchanged:
                return Answers.Json(SessionAnswer.Of(result.Session!));

            default:
                throw BookingProblems.Of(key, result.Verdict);
        }
    }
}
