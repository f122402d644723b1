using FollowUp.Core.Timelines;
using FollowUp.Data.Context;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Fhir;

/// <summary>What is known of a patient's course, and of the ids that a resource may stand for, for a sender that says less than a session PUT does.</summary>
public sealed class CourseStore
{
    private const string KeyName = "fhir-key";

    private readonly Store _store;

    internal CourseStore(Store store) => _store = store;

    /// <summary>What identifiers are hashed with, so that nobody can find them by trying. The installation's own, kept in its backups.</summary>
    public Task<byte[]> IdKeyAsync(CancellationToken cancellation) =>
        _store.WriteAsync(db => InstallationSecret.FindOrMakeAsync(db, KeyName, cancellation), cancellation);

    /// <summary>The first of the ids that a session of the clinic has; null when none has.</summary>
    public Task<KnownSession?> FindSessionAsync(string clinic, IReadOnlyList<string> ids, CancellationToken cancellation) =>
        _store.ReadAsync(async db =>
        {
            var rows = await db.Sessions.Where(row => row.ClinicId == clinic && ids.Contains(row.Id)).ToListAsync(cancellation);
            return rows.MinBy(row => IndexOf(ids, row.Id)) is { } known
                ? new KnownSession(known.Id, known.PatientId, known.PlanId, known.StartsAt, known.SessionNumber, known.PlannedSessions, known.State, known.Outcome)
                : null;
        }, cancellation);

    /// <summary>The first of the ids that a patient of the clinic has; null when none has.</summary>
    public Task<string?> FindPatientAsync(string clinic, IReadOnlyList<string> ids, CancellationToken cancellation) =>
        _store.ReadAsync(async db =>
            (await db.Patients.Where(row => row.ClinicId == clinic && ids.Contains(row.Id)).Select(row => row.Id).ToListAsync(cancellation))
                .MinBy(id => IndexOf(ids, id)), cancellation);

    /// <summary>The place of a session in the patient's course of a plan: after those that begin before it and were not called off.</summary>
    /// <returns>Its number, from 1, and the planned sessions of the newest of those; null when there are none.</returns>
    public Task<(int Number, int? Planned)> PlaceAsync(
        string clinic, string patient, string plan, string session, Instant startsAt, CancellationToken cancellation) =>
        _store.ReadAsync<(int, int?)>(async db =>
        {
            var before = await db.Sessions
                .Where(row => row.ClinicId == clinic && row.PatientId == patient && row.PlanId == plan && row.Id != session
                    && row.StartsAt < startsAt && row.Outcome != SessionOutcome.Cancelled && row.Outcome != SessionOutcome.NoShow)
                .OrderBy(row => row.StartsAt)
                .ToListAsync(cancellation);
            return before is [.., var last] ? (last.SessionNumber + 1, last.PlannedSessions) : (1, null);
        }, cancellation);

    private static int IndexOf(IReadOnlyList<string> ids, string id) => ids.Index().First(pair => pair.Item == id).Index;
}

/// <summary>A session that an appointment is about.</summary>
public sealed record KnownSession(
    string Id, string Patient, string Plan, Instant StartsAt, int SessionNumber, int PlannedSessions, SessionState State, SessionOutcome Outcome);
