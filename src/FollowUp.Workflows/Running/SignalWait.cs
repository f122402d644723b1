using Microsoft.DurableTask;

namespace FollowUp.Workflows.Running;

/// <summary>How an orchestrator waits: for an instant, or for its one event.</summary>
internal static class SignalWait
{
    /// <summary>Waits for the due time or a signal, whichever is first.</summary>
    public static async Task<bool> IsSignalledBeforeAsync(TaskOrchestrationContext context, DateTime? due, Task signal)
    {
        if (signal.IsCompleted)
        {
            return true;
        }

        if (due is not { } at || at <= context.CurrentUtcDateTime)
        {
            return false;
        }

        using var cancellation = new CancellationTokenSource();
        var timer = context.CreateTimer(at, cancellation.Token);
        if (await Task.WhenAny(timer, signal) == timer)
        {
            return false;
        }

        // A timer left open would keep the instance running. Synchronously: an orchestrator runs on one thread, in one order.
#pragma warning disable CA1849
        cancellation.Cancel();
#pragma warning restore CA1849
        return true;
    }
}
