using FollowUp.Data.Direct;
using FollowUp.Workflows.Alerts;
using FollowUp.Workflows.Contracts;
using FollowUp.Workflows.Sending;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace FollowUp.Workflows.Direct;

/// <summary>What the orchestration of a text outside of a plan can do. Each may run more than once for the same call, and ends the same.</summary>
public sealed class DirectActivities(DirectMessageStore messages, TextSender sender, UnknownSettler settler, AlertNotifier alerts)
{
    /// <summary>Sends the text, if it may still be sent.</summary>
    [Function(nameof(SendDirectMessage))]
    public async Task<NextStep> SendDirectMessage(
        [ActivityTrigger] DirectRef message, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(message);
        var next = NextStep.Of(await sender.SendAsync(messages.Message(message.Key), client, cancellation));
        await alerts.NotifyAsync(client, message.Clinic, cancellation);
        return next;
    }

    /// <summary>Finds out what became of it when the outcome is unknown.</summary>
    [Function(nameof(SettleDirectMessage))]
    public async Task<NextStep> SettleDirectMessage(
        [ActivityTrigger] DirectRef message, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(message);
        var next = NextStep.Of(await settler.SettleAsync(messages.Message(message.Key), cancellation));
        await alerts.NotifyAsync(client, message.Clinic, cancellation);
        return next;
    }
}
