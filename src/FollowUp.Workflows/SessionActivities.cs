using FollowUp.Data.Ledger;
using FollowUp.Workflows.Alerts;
using FollowUp.Workflows.Contracts;
using FollowUp.Workflows.Sending;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace FollowUp.Workflows;

/// <summary>What a session's orchestration can do. Each may run more than once for the same call, and ends the same.</summary>
public sealed class SessionActivities(LedgerStore ledger, TextSender sender, UnknownSettler settler, AlertNotifier alerts)
{
    /// <summary>Reads the truth again and recomputes what has not been sent.</summary>
    [Function(nameof(PlanSession))]
    public async Task<NextStep> PlanSession(
        [ActivityTrigger] SessionRef session, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        var next = NextStep.Of(await ledger.PlanAsync(session.Key, cancellation));
        await alerts.NotifyAsync(client, session.Clinic, cancellation);
        return next;
    }

    /// <summary>Sends a due step, if it may still be sent.</summary>
    [Function(nameof(SendMessage))]
    public async Task<NextStep> SendMessage(
        [ActivityTrigger] StepRef step, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(step);
        var next = NextStep.Of(await sender.SendAsync(ledger.Step(step.Key, step.Step), client, cancellation));
        await alerts.NotifyAsync(client, step.Clinic, cancellation);
        return next;
    }

    /// <summary>Finds out what became of a send whose outcome is unknown.</summary>
    [Function(nameof(SettleMessage))]
    public async Task<NextStep> SettleMessage(
        [ActivityTrigger] StepRef step, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(step);
        var next = NextStep.Of(await settler.SettleAsync(ledger.Step(step.Key, step.Step), cancellation));
        await alerts.NotifyAsync(client, step.Clinic, cancellation);
        return next;
    }
}
