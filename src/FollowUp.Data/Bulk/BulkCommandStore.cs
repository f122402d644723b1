using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FollowUp.Data.Concurrency;
using FollowUp.Data.Context;
using FollowUp.Data.Rows;
using FollowUp.Data.Sessions.Commands;
using FollowUp.Data.Sessions.Lists;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Bulk;

/// <summary>
/// Commands on many sessions. Which sessions is fixed when the command is given; they are then done in batches, each with its outcome in the
/// same transaction, so that a crash neither repeats nor forgets one.
/// </summary>
public sealed class BulkCommandStore
{
    /// <summary>An id for a command that is not given yet, so that it cannot be given twice.</summary>
    public static string NewId() => RandomNumberGenerator.GetHexString(IdDigits, lowercase: true);

    /// <summary>How many rows of a kind are shown.</summary>
    internal const int Shown = 100;

    /// <summary>How many sessions a preview looks at where that is dear: so many take about two seconds.</summary>
    public const int MostChecked = 1000;

    private const int IdDigits = 20;

    private readonly Store _store;
    private readonly BulkPreviewer _previewer;
    private readonly BulkRunner _runner;
    private readonly IClock _clock;

    internal BulkCommandStore(Store store, BulkPreviewer previewer, BulkRunner runner, IClock clock) =>
        (_store, _previewer, _runner, _clock) = (store, previewer, runner, clock);

    /// <summary>The states that a filter without any means here: what has ended takes few commands, and nobody means it.</summary>
    public static IReadOnlySet<SessionState> OpenStates { get; } =
        new HashSet<SessionState> { SessionState.Scheduled, SessionState.Waiting, SessionState.Paused, SessionState.Failed };

    /// <summary>What a command would do, by the rules that do it. Nothing is stored.</summary>
    /// <param name="clinic">Whose sessions.</param>
    /// <param name="filter">Which of them; without states those in <see cref="OpenStates"/>.</param>
    /// <param name="command">The command.</param>
    /// <param name="mostChecked">How many sessions are looked at by everything that decides about their texts, where the command needs that.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Null when there is no such clinic.</returns>
    public Task<BulkPreview?> PreviewAsync(
        string clinic, SessionFilter filter, SessionCommand command, int mostChecked, CancellationToken cancellation) =>
        _store.ReadAsync(async db =>
        {
            if (!await db.Clinics.AnyAsync(row => row.Id == clinic, cancellation))
            {
                return null;
            }

            var sessions = await SelectAsync(db, clinic, filter, cancellation);
            var preview = await _previewer.LookAsync(db, clinic, sessions, command, mostChecked, _clock.GetCurrentInstant(), cancellation);
            return preview with { Fingerprint = FingerprintOf(sessions) };
        }, cancellation);

