using System.Globalization;
using FollowUp.Core.Timelines;
using FollowUp.Data.Context;
using FollowUp.Data.Planning;
using FollowUp.Data.Rows;
using FollowUp.Data.Sessions;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Patients;

/// <summary>Everything that is held about a patient.</summary>
public sealed class PatientRecords
{
    private readonly Store _store;
    private readonly SendRules _rules;
    private readonly IClock _clock;

    internal PatientRecords(Store store, SendRules rules, IClock clock) => (_store, _rules, _clock) = (store, rules, clock);

    /// <summary>A page of the texts to and from a patient, newest first.</summary>
    /// <param name="before">Only what stands behind this one; null for the first page.</param>
    /// <returns>Null when the clinic has no such patient.</returns>
    public Task<IReadOnlyList<PatientMessage>?> MessagesAsync(
        string clinic, string patient, (Instant At, string Key)? before, int limit, CancellationToken cancellation) =>
        _store.ReadAsync<IReadOnlyList<PatientMessage>?>(async db =>
            await PatientFile.LoadAsync(db, clinic, patient, cancellation) is { } file
                ? [.. PatientMessage.Of(file).Where(message => before is not { } last || IsBehind(message, last)).Take(limit)]
                : null, cancellation);

    /// <summary>All of it at one moment, with a line in the audit that it was taken.</summary>
    /// <returns>Null when the clinic has no such patient.</returns>
    public Task<PatientExport?> ExportAsync(string clinic, string patient, string actor, CancellationToken cancellation) =>
        _store.WriteAsync(async db =>
        {
            if (await PatientFile.LoadAsync(db, clinic, patient, cancellation) is not { } file)
            {
                return null;
            }

            var now = _clock.GetCurrentInstant();
            db.Audit.Add(new AuditRow { ClinicId = clinic, At = now, Actor = actor, Action = "patient-exported", Subject = patient });
            await db.SaveChangesAsync(cancellation);
            var alerts = await AlertsAsync(db, file, cancellation);
            return new PatientExport
            {
                At = now,
                Patient = await PatientStore.ViewAsync(db, file.Patient, _rules, cancellation),
                CreatedAt = file.Patient.CreatedAt,
                ChangedAt = file.Patient.ChangedAt,
                Sessions =
                [
                    .. file.Sessions.OrderBy(row => row.StartsAt).ThenBy(row => row.Id, StringComparer.Ordinal).Select(row => new ExportedSession(
                        SessionView.Of(row, file.Steps.Where(step => step.SessionId == row.Id)),
                        row.Outcome, row.OutcomeAt, row.ConfirmedAt, row.BookedAt, row.CreatedAt, row.ChangedAt)),
                ],
                Messages = PatientMessage.Of(file),
                Alerts =
                [
                    .. alerts.Select(row => new ExportedAlert(
                        row.Id, row.Kind, row.SessionId, row.Step, row.InboundSid, row.Detail, row.RaisedAt, row.AcknowledgedAt, row.AcknowledgedBy)),
                ],
                Audit = await AuditAsync(db, file, alerts, cancellation),
            };
        }, cancellation);

    private static bool IsBehind(PatientMessage message, (Instant At, string Key) last) =>
        message.At < last.At || (message.At == last.At && string.CompareOrdinal(message.Key, last.Key) < 0);

    private static Task<List<AlertRow>> AlertsAsync(FollowUpContext db, PatientFile file, CancellationToken cancellation)
    {
        var sessions = file.Sessions.Select(row => row.Id).ToList();
        var sids = file.Inbound.Select(text => text.Message.MessageSid).ToList();
        return db.Alerts
            .Where(row => row.ClinicId == file.Patient.ClinicId
                && (row.PatientId == file.Patient.Id || sessions.Contains(row.SessionId!) || sids.Contains(row.InboundSid!)))
            .OrderBy(row => row.Id)
            .ToListAsync(cancellation);
    }

    /// <summary>
    /// What was done to the patient, their sessions, texts and alerts. A subject is an id of some kind, and the same id may be another's
    /// session or another's patient: the action says which kind it is.
    /// </summary>
    private static async Task<IReadOnlyList<ExportedAct>> AuditAsync(
        FollowUpContext db, PatientFile file, List<AlertRow> alerts, CancellationToken cancellation)
    {
        var subjects = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal)
        {
            ["session"] = [.. file.Sessions.Select(row => row.Id)],
            ["message"] = [.. file.Inbound.Select(text => text.Message.MessageSid)],
            ["alert"] = [.. alerts.Select(row => row.Id.ToString(CultureInfo.InvariantCulture))],
        };
        foreach (var kind in new[] { "patient", "consent", "number", "opted" })
        {
            subjects[kind] = [file.Patient.Id];
        }

        var ids = subjects.Values.SelectMany(set => set).Distinct(StringComparer.Ordinal).ToList();
        var rows = await db.Audit
            .Where(row => row.ClinicId == file.Patient.ClinicId && ids.Contains(row.Subject)).OrderBy(row => row.Id).ToListAsync(cancellation);
        return
        [
            .. rows
                .Where(row => subjects.TryGetValue(row.Action.Split('-')[0], out var own) && own.Contains(row.Subject))
                .Select(row => new ExportedAct(row.At, row.Actor, row.Action, row.Subject, row.Detail)),
        ];
    }
}

/// <summary>Everything that is held about a patient, at one moment.</summary>
public sealed record PatientExport
{
    public required Instant At { get; init; }
    public required PatientView Patient { get; init; }
    public required Instant CreatedAt { get; init; }
    public required Instant ChangedAt { get; init; }
    public required IReadOnlyList<ExportedSession> Sessions { get; init; }

    /// <summary>Newest first.</summary>
    public required IReadOnlyList<PatientMessage> Messages { get; init; }
    public required IReadOnlyList<ExportedAlert> Alerts { get; init; }
    public required IReadOnlyList<ExportedAct> Audit { get; init; }

    /// <summary>The ids alone.</summary>
    public override string ToString() => Patient.ToString();
}

public sealed record ExportedSession(
    SessionView Session, SessionOutcome Outcome, Instant? OutcomeAt, Instant? ConfirmedAt, Instant BookedAt, Instant CreatedAt, Instant ChangedAt);

public sealed record ExportedAlert(
    long Id, AlertKind Kind, string? Session, string? Step, string? MessageSid, string? Detail, Instant RaisedAt, Instant? AcknowledgedAt,
    string? AcknowledgedBy);

/// <summary>A line of the audit.</summary>
public sealed record ExportedAct(Instant At, string Actor, string Action, string Subject, string? Detail);
