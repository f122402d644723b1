using FollowUp.Workflows.Contracts;
using FollowUp.Workflows.Running;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace FollowUp.Workflows.Webhooks;

/// <summary>The delivery of one event to a clinic's web address: tried until it is taken or given up.</summary>
/// <remarks>Replayed from its history, as <see cref="SessionFollowUp"/> is. The number of tries is bounded by the store.</remarks>
public static class WebhookDelivery
{
    public const string Name = nameof(WebhookDelivery);

    /// <param name="post">The id of the post. No session's orchestration is like it: a session's id begins with a letter or digit.</param>
    public static string InstanceId(string post) => $".post:{post}";

    [Function(Name)]
    public static async Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var post = context.GetInput<PostRef>() ?? throw new InvalidOperationException("The orchestration was started without a post.");
        while ((await context.CallActivityAsync<NextLook>(nameof(WebhookActivities.PostEvent), post, ActivityRetries.Persistently)).At is { } at)
        {
            if (at > context.CurrentUtcDateTime)
            {
                await context.CreateTimer(at, CancellationToken.None);
            }
        }
    }
}
