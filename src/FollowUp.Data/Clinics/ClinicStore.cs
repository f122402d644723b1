using FollowUp.Data.Alerts;
using FollowUp.Data.Concurrency;
using FollowUp.Data.Context;
using FollowUp.Data.Fhir;
using FollowUp.Data.Planning;
using FollowUp.Data.Plans;
using FollowUp.Data.Rows;
using FollowUp.Data.Webhooks;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Clinics;

public sealed class ClinicStore
{
    private readonly Store _store;
    private readonly PatientSessions _sessions;
    private readonly PlanVersions _plans;
    private readonly IClock _clock;

    internal ClinicStore(Store store, PatientSessions sessions, PlanVersions plans, IClock clock) =>
        (_store, _sessions, _plans, _clock) = (store, sessions, plans, clock);

    public Task<ClinicSettings?> FindAsync(string clinic, CancellationToken cancellation) =>
        _store.ReadAsync(async db => await db.Clinics.FindAsync([clinic], cancellation) is { } row ? Settings(row) : null, cancellation);

    /// <summary>A clinic's settings with what they come to; null when there is no such clinic.</summary>
    public Task<ClinicView?> ViewAsync(string clinic, CancellationToken cancellation) =>
        _store.ReadAsync(async db =>
        {
            if (await db.Clinics.FindAsync([clinic], cancellation) is not { } row)
            {
                return null;
            }

            var settings = Settings(row);
            SortedDictionary<string, int> versions = new(StringComparer.Ordinal);
            foreach (var plan in settings.Plans.Keys)
            {
                versions[plan] = (await _plans.CurrentAsync(db, row, plan, cancellation))!.Plan.Version;
            }

            return new ClinicView(settings, versions, EntityTag.Of(row), row.CreatedAt, row.ChangedAt);
        }, cancellation);

    /// <summary>A page of all clinics, by id.</summary>
    /// <param name="after">Only those behind this id; null for the first page.</param>
    public Task<IReadOnlyList<ClinicListItem>> ListAsync(string? after, int limit, CancellationToken cancellation) =>
        _store.ReadAsync<IReadOnlyList<ClinicListItem>>(async db =>
        {
            var rows = await db.Clinics.Where(row => after == null || string.Compare(row.Id, after) > 0).OrderBy(row => row.Id).Take(limit)
                .ToListAsync(cancellation);
            return [.. rows.Select(row => new ClinicListItem(row.Id, row.Name, row.TimeZone, row.CreatedAt))];
        }, cancellation);

