using FollowUp.Workflows.Contracts;
using FollowUp.Workflows.Running;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace FollowUp.Workflows.Direct;

/// <summary>
/// The sending of one text outside of a plan: an answer to a patient, an alert to staff. Act, wait for as long as the activity says, act again,
/// until it is sent, settled or of no use any more.
/// </summary>
/// <remarks>Replayed from its history, as <see cref="SessionFollowUp"/> is.</remarks>
public static class DirectMessage
{
    public const string Name = nameof(DirectMessage);

    private const int ActionsPerGeneration = 40;

    [Function(Name)]
    public static async Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var message = context.GetInput<DirectRef>() ?? throw new InvalidOperationException("The orchestration was started without a message.");
        for (var actions = 0; actions < ActionsPerGeneration; actions++)
        {
            var next = await context.CallActivityAsync<NextStep>(nameof(DirectActivities.SendDirectMessage), message, ActivityRetries.Persistently);
            while (next.Action == NextStepActions.Settle)
            {
                await WaitAsync(context, next.At);
                next = await context.CallActivityAsync<NextStep>(nameof(DirectActivities.SettleDirectMessage), message, ActivityRetries.Persistently);
            }

            if (next.Action == NextStepActions.End)
            {
                return;
            }

            await WaitAsync(context, next.At);
        }

        context.ContinueAsNew(message);
    }

    private static Task WaitAsync(TaskOrchestrationContext context, DateTime? until) =>
        until is { } at && at > context.CurrentUtcDateTime ? context.CreateTimer(at, CancellationToken.None) : Task.CompletedTask;
}
