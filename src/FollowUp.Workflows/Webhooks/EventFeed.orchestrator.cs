using FollowUp.Data;
using FollowUp.Workflows.Contracts;
using FollowUp.Workflows.Running;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace FollowUp.Workflows.Webhooks;

/// <summary>
/// The delivery of a clinic's events to one of its web addresses, in their order: posts, waits while the address takes nothing, and posts again.
/// What is posted, and when, is decided in the store.
/// </summary>
/// <remarks>
/// Replayed from its history, as <see cref="SessionFollowUp"/> is. There is one for an address, so that its events stay in order. It does not end
/// while the clinic names the address: one that ended when nothing is left could miss the signal of an event that came just then.
/// </remarks>
public static class EventFeed
{
    public const string Name = nameof(EventFeed);

    /// <summary>The one event that the orchestration listens to.</summary>
    public const string SignalEvent = "signal";

    private const int LooksPerGeneration = 40;

    /// <summary>The id of an address's orchestration. No session's is like it: a session's id begins with a letter or digit.</summary>
    public static string InstanceId(string clinic, string feed) => InstanceIds.Fit($"{clinic}:.feed:{feed}");

    [Function(Name)]
    public static async Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var feed = context.GetInput<FeedRef>() ?? throw new InvalidOperationException("The orchestration was started without an address.");

        // One wait for the orchestration's whole life: one that is cancelled would keep its place and swallow the next signal.
        var signal = context.WaitForExternalEvent<Signal?>(SignalEvent);
        for (var looks = 0; looks < LooksPerGeneration; looks++)
        {
            // One look at the store answers all signals that have come.
            while (signal.IsCompleted)
            {
                signal = context.WaitForExternalEvent<Signal?>(SignalEvent);
            }

            var next = await context.CallActivityAsync<FeedNext>(nameof(WebhookActivities.PostEvents), feed, ActivityRetries.Persistently);
            if (next.IsOver)
            {
                return;
            }

            if (next.At is { } at)
            {
                await SignalWait.IsSignalledBeforeAsync(context, at, signal);
            }
            else
            {
                await signal;
            }
        }

        // Unread signals go along. One that was read and not acted on may be dropped: the new generation looks first of all.
        context.ContinueAsNew(feed);
    }
}
