using FollowUp.Data.Context;
using FollowUp.Data.Rows;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Webhooks;

/// <summary>
/// Events for clinics' web addresses. Each address gets its own in their order, at least once: one that is not taken is tried again, and the
/// others wait behind it. What nobody has taken for three days is given up; the address is tried on as long as there is something for it.
/// </summary>
public sealed class WebhookFeedStore
{
    /// <summary>So long an event is tried for; one that is older is given up at the next try that fails.</summary>
    public static readonly Duration KeptFor = Duration.FromDays(3);

    /// <summary>How long after each failed try in a row the next one follows; the last holds for all further ones.</summary>
    private static readonly Duration[] Waits =
        [Duration.FromMinutes(1), Duration.FromMinutes(5), Duration.FromMinutes(15), Duration.FromMinutes(30), Duration.FromHours(1)];

    private readonly Store _store;
    private readonly IClock _clock;

    internal WebhookFeedStore(Store store, IClock clock) => (_store, _clock) = (store, clock);

    /// <summary>The addresses of a clinic that something can be posted to now.</summary>
    public Task<IReadOnlyList<string>> DueAsync(string clinic, CancellationToken cancellation) =>
        _store.ReadAsync<IReadOnlyList<string>>(async db =>
        {
            var now = _clock.GetCurrentInstant();
            return await db.WebhookFeeds
                .Where(feed => feed.ClinicId == clinic && (feed.NextAt == null || feed.NextAt <= now)
                    && db.WebhookEvents.Any(row => row.ClinicId == feed.ClinicId && row.FeedId == feed.Id))
                .Select(feed => feed.Id).ToListAsync(cancellation);
        }, cancellation);

    /// <summary>Addresses with events that should have gone out long since: nobody may be posting.</summary>
    public Task<IReadOnlyList<WebhookFeedKey>> ForgottenAsync(Duration age, int limit, CancellationToken cancellation) =>
        _store.ReadAsync<IReadOnlyList<WebhookFeedKey>>(async db =>
        {
            var before = _clock.GetCurrentInstant() - age;
            var keys = await db.WebhookFeeds
                .Where(feed => (feed.NextAt == null || feed.NextAt <= before)
                    && db.WebhookEvents.Any(row => row.ClinicId == feed.ClinicId && row.FeedId == feed.Id && row.CreatedAt <= before))
                .OrderBy(feed => feed.ClinicId).ThenBy(feed => feed.Id).Take(limit)
                .Select(feed => new { feed.ClinicId, feed.Id }).ToListAsync(cancellation);
            return [.. keys.Select(key => new WebhookFeedKey(key.ClinicId, key.Id))];
        }, cancellation);

    /// <summary>What is to be posted next, or when to look again; null when the clinic does not name the address any more.</summary>
    public Task<FeedLook?> NextAsync(WebhookFeedKey key, CancellationToken cancellation) =>
        _store.ReadAsync(async db =>
        {
            // In this order: an address that is dropped in between is seen as dropped, and never as one that waits for nothing.
            var next = await Waiting(db, key).OrderBy(row => row.Sequence).FirstOrDefaultAsync(cancellation);
            return await db.WebhookFeeds.FindAsync([key.Clinic, key.Feed], cancellation) is { } feed ? Look(feed, next) : null;
        }, cancellation);

    /// <summary>Records a try, and says what is next; null as above.</summary>
    /// <param name="error">Why it was not taken; null when it was. Says nothing of the answer's content.</param>
    /// <param name="gone">Nobody is there any more: nothing is posted to the address again.</param>
    public Task<FeedLook?> RecordAsync(WebhookFeedKey key, long sequence, string? error, bool gone, CancellationToken cancellation) =>
        _store.WriteAsync(async db =>
        {
            if (await db.WebhookFeeds.FindAsync([key.Clinic, key.Feed], cancellation) is not { } feed)
            {
                return null;
            }

            var now = _clock.GetCurrentInstant();
            if (error is null)
            {
                await Waiting(db, key).Where(row => row.Sequence == sequence).ExecuteDeleteAsync(cancellation);
                (feed.Failures, feed.FailingSince, feed.LastError, feed.NextAt, feed.TakenAt) = (0, null, null, null, now);
            }
            else
            {
                var before = now - KeptFor;
                feed.LastError = error;
                feed.FailingSince ??= now;
                feed.NextAt = now + Waits[Math.Min(feed.Failures++, Waits.Length - 1)];
                feed.GoneAt = gone ? now : null;
                GiveUp(db, feed, await Waiting(db, key).Where(row => gone || row.CreatedAt <= before).ExecuteDeleteAsync(cancellation), now);
            }

            await db.SaveChangesAsync(cancellation);
            return Look(feed, await Waiting(db, key).AsNoTracking().OrderBy(row => row.Sequence).FirstOrDefaultAsync(cancellation));
        }, cancellation);

