using FollowUp.Data.Webhooks;

namespace FollowUp.Workflows.Contracts;

/// <summary>Which web address of a clinic: the whole input of its orchestration. The address itself may hold a secret, and is in the store alone.</summary>
public sealed record FeedRef(string Clinic, string Feed)
{
    internal WebhookFeedKey Key => new(Clinic, Feed);

    internal static FeedRef Of(WebhookFeedKey key) => new(key.Clinic, key.Feed);
}
