using System.Security.Cryptography;
using System.Text;
using FollowUp.Data.Context;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Webhooks;

/// <summary>Posts to clinics' web addresses. Each is made at least once until it is taken, and given up after the last of its tries.</summary>
public sealed class WebhookPostStore
{
    private const string SecretName = "webhook-key";

    /// <summary>How long after each failed try the next one follows: six tries within about a day and a half.</summary>
    private static readonly Duration[] Waits =
    [
        Duration.FromMinutes(1), Duration.FromMinutes(5), Duration.FromMinutes(30), Duration.FromHours(2), Duration.FromHours(6), Duration.FromHours(24),
    ];

    private readonly Store _store;
    private readonly IClock _clock;

    internal WebhookPostStore(Store store, IClock clock) => (_store, _clock) = (store, clock);

    /// <summary>The key that a clinic's posts are signed with: its own, so that no clinic can sign as another.</summary>
    public Task<byte[]> SigningKeyAsync(string clinic, CancellationToken cancellation) =>
        _store.WriteAsync(async db => HMACSHA256.HashData(
            await InstallationSecret.FindOrMakeAsync(db, SecretName, cancellation), Encoding.UTF8.GetBytes(clinic)), cancellation);

    /// <summary>A post that is still to be made; null when it is done, or given up.</summary>
    public Task<WebhookPost?> FindAsync(string id, CancellationToken cancellation) =>
        _store.ReadAsync(async db =>
            await db.WebhookPosts.FindAsync([id], cancellation) is { State: WebhookPostState.Waiting } row
                ? new WebhookPost(row.Id, row.ClinicId, new Uri(row.Url), row.Body)
                : null, cancellation);

    /// <summary>Records a try.</summary>
    /// <param name="error">Why it was not taken; null when it was. Says nothing of the answer's content.</param>
    /// <param name="final">Nobody is there any more: it is not tried again.</param>
    /// <returns>When to try again; null when that is over.</returns>
    public Task<Instant?> RecordAsync(string id, string? error, bool final, CancellationToken cancellation) =>
        _store.WriteAsync<Instant?>(async db =>
        {
            if (await db.WebhookPosts.FindAsync([id], cancellation) is not { State: WebhookPostState.Waiting } row)
            {
                return null;
            }

            row.Attempts++;
            row.LastError = error;
            row.State = error is null ? WebhookPostState.Taken : final || row.Attempts > Waits.Length ? WebhookPostState.GivenUp : WebhookPostState.Waiting;
            row.NextAt = row.State == WebhookPostState.Waiting ? _clock.GetCurrentInstant() + Waits[row.Attempts - 1] : null;
            return row.NextAt;
        }, cancellation);

    /// <summary>Posts that should have been tried long since: their orchestration may never have started.</summary>
    public Task<IReadOnlyList<string>> ForgottenAsync(Duration age, int limit, CancellationToken cancellation) =>
        _store.ReadAsync<IReadOnlyList<string>>(async db =>
        {
            var before = _clock.GetCurrentInstant() - age;
            return await db.WebhookPosts
                .Where(row => row.State == WebhookPostState.Waiting && row.NextAt <= before)
                .OrderBy(row => row.NextAt).Take(limit).Select(row => row.Id)
                .ToListAsync(cancellation);
        }, cancellation);
}

/// <summary>An event on its way to a web address.</summary>
/// <param name="Id">The same at every try, so that a receiver can tell a repetition.</param>
public sealed record WebhookPost(string Id, string Clinic, Uri Url, string Body);
