using FollowUp.Workflows.Contracts;
using FollowUp.Workflows.Running;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace FollowUp.Workflows;

/// <summary>
/// The life of one session's texts: wait for the next due step or for a signal that something has changed, act, and look again, until nothing
/// is left to do. It decides nothing: every activity answers with what comes next, from the store as it is at that moment.
/// </summary>
/// <remarks>Replayed from its history: no clock, no I/O, no randomness here, and changes must keep the recorded histories of all releases replaying.</remarks>
public static class SessionFollowUp
{
    public const string Name = nameof(SessionFollowUp);

    /// <summary>The one event that the orchestration listens to.</summary>
    public const string SignalEvent = "signal";

    /// <summary>After so many actions the history is begun anew, so that a replay stays short however often a session changes.</summary>
    private const int ActionsPerGeneration = 40;

    [Function(Name)]
    public static async Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var session = context.GetInput<SessionRef>() ?? throw new InvalidOperationException("The orchestration was started without a session.");

        // One wait for the orchestration's whole life: one that is cancelled would keep its place and swallow the next signal.
        var signal = context.WaitForExternalEvent<Signal?>(SignalEvent);
        var next = await PlanAsync(context, session);
        for (var actions = 0; actions < ActionsPerGeneration; actions++)
        {
            context.SetCustomStatus(new Progress(next.Step, next.At));
            if (next.Action == NextStepActions.End)
            {
                return;
            }

            if (await SignalWait.IsSignalledBeforeAsync(context, next.At, signal))
            {
                // One look at the store answers all signals that have come.
                while (signal.IsCompleted)
                {
                    signal = context.WaitForExternalEvent<Signal?>(SignalEvent);
                }

                next = await PlanAsync(context, session);
            }
            else
            {
                next = await ActAsync(context, session, next);
            }
        }

        // Unread signals go along. One that was read and not acted on may be dropped: the new generation looks first of all.
        context.ContinueAsNew(session);
    }

    private static Task<NextStep> PlanAsync(TaskOrchestrationContext context, SessionRef session) =>
        context.CallActivityAsync<NextStep>(nameof(SessionActivities.PlanSession), session, ActivityRetries.Persistently);

    private static Task<NextStep> ActAsync(TaskOrchestrationContext context, SessionRef session, NextStep next) => next switch
    {
        { Action: NextStepActions.Send, Step: { } step } =>
            context.CallActivityAsync<NextStep>(nameof(SessionActivities.SendMessage), new StepRef(session.Clinic, session.Session, step), ActivityRetries.Persistently),
        { Action: NextStepActions.Settle, Step: { } step } =>
            context.CallActivityAsync<NextStep>(nameof(SessionActivities.SettleMessage), new StepRef(session.Clinic, session.Session, step), ActivityRetries.Persistently),
        _ => PlanAsync(context, session),
    };
}