    /// <summary>How the addresses of a clinic do, in the order in which it names them; null when there is no such clinic.</summary>
    public Task<IReadOnlyList<WebhookView>?> ListAsync(string clinic, CancellationToken cancellation) =>
        _store.ReadAsync<IReadOnlyList<WebhookView>?>(async db =>
        {
            if (await db.Clinics.FindAsync([clinic], cancellation) is not { } row)
            {
                return null;
            }

            var feeds = await db.WebhookFeeds.Where(feed => feed.ClinicId == clinic).ToDictionaryAsync(feed => feed.Url, cancellation);
            List<WebhookView> views = [];
            foreach (var subscription in Subscription.Read(row.Webhooks))
            {
                var feed = feeds.GetValueOrDefault(subscription.Url);
                views.Add(WebhookView.Of(subscription, feed, feed is null ? 0 : await Waiting(db, new WebhookFeedKey(clinic, feed.Id)).CountAsync(cancellation)));
            }

            return views;
        }, cancellation);

    /// <summary>A clinic does not name an address any more: what waits for it is nobody's. One that is named again begins anew.</summary>
    internal static async Task ForgetAsync(FollowUpContext db, string clinic, IReadOnlyList<Subscription> named, CancellationToken cancellation)
    {
        var ids = named.Select(subscription => EventWriter.FeedOf(subscription.Url)).ToList();
        var over = db.WebhookFeeds.Where(feed => feed.ClinicId == clinic && !ids.Contains(feed.Id));
        await db.WebhookEvents.Where(row => row.ClinicId == clinic && !ids.Contains(row.FeedId)).ExecuteDeleteAsync(cancellation);
        await over.ExecuteDeleteAsync(cancellation);
    }

    /// <summary>What waits and is about a patient is erased with them. Its receiver sees a number left out.</summary>
    internal static Task ForgetPatientAsync(FollowUpContext db, string clinic, string patient, CancellationToken cancellation) =>
        db.WebhookEvents.Where(row => row.ClinicId == clinic && row.PatientId == patient).ExecuteDeleteAsync(cancellation);

    private static IQueryable<WebhookEventRow> Waiting(FollowUpContext db, WebhookFeedKey key) =>
        db.WebhookEvents.Where(row => row.ClinicId == key.Clinic && row.FeedId == key.Feed);

    private FeedLook Look(WebhookFeedRow feed, WebhookEventRow? next) =>
        next is null || feed.GoneAt is not null ? FeedLook.Nothing
        : feed.NextAt is { } at && at > _clock.GetCurrentInstant() ? new FeedLook(null, at)
        : new FeedLook(new WaitingEvent(next.Sequence, new WebhookPost(next.EventId, feed.ClinicId, new Uri(feed.Url), next.Body)), null);

    private static void GiveUp(FollowUpContext db, WebhookFeedRow feed, int lost, Instant now)
    {
        if (lost == 0)
        {
            return;
        }

        feed.Lost = lost + (feed.LostAt > now - KeptFor ? feed.Lost : 0);
        feed.LostAt = now;

        // The address may hold a secret: its host says enough.
        db.Audit.Add(new AuditRow
        {
            ClinicId = feed.ClinicId,
            At = now,
            Actor = "followup",
            Action = "webhook-events-given-up",
            Subject = feed.Id,
            Detail = $"{lost} for {new Uri(feed.Url).Host}: {feed.LastError}",
        });
    }
}

/// <summary>A clinic's web address.</summary>
/// <param name="Feed">Made of the address.</param>
public readonly record struct WebhookFeedKey(string Clinic, string Feed);

/// <summary>What is next for an address.</summary>
/// <param name="Event">What is to be posted; null when nothing is now.</param>
/// <param name="At">When to look again; null with an event, and when nothing is left.</param>
public sealed record FeedLook(WaitingEvent? Event, Instant? At)
{
    internal static FeedLook Nothing { get; } = new(null, null);
}

/// <param name="Sequence">Its number among the events of the address.</param>
public sealed record WaitingEvent(long Sequence, WebhookPost Post);

/// <summary>How a web address does that gets events.</summary>
/// <param name="Waiting">Events on record that it has not taken.</param>
/// <param name="Failures">Tries in a row that were not taken, the first of them <paramref name="FailingSince"/>.</param>
/// <param name="LastError">Of these the last.</param>
/// <param name="NextAt">When it is tried again.</param>
/// <param name="TakenAt">When it last took one.</param>
/// <param name="Lost">Events given up, the last of them at <paramref name="LostAt"/>.</param>
/// <param name="GoneAt">When it said that nobody is there any more.</param>
public sealed record WebhookView(
    Subscription Subscription, int Waiting, int Failures, Instant? FailingSince, string? LastError, Instant? NextAt, Instant? TakenAt, int Lost,
    Instant? LostAt, Instant? GoneAt)
{
    internal static WebhookView Of(Subscription subscription, WebhookFeedRow? feed, int waiting) => feed is null
        ? new WebhookView(subscription, 0, 0, null, null, null, null, 0, null, null)
        : new WebhookView(
            subscription, waiting, feed.Failures, feed.FailingSince, feed.LastError, waiting == 0 ? null : feed.NextAt, feed.TakenAt, feed.Lost, feed.LostAt, feed.GoneAt);
}
