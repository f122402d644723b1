using FollowUp.Workflows.Contracts;
using FollowUp.Workflows.Running;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace FollowUp.Workflows.Direct;

/// <summary>
/// The sending of one text outside of a plan: an answer to a patient, an alert to staff. Act, wait for as long as the activity says or until a
/// signal comes, act again, until it is sent, settled or of no use any more.
/// </summary>
/// <remarks>Replayed from its history, as <see cref="SessionFollowUp"/> is.</remarks>
public static class DirectMessage
{
    public const string Name = nameof(DirectMessage);

    /// <summary>The one event that the orchestration listens to.</summary>
    public const string SignalEvent = "signal";

    private const int ActionsPerGeneration = 40;

    [Function(Name)]
    public static async Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var message = context.GetInput<DirectRef>() ?? throw new InvalidOperationException("The orchestration was started without a message.");

        // One wait for the orchestration's whole life: one that is cancelled would keep its place and swallow the next signal.
        var signal = context.WaitForExternalEvent<Signal?>(SignalEvent);
        var activity = nameof(DirectActivities.SendDirectMessage);
        for (var actions = 0; actions < ActionsPerGeneration; actions++)
        {
            var next = await context.CallActivityAsync<NextStep>(activity, message, ActivityRetries.Persistently);
            if (next.Action == NextStepActions.End)
            {
                return;
            }

            activity = next.Action == NextStepActions.Settle ? nameof(DirectActivities.SettleDirectMessage) : nameof(DirectActivities.SendDirectMessage);
            if (await SignalWait.IsSignalledBeforeAsync(context, next.At, signal))
            {
                // Whatever has changed, the one that sends looks at all of it.
                activity = nameof(DirectActivities.SendDirectMessage);
                while (signal.IsCompleted)
                {
                    signal = context.WaitForExternalEvent<Signal?>(SignalEvent);
                }
            }
        }

        context.ContinueAsNew(message);
    }
}
