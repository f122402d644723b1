using FollowUp.Data.Ledger;
using FollowUp.Workflows.Contracts;
using FollowUp.Workflows.Sending;
using Microsoft.Azure.Functions.Worker;

namespace FollowUp.Workflows;

/// <summary>What a session's orchestration can do. Each may run more than once for the same call, and ends the same.</summary>
public sealed class SessionActivities(LedgerStore ledger, MessageSender sender, UnknownSettler settler)
{
    /// <summary>Reads the truth again and recomputes what has not been sent.</summary>
    [Function(nameof(PlanSession))]
    public async Task<NextStep> PlanSession([ActivityTrigger] SessionRef session, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        return NextStep.Of(await ledger.PlanAsync(session.Key, cancellation));
    }

    /// <summary>Sends a due step, if it may still be sent.</summary>
    [Function(nameof(SendMessage))]
    public async Task<NextStep> SendMessage([ActivityTrigger] StepRef step, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(step);
        return NextStep.Of(await sender.SendAsync(step.Key, step.Step, cancellation));
    }

    /// <summary>Finds out what became of a send whose outcome is unknown.</summary>
    [Function(nameof(SettleMessage))]
    public async Task<NextStep> SettleMessage([ActivityTrigger] StepRef step, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(step);
        return NextStep.Of(await settler.SettleAsync(step.Key, step.Step, cancellation));
    }
}
