using FollowUp.Data;
using FollowUp.Data.Sessions.Commands;
using FollowUp.Functions.Http;
using FollowUp.Workflows.Running;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace FollowUp.Functions.Sessions;

/// <summary>What staff order for one session.</summary>
public sealed class SessionCommandFunctions(SessionCommandStore commands, SessionOrchestrations orchestrations)
{
    [Function(nameof(PostSessionCommand))]
    public async Task<IResult> PostSessionCommand(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/clinics/{clinic}/sessions/{session}/commands")] HttpRequest request,
        string clinic,
        string session,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation)
    {
        using var body = await RequestBody.ReadAsync(request, cancellation);
        var fields = new JsonFields(body.RootElement);
        var key = SessionPath.Read(clinic, session, fields);
        var name = fields.Text("command", required: true, FieldRules.OneOf(SessionCommandFields.Names));
        var command = SessionCommandFields.Read(fields, name);
        fields.ThrowIfWrong();
        var result = await commands.RunAsync(key, command!, Actors.Of(request), cancellation, EntityTags.IfMatch(request));
        if (result.Verdict == CommandVerdict.Done)
        {
            // The store has committed: a client that hangs up now must not keep the orchestrations from hearing of it.
            await orchestrations.NotifyAsync(client, result.Affected, name!, CancellationToken.None);
        }

        return Answer(key, command!, result).Tagged(request, result.Session!.Tag);
    }

    private static IResult Answer(SessionKey key, SessionCommand command, CommandResult result) => result.Verdict switch
    {
        CommandVerdict.Done => Answers.Json(SessionAnswer.Of(result.Session!), StatusCodes.Status202Accepted),
        CommandVerdict.Unchanged => Answers.Json(SessionAnswer.Of(result.Session!)),
        CommandVerdict.UnknownClinic => throw Problems.UnknownClinic(key.Clinic),
        CommandVerdict.UnknownSession => throw Problems.UnknownSession(key.Clinic, key.Session),
        CommandVerdict.UnknownStep => throw Problems.Invalid("step", "The session has no such step."),
        CommandVerdict.UnknownVersion => throw Problems.Invalid("planVersion", result.Reason!),
        CommandVerdict.Ended => throw Conflict("The session has ended.", result.Reason!),
        _ when command.Kind == SessionCommandKind.MoveToPlan =>
            throw Conflict("A step that is past would differ.", $"{result.Reason} The session stays on its version."),
        _ => throw Conflict($"The command {EnumText.Of(command.Kind)} cannot be done now.", $"{result.Reason} Nothing was changed."),
    };

    private static ProblemException Conflict(string title, string detail) => new(StatusCodes.Status409Conflict, title, detail);
}
