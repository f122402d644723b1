using FollowUp.Workflows.Contracts;
using FollowUp.Workflows.Running;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace FollowUp.Workflows.Alerts;

/// <summary>
/// Tells a clinic's staff what they must learn: looks, waits until something is to be told or a signal says that something is new, and looks
/// again, until nothing is left. What is told, and when, is decided in the store.
/// </summary>
/// <remarks>Replayed from its history, as <see cref="SessionFollowUp"/> is.</remarks>
public static class StaffAlerts
{
    public const string Name = nameof(StaffAlerts);

    /// <summary>The one event that the orchestration listens to.</summary>
    public const string SignalEvent = "signal";

    private const int LooksPerGeneration = 40;

    /// <summary>The id of a clinic's orchestration. No session's is like it: a session's id begins with a letter or digit.</summary>
    public static string InstanceId(string clinic) => $"{clinic}:.alerts";

    [Function(Name)]
    public static async Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var clinic = context.GetInput<ClinicRef>() ?? throw new InvalidOperationException("The orchestration was started without a clinic.");

        // One wait for the orchestration's whole life: one that is cancelled would keep its place and swallow the next signal.
        var signal = context.WaitForExternalEvent<Signal?>(SignalEvent);
        for (var looks = 0; looks < LooksPerGeneration; looks++)
        {
            while (signal.IsCompleted)
            {
                signal = context.WaitForExternalEvent<Signal?>(SignalEvent);
            }

            var next = await context.CallActivityAsync<NextLook>(nameof(AlertActivities.TellStaff), clinic, ActivityRetries.Persistently);
            if (next.At is not { } at)
            {
                if (signal.IsCompleted)
                {
                    continue;
                }

                return;
            }

            await SignalWait.IsSignalledBeforeAsync(context, at, signal);
        }

        context.ContinueAsNew(clinic);
    }
}
