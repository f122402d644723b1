using FollowUp.Data.Webhooks;
using FollowUp.Workflows.Contracts;
using Microsoft.Azure.Functions.Worker;

namespace FollowUp.Workflows.Webhooks;

/// <summary>What the orchestration of a post can do.</summary>
public sealed class WebhookActivities(WebhookPostStore posts, WebhookClient client)
{
    /// <summary>Makes one try. Delivery is at least once: a receiver drops what it has seen by the event's id.</summary>
    [Function(nameof(PostEvent))]
    public async Task<NextLook> PostEvent([ActivityTrigger] PostRef post, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(post);
        if (await posts.FindAsync(post.Id, cancellation) is not { } waiting)
        {
            return new NextLook(null);
        }

        var answer = await client.PostAsync(waiting, await posts.SigningKeyAsync(waiting.Clinic, cancellation), cancellation);
        return NextLook.Of(await posts.RecordAsync(post.Id, answer.Error, answer.IsGone, CancellationToken.None));
    }
}
