using System.Globalization;
using FollowUp.Data.Clinics;
using FollowUp.Data.Context;
using FollowUp.Data.Direct;
using FollowUp.Data.Rows;
using FollowUp.Data.Webhooks;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Alerts;

/// <summary>
/// What staff must learn, and whether they have. A red flag is told at once and by itself, and again until somebody acknowledges it; everything
/// else is gathered into one digest an hour at most.
/// </summary>
public sealed class AlertStore
{
    /// <summary>How long a red flag waits for somebody before it is told again.</summary>
    public static readonly Duration RepeatAfter = Duration.FromMinutes(15);

    /// <summary>A red flag that nobody has taken for two hours is told every hour from then on, without an end.</summary>
    private const int QuickRepeats = 8;

    private static readonly Duration RepeatSlowlyAfter = Duration.FromHours(1);
    private static readonly Duration BetweenDigests = Duration.FromHours(1);

    /// <summary>An urgent text is of no use once the next one follows; a digest is the only one about what is in it.</summary>
    private static readonly Duration DigestIsUsefulFor = Duration.FromHours(24);

    private readonly Store _store;
    private readonly IClock _clock;

    internal AlertStore(Store store, IClock clock) => (_store, _clock) = (store, clock);

    /// <summary>Whether something was raised just now that staff have not been told.</summary>
    public Task<bool> IsNewsAsync(string clinic, CancellationToken cancellation) =>
        _store.ReadAsync(async db =>
        {
            var since = _clock.GetCurrentInstant() - Duration.FromMinutes(2);
            return await db.Alerts.AnyAsync(
                row => row.ClinicId == clinic && row.NotifyAt != null && row.NotifiedAt == null && row.RaisedAt >= since, cancellation);
        }, cancellation);

    /// <summary>Clinics with something to tell that is overdue: their orchestration may never have started.</summary>
    public Task<IReadOnlyList<string>> ForgottenAsync(Duration age, CancellationToken cancellation) =>
        _store.ReadAsync<IReadOnlyList<string>>(async db =>
        {
            var before = _clock.GetCurrentInstant() - age;
            return await db.Alerts.Where(row => row.NotifyAt != null && row.NotifyAt <= before).Select(row => row.ClinicId).Distinct().ToListAsync(cancellation);
        }, cancellation);

    /// <summary>
    /// Puts on record, in one transaction, the texts and posts for everything that is to be told now, and says when to look again. A crash
    /// before the commit tells nothing; after it, what was recorded is sent once.
    /// </summary>
    /// <param name="clinic">Whose staff.</param>
    /// <param name="dashboard">Where staff can read more.</param>
    /// <param name="cancellation">Gives up; nothing was changed.</param>
    public Task<StaffNotice> TellAsync(string clinic, string? dashboard, CancellationToken cancellation) =>
        _store.WriteAsync(async db =>
        {
            var now = _clock.GetCurrentInstant();
            var open = await db.Alerts.Where(row => row.ClinicId == clinic && row.NotifyAt != null).OrderBy(row => row.Id).ToListAsync(cancellation);
            if (open.Count == 0 || await db.Clinics.FindAsync([clinic], cancellation) is not { } row)
            {
                return new StaffNotice([], [], null);
            }

            if (row.StaffAlerts.Count == 0)
            {
                // Nobody to tell. They stay open; naming somebody tells them.
                open.ForEach(alert => alert.NotifyAt = null);
                return new StaffNotice([], [], null);
            }

            var notices = new NoticeWriter(db, row, now);
            foreach (var alert in open.Where(alert => alert.Urgent && alert.NotifyAt <= now))
            {
                await TellUrgentAsync(db, notices, row.Name, alert, dashboard, now, cancellation);
            }

            var gathered = open.Where(alert => !alert.Urgent).ToList();
            if (gathered.Count > 0)
            {
                var due = await DigestDueAsync(db, row, gathered, cancellation);
                if (due <= now)
                {
                    var id = string.Create(CultureInfo.InvariantCulture, $"digest-{gathered[^1].Id}");
                    await notices.WriteAsync(
                        id, AlertTexts.Digest(row.Name, gathered.Select(alert => alert.Kind), dashboard), AlertEvent.Of(id, gathered, now), DigestIsUsefulFor, null, cancellation);
                    foreach (var alert in gathered)
                    {
                        alert.Notifications++;
                        alert.NotifiedAt = now;
                        alert.NotifyAt = null;
                    }
                }
                else
                {
                    // The time that was found stands, so that the next look agrees with what is waited for.
                    gathered.ForEach(alert => alert.NotifyAt = due);
                }
            }

            return new StaffNotice(notices.Texts, notices.Posts, open.Min(alert => alert.NotifyAt));
        }, cancellation);

    /// <summary>Somebody has seen an alert: it is not told again.</summary>
    /// <returns>Null when the clinic has no such alert.</returns>
    public Task<AlertAcknowledged?> AcknowledgeAsync(string clinic, long alert, string by, string actor, CancellationToken cancellation) =>
        _store.WriteAsync(async db =>
        {
            if (await db.Alerts.SingleOrDefaultAsync(row => row.ClinicId == clinic && row.Id == alert, cancellation) is not { } row)
            {
                return null;
            }

            var raisedAgain = await AlertLog.AcknowledgeAsync(db, row, by, actor, toldAt: null, _clock.GetCurrentInstant(), cancellation);
            await db.SaveChangesAsync(cancellation);
            return new AlertAcknowledged((await ViewsAsync(db, [row], cancellation))[0], raisedAgain);
        }, cancellation);

