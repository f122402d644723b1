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
    SessionStore sessions, PlanMoveStore moves, SessionOrchestrations orchestrations, CarePlanCatalogue catalogue, TimeProvider clock)
{
    private const string SessionRoute = "api/clinics/{clinic}/sessions/{session}";
    private const string MoveToPlan = "move-to-plan";

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
        var result = await sessions.BookAsync(booking, Actors.Api, cancellation);
        return await AnswerAsync(client, booking.Key, result, "booking");
    }

    [Function(nameof(GetSession))]
    public async Task<IResult> GetSession(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = SessionRoute)] HttpRequest request,
        string clinic,
        string session,
        CancellationToken cancellation)
    {
        var view = await sessions.FindAsync(new SessionKey(clinic, session), cancellation);
        return view is null ? throw Problems.UnknownSession(clinic, session) : Answers.Json(SessionAnswer.Of(view));
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
        var result = await sessions.ReportOutcomeAsync(key, outcome, at, Actors.Api, cancellation);
        return await AnswerAsync(client, key, result, EnumText.Of(outcome));
    }

    [Function(nameof(PostSessionCommand))]
    public async Task<IResult> PostSessionCommand(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = SessionRoute + "/commands")] HttpRequest request,
        string clinic,
        string session,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation)
    {
        using var body = await RequestBody.ReadAsync(request, cancellation);
        var fields = new JsonFields(body.RootElement);
        var key = SessionPath.Read(clinic, session, fields);
        fields.Text("command", required: true, FieldRules.OneOf([MoveToPlan]));
        var version = fields.Integer("planVersion", required: true);
        fields.ThrowIfWrong();
        var move = await moves.MoveAsync(key, version!.Value, Actors.Api, cancellation);
        return await AnswerAsync(client, key, move);
    }

    private async Task<IResult> AnswerAsync(DurableTaskClient client, SessionKey key, PlanMove move)
    {
        switch (move.Verdict)
        {
            case PlanMoveVerdict.Moved:
                await orchestrations.NotifyAsync(client, move.Affected, MoveToPlan, CancellationToken.None);
                return Answers.Json(SessionAnswer.Of(move.Session!), StatusCodes.Status202Accepted);

            case PlanMoveVerdict.Unchanged:
                return Answers.Json(SessionAnswer.Of(move.Session!));

            case PlanMoveVerdict.UnknownClinic:
                throw Problems.UnknownClinic(key.Clinic);

            case PlanMoveVerdict.UnknownSession:
                throw Problems.UnknownSession(key.Clinic, key.Session);

            case PlanMoveVerdict.UnknownVersion:
                throw Problems.Invalid("planVersion", "The session's plan has no such version at this clinic.");

            case PlanMoveVerdict.Ended:
                throw new ProblemException(StatusCodes.Status409Conflict, "The session has ended.", "What it was sent stays as it is.");

            default:
                throw new ProblemException(
                    StatusCodes.Status409Conflict, "A step that is past would differ.", $"{move.Reason} The session stays on its version.");
        }
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