    /// <summary>
    /// Creates or changes a clinic. Sending hours and completion move the texts of its running sessions, which are returned to be signalled.
    /// What it sets for plans makes new versions of them, for new sessions. It has been checked: the settings fit the plans' newest versions.
    /// </summary>
    /// <exception cref="PreconditionFailedException">The clinic is not as the caller believes.</exception>
    public Task<ClinicPut> PutAsync(ClinicSettings settings, string actor, CancellationToken cancellation, Precondition? precondition = null) =>
        _store.WriteAsync(async db =>
        {
            var now = _clock.GetCurrentInstant();
            var row = await db.Clinics.FindAsync([settings.Id], cancellation);
            var created = row is null;
            if (row is null)
            {
                row = new ClinicRow
                {
                    Id = settings.Id,
                    Name = settings.Name,
                    TimeZone = settings.TimeZone,
                    Phone = settings.Phone,
                    Languages = [.. settings.Languages],
                    Completion = settings.Completion,
                    SendingFrom = settings.SendingFrom,
                    SendingTo = settings.SendingTo,
                    StaffAlerts = [.. settings.StaffAlerts],
                    PlanSettings = PlanSettingsText.Write(settings.Plans),
                    Fhir = FhirMapping.Write(settings.Fhir),
                    Webhooks = Subscription.Write(settings.Webhooks),
                    CreatedAt = now,
                    ChangedAt = now,
                };
                db.Clinics.Add(row);
            }

            row.Name = settings.Name;
            row.TimeZone = settings.TimeZone;
            row.Phone = settings.Phone;
            row.EmergencyNumber = settings.EmergencyNumber;
            row.BookingUrl = settings.BookingUrl;
            row.Languages = [.. settings.Languages];
            row.Completion = settings.Completion;
            row.SendingFrom = settings.SendingFrom;
            row.SendingTo = settings.SendingTo;
            row.StaffAlerts = [.. settings.StaffAlerts];
            row.Sender = settings.Sender;
            row.PlanSettings = PlanSettingsText.Write(settings.Plans);
            row.Fhir = FhirMapping.Write(settings.Fhir);
            row.Webhooks = Subscription.Write(settings.Webhooks);

            if (!db.ChangeTracker.HasChanges())
            {
                return new ClinicPut(Created: false, Changed: false, [], EntityTag.Of(row)) { PlanVersions = await PlanVersionsAsync(db, settings, now, cancellation) };
            }

            precondition?.Require(created ? null : EntityTag.Of(row));
            var timingChanged = !created && (db.Entry(row).Property(clinic => clinic.Completion).IsModified
                || db.Entry(row).Property(clinic => clinic.SendingFrom).IsModified
                || db.Entry(row).Property(clinic => clinic.SendingTo).IsModified
                || db.Entry(row).Property(clinic => clinic.Sender).IsModified
                || db.Entry(row).Property(clinic => clinic.StaffAlerts).IsModified);
            if (!created && db.Entry(row).Property(clinic => clinic.StaffAlerts).IsModified && row.StaffAlerts.Count > 0)
            {
                await AlertLog.TellUntoldAsync(db, row.Id, now, cancellation);
            }

            if (!created && db.Entry(row).Property(clinic => clinic.Webhooks).IsModified)
            {
                await WebhookFeedStore.ForgetAsync(db, row.Id, settings.Webhooks, cancellation);
            }

            row.ChangedAt = now;
            row.Revision += created ? 0 : 1;
            db.Audit.Add(new AuditRow { ClinicId = row.Id, At = now, Actor = actor, Action = created ? "clinic-created" : "clinic-changed", Subject = row.Id });
            var versions = await PlanVersionsAsync(db, settings, now, cancellation);
            await db.SaveChangesAsync(cancellation);

            IReadOnlyList<ChangedSession> affected = [];
            if (timingChanged)
            {
                affected = await _sessions.RefreshClinicAsync(db, row.Id, now, cancellation);
            }

            return new ClinicPut(created, Changed: true, affected, EntityTag.Of(row)) { PlanVersions = versions };
        }, cancellation);

    private async Task<IReadOnlyDictionary<string, int>> PlanVersionsAsync(
        FollowUpContext db, ClinicSettings settings, Instant now, CancellationToken cancellation)
    {
        SortedDictionary<string, int> versions = new(StringComparer.Ordinal);
        foreach (var (plan, own) in settings.Plans)
        {
            versions[plan] = await _plans.EnsureAsync(db, settings.Id, plan, own, now, cancellation);
        }

        return versions;
    }

    internal static ClinicSettings Settings(ClinicRow row) => new()
    {
        Id = row.Id,
        Name = row.Name,
        TimeZone = row.TimeZone,
        Phone = row.Phone,
        EmergencyNumber = row.EmergencyNumber,
        BookingUrl = row.BookingUrl,
        Languages = row.Languages,
        Completion = row.Completion,
        SendingFrom = row.SendingFrom,
        SendingTo = row.SendingTo,
        StaffAlerts = row.StaffAlerts,
        Sender = row.Sender,
        Plans = PlanSettingsText.ReadByPlan(row.PlanSettings),
        Fhir = FhirMapping.Read(row.Fhir),
        Webhooks = Subscription.Read(row.Webhooks),
    };
}

/// <summary>What a PUT of a clinic did, and which sessions must look again because of it.</summary>
/// <param name="Created">There was no such clinic.</param>
/// <param name="Changed">Something was stored.</param>
/// <param name="Affected">Sessions whose orchestrations must look again.</param>
/// <param name="Tag">Names the clinic's settings as they are now.</param>
public sealed record ClinicPut(bool Created, bool Changed, IReadOnlyList<ChangedSession> Affected, string Tag)
{
    /// <summary>The clinic's own version of each plan that it has set something for. New sessions take it, unless the same settings are approved on an older shipped version.</summary>
    public IReadOnlyDictionary<string, int> PlanVersions { get; init; } = new Dictionary<string, int>();
}
