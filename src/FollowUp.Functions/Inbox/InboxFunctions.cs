using FollowUp.Data;
using FollowUp.Data.Inbox;
using FollowUp.Functions.Http;
using FollowUp.Workflows.Inbox;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using NodaTime.Text;

namespace FollowUp.Functions.Inbox;

/// <summary>A clinic's inbox: patients' texts that a human must read.</summary>
public sealed class InboxFunctions(InboxStore inbox, StaffDesk desk)
{
    private const string InboxRoute = "api/clinics/{clinic}/inbox";

    [Function(nameof(GetInbox))]
    public async Task<IResult> GetInbox(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = InboxRoute)] HttpRequest request,
        string clinic,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        PathIds.Check(("clinic", clinic));
        var page = Paging.Read(request, parts: 2);
        var before = page.After is [var at, var sid]
            ? (InstantPattern.ExtendedIso.Parse(at) is { Success: true } parsed ? parsed.Value : throw Paging.BadCursor(), sid)
            : ((NodaTime.Instant, string)?)null;
        var rows = await inbox.ListAsync(clinic, request.Query["unread"] == "true", before, page.Limit + 1, cancellation);
        return Paging.Page(rows, page.Limit, Answer, row => Paging.Cursor(Answers.Moment(row.ReceivedAt), row.MessageSid));
    }

    [Function(nameof(PostInboxRead))]
    public async Task<IResult> PostInboxRead(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = InboxRoute + "/{message}/read")] HttpRequest request,
        string clinic,
        string message,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation)
    {
        PathIds.Check(("clinic", clinic), ("message", message));
        using var body = await RequestBody.ReadAsync(request, cancellation);
        var fields = new JsonFields(body.RootElement);
        var by = fields.Text("by", required: true, FieldRules.Words(100));
        fields.ThrowIfWrong();
        return Answer(await desk.ReadAsync(client, clinic, message, by!, Actors.Of(request), cancellation));
    }

    /// <summary>Sends an answer in the clinic's own words. The same answer to the same text, sent again, is one text.</summary>
    [Function(nameof(PostInboxReply))]
    public async Task<IResult> PostInboxReply(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = InboxRoute + "/{message}/reply")] HttpRequest request,
        string clinic,
        string message,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation)
    {
        PathIds.Check(("clinic", clinic), ("message", message));
        using var body = await RequestBody.ReadAsync(request, cancellation);
        var fields = new JsonFields(body.RootElement);
        var by = fields.Text("by", required: true, FieldRules.Words(100));
        var text = fields.Text("text", required: true, FieldRules.Words(InboxStore.LongestReply));
        fields.ThrowIfWrong();
        return Answer(await desk.ReplyAsync(client, clinic, message, text!, by!, Actors.Of(request), null, cancellation));
    }

    private static IResult Answer(InboxResult result) => result.Verdict switch
    {
        InboxVerdict.Unknown => throw new ProblemException(StatusCodes.Status404NotFound, "There is no such text in the clinic's inbox.", null),
        InboxVerdict.MayNotReply => throw Conflict("The number may not be texted.", "It has opted out, or is somebody else's. Call the patient."),
        InboxVerdict.NobodyToAlert => throw Conflict(
            "The clinic has named nobody to alert.", "Until staffAlerts names somebody, nothing is sent through the real Twilio. Call the patient."),
        InboxVerdict.NumberChanged => throw Conflict("The patient has another number now.", "The answer would go to the old one. Call the patient."),
        InboxVerdict.MayHaveArrived => throw Conflict(
            "The same answer was sent before, and may have arrived.", "It was not reported as delivered. It is not sent twice: call the patient, or use other words."),
        _ => Answers.Json(Answer(result.Message!), result.Reply is null ? StatusCodes.Status200OK : StatusCodes.Status202Accepted),
    };

    private static ProblemException Conflict(string title, string detail) => new(StatusCodes.Status409Conflict, title, detail);

    private static object Answer(InboxMessage message) => new
    {
        message = message.MessageSid,
        message.Patient,
        message.Session,
        message.From,
        text = message.Body,
        meaning = EnumText.Of(message.Meaning),
        message.RedFlag,
        message.Rating,
        receivedAt = Answers.Moment(message.ReceivedAt),
        readAt = Answers.Moment(message.ReadAt),
        message.ReadBy,
    };
}