    /// <summary>Takes a command on and fixes its sessions. Doing them is the orchestration's.</summary>
    /// <param name="clinic">Whose sessions.</param>
    /// <param name="filter">Which of them; without states those in <see cref="OpenStates"/>.</param>
    /// <param name="command">The command.</param>
    /// <param name="actor">Who gave it: the audit names them for each session.</param>
    /// <param name="cancellation">Gives up; nothing was stored.</param>
    /// <param name="seen">The preview that it was given for: given twice it is one command, and for other sessions than those it is none.</param>
    /// <returns>Null when there is no such clinic.</returns>
    /// <exception cref="PreconditionFailedException">The filter selects other sessions than the preview has shown. Nothing was stored.</exception>
    public Task<BulkView?> StartAsync(
        string clinic, SessionFilter filter, SessionCommand command, string actor, CancellationToken cancellation, SeenPreview? seen = null)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(command);
        return _store.WriteAsync(async db =>
        {
            if (!await db.Clinics.AnyAsync(row => row.Id == clinic, cancellation))
            {
                return null;
            }

            if (seen is not null)
            {
                if (await db.BulkCommands.FindAsync([clinic, seen.Id], cancellation) is { } given)
                {
                    return BulkRunner.View(given);
                }

                if (FingerprintOf(await SelectAsync(db, clinic, filter, cancellation)) != seen.Fingerprint)
                {
                    throw new PreconditionFailedException(null);
                }
            }

            var now = _clock.GetCurrentInstant();
            var bulk = new BulkCommandRow
            {
                ClinicId = clinic,
                Id = seen?.Id ?? NewId(),
                Command = EnumText.Of(command.Kind),
                Step = command.Step,
                PlanVersion = command.PlanVersion,
                Filter = BulkFilterText.Write(WithStates(filter)),
                Actor = actor,
                State = BulkState.Running,
                Total = 0,
                CreatedAt = now,
                ChangedAt = now,
            };
            db.BulkCommands.Add(bulk);
            await db.SaveChangesAsync(cancellation);
            bulk.Total = await FixAsync(db, bulk, filter, cancellation);
            if (bulk.Total == 0)
            {
                bulk.State = BulkState.Completed;
                bulk.EndedAt = now;
            }

            Audit(db, bulk, actor, "bulk-started", now, string.Create(
                CultureInfo.InvariantCulture, $"{bulk.Command}{(bulk.Step is null ? "" : $" {bulk.Step}")}, {bulk.Total} sessions"));
            return BulkRunner.View(bulk);
        }, cancellation);
    }

    /// <summary>The last commands that a clinic was given, newest first, without what they were refused for.</summary>
    public Task<IReadOnlyList<BulkView>> ListAsync(string clinic, int limit, CancellationToken cancellation) =>
        _store.ReadAsync<IReadOnlyList<BulkView>>(async db =>
        {
            var rows = await db.BulkCommands.Where(row => row.ClinicId == clinic)
                .OrderByDescending(row => row.CreatedAt).ThenByDescending(row => row.Id).Take(limit).ToListAsync(cancellation);
            return [.. rows.Select(BulkRunner.View)];
        }, cancellation);

    /// <summary>How far a command is; null when the clinic has none of that id.</summary>
    public Task<BulkView?> FindAsync(string clinic, string bulk, CancellationToken cancellation) =>
        _store.ReadAsync(async db =>
        {
            if (await db.BulkCommands.FindAsync([clinic, bulk], cancellation) is not { } row)
            {
                return null;
            }

            var refused = db.BulkCommandItems.Where(item => item.ClinicId == clinic && item.BulkId == bulk && item.Outcome == BulkOutcome.Refused);
            var reasons = await refused.GroupBy(item => item.Reason!).Select(group => new { group.Key, Count = group.Count() })
                .ToDictionaryAsync(group => group.Key, group => group.Count, cancellation);
            return BulkRunner.View(row) with
            {
                Reasons = RefusalCount.Of(reasons),
                Refusals = [.. (await refused.OrderBy(item => item.Number).Take(Shown).ToListAsync(cancellation)).Select(item => new Refusal(item.SessionId, item.Reason!))],
            };
        }, cancellation);

    /// <summary>Stops a command between two of its batches. Doing it twice, or to one that is over, changes nothing.</summary>
    /// <returns>How far it has come; null when the clinic has none of that id.</returns>
    public Task<BulkView?> StopAsync(string clinic, string bulk, string actor, CancellationToken cancellation) =>
        _store.WriteAsync(async db =>
        {
            if (await db.BulkCommands.FindAsync([clinic, bulk], cancellation) is not { } row)
            {
                return null;
            }

            if (row.State == BulkState.Running)
            {
                var now = _clock.GetCurrentInstant();
                row.State = BulkState.Stopped;
                row.EndedAt = now;
                row.ChangedAt = now;
                Audit(db, row, actor, "bulk-stopped", now, string.Create(
                    CultureInfo.InvariantCulture, $"{row.Done + row.Unchanged + row.Refused} of {row.Total} sessions"));
            }

            return BulkRunner.View(row);
        }, cancellation);

    /// <summary>Does the next sessions of a command, all in one transaction, or none.</summary>
    /// <param name="clinic">Whose.</param>
    /// <param name="bulk">Which command.</param>
    /// <param name="size">How many sessions at most.</param>
    /// <param name="cancellation">Gives up; nothing was changed.</param>
    public Task<BulkBatch> RunBatchAsync(string clinic, string bulk, int size, CancellationToken cancellation) =>
        _store.WriteAsync(db => _runner.RunAsync(db, clinic, bulk, size, _clock.GetCurrentInstant(), cancellation), cancellation);

    /// <summary>Doing the next session of a command has thrown. One that does so again and again is refused, so that the others have their turn.</summary>
    public Task NextHasFailedAsync(string clinic, string bulk, CancellationToken cancellation) =>
        _store.WriteAsync(async db =>
        {
            await BulkRunner.CountFailureAsync(db, clinic, bulk, _clock.GetCurrentInstant(), cancellation);
            return true;
        }, cancellation);

    /// <summary>Commands that are to run and that nothing has been heard of for a while.</summary>
    public Task<IReadOnlyList<BulkKey>> ForgottenAsync(Duration age, int limit, CancellationToken cancellation) =>
        _store.ReadAsync<IReadOnlyList<BulkKey>>(async db =>
        {
            var before = _clock.GetCurrentInstant() - age;
            var rows = await db.BulkCommands.Where(row => row.State == BulkState.Running && row.ChangedAt <= before)
                .OrderBy(row => row.ChangedAt).Take(limit).ToListAsync(cancellation);
            return [.. rows.Select(row => new BulkKey(row.ClinicId, row.Id))];
        }, cancellation);

    /// <summary>The same for the same sessions, in whatever order they are due.</summary>
    private static string FingerprintOf(List<string> sessions)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var session in sessions.Order(StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(session + "\n"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static SessionFilter WithStates(SessionFilter filter) => filter.States.Count > 0 ? filter : filter with { States = OpenStates };

    [SuppressMessage("Security", "EF1002", Justification = "The text holds numbers of parameters alone, never a value.")]
    private static async Task<List<string>> SelectAsync(FollowUpContext db, string clinic, SessionFilter filter, CancellationToken cancellation)
    {
        var sql = new SessionListSql(clinic, WithStates(filter));
        if (sql.IsHopeless)
        {
            return [];
        }

        var text = $"SELECT x.id AS \"Value\" FROM ({sql.Ids()}) AS x ORDER BY x.next_due_at IS NULL, x.next_due_at, x.id";
        return await db.Database.SqlQueryRaw<string>(text, sql.Values).ToListAsync(cancellation);
    }

    [SuppressMessage("Security", "EF1002", Justification = "The text holds numbers of parameters alone, never a value.")]
    private static async Task<int> FixAsync(FollowUpContext db, BulkCommandRow bulk, SessionFilter filter, CancellationToken cancellation)
    {
        var sql = new SessionListSql(bulk.ClinicId, WithStates(filter));
        if (sql.IsHopeless)
        {
            return 0;
        }

        var ids = sql.Ids();
        var (clinic, command) = (sql.Values.Length, sql.Values.Length + 1);
        var text = $$"""
            INSERT INTO bulk_command_items (clinic_id, bulk_id, number, session_id, outcome)
            SELECT {{{clinic}}}, {{{command}}}, ROW_NUMBER() OVER (ORDER BY x.next_due_at IS NULL, x.next_due_at, x.id), x.id, 'waiting' FROM ({{ids}}) AS x
            """;
        return await db.Database.ExecuteSqlRawAsync(text, [.. sql.Values, bulk.ClinicId, bulk.Id], cancellation);
    }

    private static void Audit(FollowUpContext db, BulkCommandRow bulk, string actor, string action, Instant now, string detail) => db.Audit.Add(new AuditRow
    {
        ClinicId = bulk.ClinicId,
        At = now,
        Actor = actor,
        Action = action,
        Subject = bulk.Id,
        Detail = detail,
    });
}

/// <summary>The identity of a command on many sessions.</summary>
public readonly record struct BulkKey(string Clinic, string Id)
{
    /// <summary>The id of its orchestration. No session's is like it: a session's id begins with a letter or digit.</summary>
    public string InstanceId => InstanceIds.Fit($"{Clinic}:.bulk-{Id}");

    public override string ToString() => InstanceId;
}