    /// <summary>A page of a clinic's alerts, newest first.</summary>
    /// <param name="open">Only those that nobody has acknowledged.</param>
    /// <param name="before">Only those older than this id; null for the first page.</param>
    public Task<IReadOnlyList<AlertView>> ListAsync(string clinic, bool open, long? before, int limit, CancellationToken cancellation) =>
        _store.ReadAsync(async db =>
        {
            var rows = await db.Alerts
                .Where(row => row.ClinicId == clinic && (!open || row.AcknowledgedAt == null) && (before == null || row.Id < before))
                .OrderByDescending(row => row.Id).Take(limit)
                .ToListAsync(cancellation);
            return await ViewsAsync(db, rows, cancellation);
        }, cancellation);

    /// <summary>The open alerts of a clinic that matter most: urgent ones first, then the newest.</summary>
    public Task<IReadOnlyList<AlertView>> MostUrgentAsync(string clinic, int limit, CancellationToken cancellation) =>
        _store.ReadAsync(async db =>
        {
            var open = db.Alerts.Where(row => row.ClinicId == clinic && row.AcknowledgedAt == null);
            var rows = await open.Where(row => row.Urgent).OrderByDescending(row => row.Id).Take(limit).ToListAsync(cancellation);
            if (rows.Count < limit)
            {
                rows.AddRange(await open.Where(row => !row.Urgent).OrderByDescending(row => row.Id).Take(limit - rows.Count).ToListAsync(cancellation));
            }

            return await ViewsAsync(db, rows, cancellation);
        }, cancellation);

    private static async Task<IReadOnlyList<AlertView>> ViewsAsync(FollowUpContext db, IReadOnlyList<AlertRow> rows, CancellationToken cancellation)
    {
        var ids = rows.Where(row => row.Kind == AlertKind.RedFlag).Select(row => (long?)row.Id).ToList();
        var messages = (await db.InboundCopies.Where(copy => ids.Contains(copy.AlertId))
            .OrderBy(copy => copy.ReceivedAt).Select(copy => new { copy.AlertId, copy.MessageSid }).ToListAsync(cancellation))
            .ToLookup(copy => copy.AlertId, copy => copy.MessageSid);
        return [.. rows.Select(row => AlertView.Of(row, [.. messages[row.Id]]))];
    }

    private static async Task TellUrgentAsync(
        FollowUpContext db, NoticeWriter notices, string clinicName, AlertRow alert, string? dashboard, Instant now, CancellationToken cancellation)
    {
        alert.Notifications++;
        alert.NotifiedAt = now;
        var repeat = alert.Notifications < QuickRepeats ? RepeatAfter : RepeatSlowlyAfter;
        alert.NotifyAt = now + repeat;
        var texts = await RedFlags.TellAsync(db, alert, now, cancellation);
        var id = string.Create(CultureInfo.InvariantCulture, $"alert-{alert.Id}-{alert.Notifications}");
        var words = alert.Kind == AlertKind.PatientNotAnswered
            ? AlertTexts.NotAnswered(clinicName, alert.PatientId, dashboard, alert.Notifications)
            : AlertTexts.RedFlag(clinicName, alert.PatientId, texts, dashboard, alert.Notifications);
        await notices.WriteAsync(id, words, AlertEvent.Of(id, [alert], now), repeat, alert.Id, cancellation);
    }

    /// <summary>Five minutes after the first, an hour after the last digest, within the clinic's hours; trouble of the sender keeps to no hours.</summary>
    private static async Task<Instant> DigestDueAsync(FollowUpContext db, ClinicRow clinic, List<AlertRow> gathered, CancellationToken cancellation)
    {
        var due = gathered.Min(alert => alert.NotifyAt)!.Value;
        var told = await db.Alerts
            .Where(row => row.ClinicId == clinic.Id && !row.Urgent && row.NotifiedAt != null)
            .OrderByDescending(row => row.NotifiedAt).Select(row => row.NotifiedAt)
            .FirstOrDefaultAsync(cancellation);
        if (told is { } last && last + BetweenDigests > due)
        {
            due = last + BetweenDigests;
        }

        if (gathered.Any(alert => alert.Kind == AlertKind.SenderPaused) || Core.Contacts.Zones.Find(clinic.TimeZone) is not { } zone)
        {
            return due;
        }

        var window = ClinicSettings.RulesOf(clinic.SendingFrom, clinic.SendingTo).WindowFor(Core.Timelines.StepKind.Aftercare, null, zone);
        return window.NextAllowed(due, zone) ?? due;
    }
}

/// <summary>An alert, for those who look after a clinic.</summary>
public sealed record AlertView(
    long Id, AlertKind Kind, bool Urgent, string? Patient, string? Session, string? Step, string? Message, string? Detail,
    Instant RaisedAt, Instant? ToldAt, int TimesTold, Instant? AcknowledgedAt, string? AcknowledgedBy)
{
    /// <summary>Every text that it is about, oldest first: a red flag can have several.</summary>
    public IReadOnlyList<string> Messages { get; init; } = [];

    internal static AlertView Of(AlertRow row, IReadOnlyList<string> messages) => new(
        row.Id, row.Kind, row.Urgent, row.PatientId, row.SessionId, row.Step, row.InboundSid, row.Detail,
        row.RaisedAt, row.NotifiedAt, row.Notifications, row.AcknowledgedAt, row.AcknowledgedBy)
    {
        Messages = messages.Count > 0 || row.InboundSid is not { } only ? messages : [only],
    };
}

/// <summary>What an acknowledgement did.</summary>
/// <param name="RaisedAgain">Texts had come in since staff were told, which nobody has read: they are an alert of their own now, to be told at once.</param>
public sealed record AlertAcknowledged(AlertView Alert, bool RaisedAgain);
