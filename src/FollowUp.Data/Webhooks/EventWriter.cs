using System.Security.Cryptography;
using System.Text;
using FollowUp.Core.Timelines;
using FollowUp.Data.Context;
using FollowUp.Data.Rows;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Webhooks;

/// <summary>Puts events on record for the addresses that want them. Runs while a save is under way: nothing here is saved by itself.</summary>
internal sealed class EventWriter(FollowUpContext db, Instant now)
{
    private readonly Dictionary<string, IReadOnlyList<Subscription>> _subscriptions = [];

    /// <summary>The id of an address's feed.</summary>
    public static string FeedOf(string url) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(url)))[..16];

    public async Task WriteAsync(IReadOnlyList<ClinicEvent> news, CancellationToken cancellation)
    {
        foreach (var one in news)
        {
            var wanting = (await SubscriptionsAsync(one.Clinic, cancellation)).Where(subscription => subscription.Events.Contains(one.Kind)).ToList();
            if (wanting.Count == 0 || await CompleteAsync(one, cancellation) is not { } whole)
            {
                continue;
            }

            foreach (var subscription in wanting)
            {
                await AddAsync(whole, subscription.Url, cancellation);
            }
        }
    }

    private async Task<IReadOnlyList<Subscription>> SubscriptionsAsync(string clinic, CancellationToken cancellation)
    {
        if (!_subscriptions.TryGetValue(clinic, out var known))
        {
            var text = await db.Clinics.AsNoTracking().Where(row => row.Id == clinic).Select(row => row.Webhooks).SingleOrDefaultAsync(cancellation);
            _subscriptions[clinic] = known = text is null or "[]" ? [] : Subscription.Read(text);
        }

        return known;
    }

    /// <returns>Null when it is none after all.</returns>
    private async Task<ClinicEvent?> CompleteAsync(ClinicEvent one, CancellationToken cancellation)
    {
        if (one.Kind == ClinicEventKind.Rebooked)
        {
            return await EarlierAsync(one, cancellation) is { } earlier ? one with { EarlierSession = earlier } : null;
        }

        return one.Patient is not null || one.Session is null
            ? one
            : one with
            {
                Patient = db.Sessions.Local.FindEntryUntyped([one.Clinic, one.Session])?.Entity is SessionRow known
                    ? known.PatientId
                    : await db.Sessions.AsNoTracking().Where(row => row.ClinicId == one.Clinic && row.Id == one.Session).Select(row => row.PatientId)
                        .SingleOrDefaultAsync(cancellation),
            };
    }

    /// <summary>The session that a new one follows: the last before it of the same patient and plan that was not called off.</summary>
    private async Task<string?> EarlierAsync(ClinicEvent one, CancellationToken cancellation)
    {
        var session = (SessionRow)db.Sessions.Local.FindEntryUntyped([one.Clinic, one.Session!])!.Entity;
        return await db.Sessions.AsNoTracking()
            .Where(row => row.ClinicId == one.Clinic && row.PatientId == session.PatientId && row.PlanId == session.PlanId && row.Id != session.Id
                && row.StartsAt < session.StartsAt && row.Outcome != SessionOutcome.Cancelled && row.Outcome != SessionOutcome.NoShow)
            .OrderByDescending(row => row.StartsAt).Select(row => row.Id)
            .FirstOrDefaultAsync(cancellation);
    }

    private async Task AddAsync(ClinicEvent one, string url, CancellationToken cancellation)
    {
        var id = FeedOf(url);
        var feed = await db.WebhookFeeds.FindAsync([one.Clinic, id], cancellation);
        if (feed is null)
        {
            feed = new WebhookFeedRow { ClinicId = one.Clinic, Id = id, Url = url };
            db.WebhookFeeds.Add(feed);
        }

        if (feed.GoneAt is not null)
        {
            return;
        }

        // Set through the tracker, which has looked for changes already.
        var sequence = feed.LastSequence + 1;
        db.Entry(feed).Property(row => row.LastSequence).CurrentValue = sequence;
        db.WebhookEvents.Add(new WebhookEventRow
        {
            ClinicId = one.Clinic,
            FeedId = id,
            Sequence = sequence,
            EventId = one.Id,
            Body = one.ToCloudEvent(sequence, now).ToJson(),
            PatientId = one.Patient,
            CreatedAt = now,
        });
    }
}
