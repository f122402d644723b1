using System.Security.Cryptography;
using System.Text;
using FollowUp.Data.Context;
using FollowUp.Data.Rows;
using NodaTime;

namespace FollowUp.Data.Webhooks;

/// <summary>Puts events for a clinic's web addresses on record, in the transaction of what they tell.</summary>
internal static class WebhookPosts
{
    /// <returns>The post to start; null when the same event is on its way to that address already.</returns>
    public static async Task<string?> EnqueueAsync(
        FollowUpContext db, string clinic, string url, CloudEvent content, Instant now, CancellationToken cancellation)
    {
        var address = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(url)))[..8];
        var id = $"{content.Id}.{address}";
        if (await db.WebhookPosts.FindAsync([id], cancellation) is not null)
        {
            return null;
        }

        db.WebhookPosts.Add(new WebhookPostRow
        {
            Id = id,
            ClinicId = clinic,
            Url = url,
            Body = content.ToJson(),
            State = WebhookPostState.Waiting,
            NextAt = now,
            CreatedAt = now,
        });
        return id;
    }
}
