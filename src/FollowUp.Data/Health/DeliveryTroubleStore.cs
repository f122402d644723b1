using FollowUp.Core.Contacts;
using FollowUp.Data.Context;
using FollowUp.Data.Direct;
using FollowUp.Data.Numbers;
using FollowUp.Data.Planning;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Health;

/// <summary>What keeps texts, or alerts about them, from getting through to anybody.</summary>
public sealed class DeliveryTroubleStore
{
    private readonly Store _store;
    private readonly SendRules _rules;
    private readonly IClock _clock;

    internal DeliveryTroubleStore(Store store, SendRules rules, IClock clock) => (_store, _rules, _clock) = (store, rules, clock);

    /// <summary>Urgent alerts that nobody has acknowledged, and that were raised at least <paramref name="age"/> ago; over all clinics.</summary>
    public Task<int> UnacknowledgedAsync(Duration age, CancellationToken cancellation) =>
        _store.ReadAsync(async db =>
        {
            var before = _clock.GetCurrentInstant() - age;
            return await db.Alerts.CountAsync(row => row.Urgent && row.AcknowledgedAt == null && row.RaisedAt <= before, cancellation);
        }, cancellation);

    /// <summary>Senders that Twilio refuses, alerts and posts that reached nobody in the last day, contacts that cannot be reached.</summary>
    public Task<DeliveryTrouble> FindAsync(CancellationToken cancellation) =>
        _store.ReadAsync(async db =>
        {
            var since = _clock.GetCurrentInstant() - Duration.FromDays(1);
            return new DeliveryTrouble(
                await db.Senders.CountAsync(row => row.PausedAt != null, cancellation),
                await LostAlertsAsync(db, since, cancellation),
                await LostPostsAsync(db, since - Duration.FromDays(2), cancellation),
                await UnreachableContactsAsync(db, cancellation));
        }, cancellation);

    private static async Task<int> LostPostsAsync(FollowUpContext db, Instant since, CancellationToken cancellation) =>
        await db.WebhookPosts.CountAsync(row => row.State == WebhookPostState.GivenUp && row.CreatedAt >= since, cancellation)
        + await db.WebhookFeeds.Where(row => row.LostAt >= since).SumAsync(row => row.Lost, cancellation);

    /// <summary>An urgent text is of no use once the next one follows; if that one has left for the same phone, nothing was lost.</summary>
    private static Task<int> LostAlertsAsync(FollowUpContext db, Instant since, CancellationToken cancellation) =>
        db.DirectMessages.CountAsync(
            row => row.Kind == DirectMessageKind.StaffAlert && (row.State == StepState.Undelivered || row.State == StepState.Skipped) && row.CreatedAt >= since
                && row.Reason != DirectMessageStore.SomebodyHasIt
                && !db.DirectMessages.Any(later => later.AlertId == row.AlertId && later.AlertId != null && later.Recipient == row.Recipient
                    && later.CreatedAt > row.CreatedAt && (later.State == StepState.Sent || later.State == StepState.Delivered)),
            cancellation);

    /// <summary>Phones in clinics' staff alerts that have opted out, are somebody else's or get no texts. Each is one alert that does not arrive.</summary>
    private async Task<int> UnreachableContactsAsync(FollowUpContext db, CancellationToken cancellation)
    {
        var clinics = await db.Clinics.Select(row => new { row.Sender, row.StaffAlerts }).ToListAsync(cancellation);
        var contacts = clinics
            .SelectMany(clinic => clinic.StaffAlerts
                .Where(contact => PhoneNumber.TryParse(contact, out _, out _))
                .Select(phone => (Phone: phone, Sender: clinic.Sender ?? _rules.DefaultSender)))
            .Distinct().ToList();
        return await NumberMarks.CountMarkedAsync(db, contacts, cancellation);
    }
}

/// <summary>How much does not get through.</summary>
/// <param name="PausedSenders">Senders from which Twilio takes nothing for now.</param>
/// <param name="LostAlerts">Texts to staff that did not arrive.</param>
/// <param name="LostPosts">Posts to web addresses that were given up.</param>
/// <param name="UnreachableContacts">Phones of staff that cannot be texted.</param>
public sealed record DeliveryTrouble(int PausedSenders, int LostAlerts, int LostPosts, int UnreachableContacts);
