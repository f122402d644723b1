using FollowUp.Data;
using FollowUp.Data.Bulk;
using FollowUp.Data.Senders;
using FollowUp.Data.Sessions.Commands;
using FollowUp.Data.Sessions.Lists;
using FollowUp.Functions.Http;
using FollowUp.Functions.Sessions;
using FollowUp.Workflows.Running;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace FollowUp.Functions.Clinics;

/// <summary>Commands on a whole clinic, or on every session that a filter selects.</summary>
public sealed class ClinicCommandFunctions(
    SenderStore senders, BulkCommandStore bulks, SessionOrchestrations orchestrations, SideOrchestrations sides)
{
    private const string CommandsRoute = "api/clinics/{clinic}/commands";
    private const string BulkRoute = CommandsRoute + "/{bulk}";
    private const string ResumeSending = "resume-sending";

    /// <summary>
    /// <c>resume-sending</c> ends the pause of the clinic's sender: whatever made Twilio refuse its texts has been mended. Should it not be, the
    /// next text pauses it again. Every command on a session may be given here too, with a filter that says which.
    /// </summary>
    [Function(nameof(PostClinicCommand))]
    public async Task<IResult> PostClinicCommand(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = CommandsRoute)] HttpRequest request,
        string clinic,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        PathIds.Check(("clinic", clinic));
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        using var body = await RequestBody.ReadAsync(request, cancellation);
        var fields = new JsonFields(body.RootElement);
        var name = fields.Text("command", required: true, FieldRules.OneOf([ResumeSending, .. SessionCommandFields.Names]));
        if (name == ResumeSending)
        {
            fields.ThrowIfWrong();
            return await ResumeSendingAsync(request, clinic, client, cancellation);
        }

        var command = SessionCommandFields.Read(fields, name);
        var filter = ReadFilter(fields);
        var isDry = fields.Flag("dryRun") ?? false;
        fields.ThrowIfWrong();
        return isDry
            ? await PreviewAsync(clinic, filter!, command!, cancellation)
            : await StartAsync(request, clinic, filter!, command!, client, cancellation);
    }

    /// <summary>How far a command on many sessions is.</summary>
    [Function(nameof(GetBulkCommand))]
    public async Task<IResult> GetBulkCommand(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = BulkRoute)] HttpRequest request,
        string clinic,
        string bulk,
        CancellationToken cancellation)
    {
        PathIds.Check(("clinic", clinic), ("bulk", bulk));
        return Answers.Json(BulkAnswer.Of(await bulks.FindAsync(clinic, bulk, cancellation) ?? throw UnknownBulk(clinic, bulk)));
    }

    /// <summary>Stops a command on many sessions: what is done stays done.</summary>
    [Function(nameof(DeleteBulkCommand))]
    public async Task<IResult> DeleteBulkCommand(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = BulkRoute)] HttpRequest request,
        string clinic,
        string bulk,
        CancellationToken cancellation)
    {
        PathIds.Check(("clinic", clinic), ("bulk", bulk));
        return Answers.Json(BulkAnswer.Of(await bulks.StopAsync(clinic, bulk, Actors.Of(request), cancellation) ?? throw UnknownBulk(clinic, bulk)));
    }

    private async Task<IResult> ResumeSendingAsync(HttpRequest request, string clinic, DurableTaskClient client, CancellationToken cancellation)
    {
        if (await senders.ResumeAsync(clinic, Actors.Of(request), cancellation) is not { } resumed)
        {
            throw Problems.UnknownClinic(clinic);
        }

        await orchestrations.NotifyAsync(client, resumed.Affected, ResumeSending, CancellationToken.None);
        await sides.WakeTextsAsync(client, resumed.Texts, CancellationToken.None);
        return Answers.Json(new { resumed.WasPaused, sessions = resumed.Affected.Count });
    }

    private async Task<IResult> PreviewAsync(string clinic, SessionFilter filter, SessionCommand command, CancellationToken cancellation) =>
        Answers.Json(BulkAnswer.Of(await bulks.PreviewAsync(clinic, filter, command, BulkCommandStore.MostChecked, cancellation) ?? throw Problems.UnknownClinic(clinic), command));

    private async Task<IResult> StartAsync(
        HttpRequest request, string clinic, SessionFilter filter, SessionCommand command, DurableTaskClient client, CancellationToken cancellation)
    {
        var bulk = await bulks.StartAsync(clinic, filter, command, Actors.Of(request), cancellation) ?? throw Problems.UnknownClinic(clinic);
        if (bulk.State == BulkState.Running)
        {
            // The store has committed: a client that hangs up now must not keep it from beginning.
            await sides.StartBulkAsync(client, new BulkKey(clinic, bulk.Id), CancellationToken.None);
        }

        request.HttpContext.Response.Headers.Location = $"/api/clinics/{clinic}/commands/{bulk.Id}";
        return Answers.Json(BulkAnswer.Of(bulk), StatusCodes.Status202Accepted);
    }

    private static SessionFilter? ReadFilter(JsonFields fields)
    {
        if (fields.Object("filter", required: true) is not { } filter)
        {
            return null;
        }

        var states = filter.OneOrMore("state", FieldRules.OneOf(EnumText.All<SessionState>()));
        var search = filter.Text("q", required: false, SessionFilterFields.Search);
        var plan = filter.Text("plan", required: false, FieldRules.Id);
        var step = filter.Text("step", required: false, FieldRules.Id);
        var before = filter.Text("dueBefore", required: false, FieldRules.AnyMoment);
        return fields.IsWrong ? null : SessionFilterFields.Of(states, search, plan, step, before);
    }

    private static ProblemException UnknownBulk(string clinic, string bulk) => new(
        StatusCodes.Status404NotFound, "There is no such command.", $"The clinic '{clinic}' was given no command '{bulk}'.");
}
