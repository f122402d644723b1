using FollowUp.Data.Webhooks;
using FollowUp.Workflows.Contracts;
using Microsoft.Azure.Functions.Worker;

namespace FollowUp.Workflows.Webhooks;

/// <summary>What the orchestrations of posts can do.</summary>
public sealed class WebhookActivities(WebhookPostStore posts, WebhookFeedStore feeds, WebhookClient client, TimeProvider clock)
{
    /// <summary>So many events are posted before the orchestration is asked again, so that a host that stops need not wait for long.</summary>
    private const int AtOnce = 20;

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

    /// <summary>Posts the next events for an address, each once the one before was taken. One whose outcome could not be recorded is posted again.</summary>
    [Function(nameof(PostEvents))]
    public async Task<FeedNext> PostEvents([ActivityTrigger] FeedRef feed, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(feed);
        var look = await feeds.NextAsync(feed.Key, cancellation);
        var key = look?.Event is null ? [] : await posts.SigningKeyAsync(feed.Clinic, cancellation);
        for (var posted = 0; look?.Event is { } waiting && posted < AtOnce; posted++)
        {
            var answer = await client.PostAsync(waiting.Post, key, cancellation);
            look = await feeds.RecordAsync(feed.Key, waiting.Sequence, answer.Error, answer.IsGone, CancellationToken.None);
        }

        return look is null ? new FeedNext(null, IsOver: true)
            : look.Event is null ? new FeedNext(look.At?.ToDateTimeUtc(), IsOver: false)
            : new FeedNext(clock.GetUtcNow().UtcDateTime, IsOver: false);
    }
}
