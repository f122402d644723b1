using FollowUp.Workflows.Running;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace FollowUp.Functions.Operations;

public sealed class SweepFunctions(SessionSweep sweep)
{
    /// <summary>Every minute: starts sessions whose orchestration never started, and repeats lost signals.</summary>
    [Function(nameof(SweepSessions))]
    public Task SweepSessions(
        [TimerTrigger("0 * * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellation) =>
        sweep.RunAsync(client, cancellation);
}
