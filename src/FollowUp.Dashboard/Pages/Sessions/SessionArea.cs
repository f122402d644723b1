using FollowUp.Core.CarePlans;
using FollowUp.Dashboard.Drawing;
using FollowUp.Dashboard.Pages.Audit;
using FollowUp.Dashboard.Serving;
using FollowUp.Data;
using FollowUp.Data.AuditTrail;
using FollowUp.Data.Concurrency;
using FollowUp.Data.Overview;
using FollowUp.Data.Plans;
using FollowUp.Data.Sessions.Commands;
using FollowUp.Data.Staff;
using FollowUp.Workflows.Running;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace FollowUp.Dashboard.Pages.Sessions;

/// <summary>Everything about one session, and the commands on it.</summary>
internal sealed class SessionArea(
    SessionOverview sessions, CarePlanStore plans, CarePlanCatalogue catalogue, AuditStore audit, SessionCommandStore commands,
    SessionOrchestrations orchestrations, ILogger<SessionArea> log) : IArea
{
    /// <summary>The field that says which state of the session whoever gives a command has seen.</summary>
    public const string SeenField = "seen";

    public void Map(RouteMap map)
    {
        map.Page("clinics/{clinic}/sessions/{session}", StaffRole.Viewer, request => ShowAsync(request, null));
        map.Act("clinics/{clinic}/sessions/{session}/commands", StaffRole.Operator, CommandAsync);
    }

    private async Task<PageContent> ShowAsync(PageRequest request, string? refusal)
    {
        var key = new SessionKey(request.Clinic.Id, request.Values["session"]);
        if (await sessions.FindAsync(key, request.Cancellation) is not { } detail)
        {
            throw PageException.NotFound("session");
        }

        var plan = await plans.FindAsync(key.Clinic, detail.Line.Plan, detail.Line.PlanVersion, request.Cancellation);
        var model = new SessionModel(
            detail,
            plan?.Treatment ?? detail.Line.Plan,
            CourseTimeline.Of(detail, plan, request.Time),
            await EngineAsync(request.Client, key, request.Cancellation),
            await AuditLines.OfAsync(audit, key.Clinic, key.Session, ["session-"], request.Cancellation),
            await OtherVersionsAsync(detail, request.Cancellation),
            refusal);
        return PageContent.Of<SessionPage, SessionModel>(model, $"Session {key.Session}", "sessions") with
        {
            Status = refusal is null ? StatusCodes.Status200OK : StatusCodes.Status409Conflict,
            RenewEvery = refusal is null ? 4 : null,
        };
    }

    /// <summary>What the engine says of the session's orchestration. An engine that does not answer must not keep staff from the session.</summary>
    private async Task<EngineView> EngineAsync(DurableTaskClient client, SessionKey key, CancellationToken cancellation)
    {
        try
        {
            return await client.GetInstanceAsync(key.InstanceId, getInputsAndOutputs: true, cancellation) is { } instance
                ? new EngineView(key.InstanceId, instance.RuntimeStatus.ToString(), instance.SerializedCustomStatus, Instant.FromDateTimeOffset(instance.LastUpdatedAt),
                    instance.FailureDetails?.ErrorMessage)
                : new EngineView(key.InstanceId, null, null, null, null);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            log.LogError(exception, "The engine said nothing of {Session}.", key);
            return new EngineView(key.InstanceId, "the engine does not answer", null, null, null);
        }
    }

    /// <summary>What the clinic could move the session to; nothing for one that has ended.</summary>
    private async Task<IReadOnlyList<int>> OtherVersionsAsync(SessionDetail session, CancellationToken cancellation)
    {
        if (session.Line.HasEnded || await plans.ListAsync(session.Line.Clinic, cancellation) is not { } all)
        {
            return [];
        }

        var own = all.FirstOrDefault(plan => plan.Plan == session.Line.Plan)?.Own ?? [];
        return
        [
            .. catalogue.Plans.Where(plan => plan.Id == session.Line.Plan).Select(plan => plan.Version).Concat(own).Distinct()
                .Where(version => version != session.Line.PlanVersion).OrderDescending(),
        ];
    }

    private async Task<ActAnswer> CommandAsync(ActRequest request)
    {
        var key = new SessionKey(request.Clinic.Id, request.Values["session"]);
        var (command, mistake) = CommandForm.Read(request.Field).Parse();
        if (command is null)
        {
            return ActAnswer.Show(await ShowAsync(request, mistake));
        }

        CommandResult result;
        try
        {
            result = await commands.RunAsync(key, command, request.User.Actor, request.Cancellation, Precondition.OneOf([request.Field(SeenField)]));
        }
        catch (PreconditionFailedException)
        {
            return ActAnswer.Show(await ShowAsync(request, "The session has been changed since you looked: this is what it is now. Nothing was done."));
        }

        switch (result.Verdict)
        {
            case CommandVerdict.Done:
                // The store has committed: whoever closes the page now must not keep the orchestrations from hearing of it.
                await orchestrations.NotifyAsync(request.Client, result.Affected, EnumText.Of(command.Kind), CancellationToken.None);
                return ActAnswer.Go(Address(key), command.Step is not null && result.Session!.State == SessionState.Paused && command.Kind == SessionCommandKind.Retry
                    ? "command-waits"
                    : "command-" + EnumText.Of(command.Kind));
            case CommandVerdict.Unchanged:
                return ActAnswer.Go(Address(key), "command-unchanged");
            case CommandVerdict.UnknownClinic or CommandVerdict.UnknownSession:
                throw PageException.NotFound("session");
            default:
                return ActAnswer.Show(await ShowAsync(request, $"{result.Reason} Nothing was changed."));
        }
    }

    private static string Address(SessionKey key) => $"{LocalAddress.Home}/clinics/{key.Clinic}/sessions/{key.Session}";
}

/// <param name="OtherVersions">Of its plan, to which it could move; newest first.</param>
/// <param name="Refusal">Why what was just tried was not done; null when nothing was refused.</param>
public sealed record SessionModel(
    SessionDetail Session, string Treatment, CourseTimeline Timeline, EngineView Engine, IReadOnlyList<AuditLine> Audit,
    IReadOnlyList<int> OtherVersions, string? Refusal);

/// <summary>A session's orchestration, for engineers.</summary>
/// <param name="Status">Null when there is none.</param>
public sealed record EngineView(string InstanceId, string? Status, string? CustomStatus, Instant? UpdatedAt, string? Failure);
