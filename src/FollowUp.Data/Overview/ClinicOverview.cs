using System.Diagnostics.CodeAnalysis;
using FollowUp.Core.Timelines;
using FollowUp.Data.Context;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Overview;

/// <summary>What a clinic's day looks like: counts over the ledger, each one indexed range.</summary>
public sealed class ClinicOverview
{
    private readonly Store _store;

    internal ClinicOverview(Store store) => _store = store;

    /// <summary>Every clinic, by name.</summary>
    public Task<IReadOnlyList<ClinicLine>> ClinicsAsync(CancellationToken cancellation) =>
        _store.ReadAsync<IReadOnlyList<ClinicLine>>(async db =>
            await db.Clinics.OrderBy(row => row.Name).ThenBy(row => row.Id)
                .Select(row => new ClinicLine(row.Id, row.Name, row.TimeZone, row.Sender, row.Phone)).ToListAsync(cancellation), cancellation);

    /// <summary>What waits for somebody.</summary>
    public Task<WaitingWork> WaitingAsync(string clinic, CancellationToken cancellation) =>
        _store.ReadAsync(async db => new WaitingWork(
            await db.InboundCopies.CountAsync(row => row.ClinicId == clinic && row.WantsReader && row.ReadAt == null, cancellation),
            await db.Alerts.CountAsync(row => row.ClinicId == clinic && row.AcknowledgedAt == null, cancellation),
            await db.Alerts.CountAsync(row => row.ClinicId == clinic && row.AcknowledgedAt == null && row.Urgent, cancellation)), cancellation);

    /// <summary>Counts the texts of one day.</summary>
    /// <param name="from">When the clinic's day begins.</param>
    /// <param name="to">When it ends.</param>
    public Task<DayTally> DayAsync(string clinic, Instant from, Instant to, CancellationToken cancellation) =>
        _store.ReadAsync(async db =>
        {
            var steps = db.Steps.Where(row => row.ClinicId == clinic);
            return new DayTally(
                await steps.CountAsync(row => row.DueAt >= from && row.DueAt < to && row.State == StepState.Planned, cancellation),
                await steps.CountAsync(row => row.SentAt >= from && row.SentAt < to, cancellation),
                await steps.CountAsync(row => row.DeliveredAt >= from && row.DeliveredAt < to, cancellation),
                await steps.CountAsync(row => row.State == StepState.Undelivered && row.ClaimedAt >= from && row.ClaimedAt < to, cancellation));
        }, cancellation);

    /// <summary>Texts that are to leave, counted in steps of ten minutes: no time zone's hour or day begins within one.</summary>
    public Task<IReadOnlyList<TextCount>> PlannedAsync(string clinic, Instant from, Instant to, CancellationToken cancellation) =>
        _store.ReadAsync<IReadOnlyList<TextCount>>(async db =>
        {
            var (first, last) = (StoreText.Instant.Format(from), StoreText.Instant.Format(to));
            var rows = await db.Database.SqlQuery<Bucket>($"""
                SELECT substr(due_at, 1, 15) AS "At", state AS "State", CAST(COUNT(*) AS INTEGER) AS "Number" FROM steps
                WHERE clinic_id = {clinic} AND due_at >= {first} AND due_at < {last} AND state = 'planned' GROUP BY 1, 2
                """).ToListAsync(cancellation);
            return [.. rows.Select(Of)];
        }, cancellation);

    /// <summary>Texts that have left, by where their delivery stands, for each of several stretches of time that follow one another.</summary>
    /// <param name="bounds">Where each stretch begins, and where the last one ends: two or more, in their order.</param>
    /// <returns>For each stretch those delivered, those not delivered, and those of which nothing is known yet as <see cref="StepState.Sent"/>; at its beginning.</returns>
    public Task<IReadOnlyList<TextCount>> SentAsync(string clinic, IReadOnlyList<Instant> bounds, CancellationToken cancellation) =>
        _store.ReadAsync<IReadOnlyList<TextCount>>(async db =>
        {
            // Sums of ranges of one index. To group weeks of texts SQLite would have to sort them.
            object[] values = [clinic, .. bounds.Select(StoreText.Instant.Format)];
            var parts = Enumerable.Range(0, bounds.Count - 1).Select(i => $$"""
                SELECT {{i}} AS "Part", CAST(COUNT(CASE WHEN state = 'delivered' THEN 1 END) AS INTEGER) AS "Delivered",
                    CAST(COUNT(CASE WHEN state = 'undelivered' THEN 1 END) AS INTEGER) AS "Failed",
                    CAST(COUNT(CASE WHEN state IN ('sent', 'unknown', 'sending') THEN 1 END) AS INTEGER) AS "OnTheirWay"
                FROM steps WHERE clinic_id = {0} AND sent_at >= {{{i + 1}}} AND sent_at < {{{i + 2}}}
                """);
            var rows = await Sums(db, string.Join("\nUNION ALL\n", parts), values).ToListAsync(cancellation);
            return
            [
                .. rows.SelectMany(row => (TextCount[])
                [
                    new(bounds[row.Part], StepState.Delivered, row.Delivered), new(bounds[row.Part], StepState.Undelivered, row.Failed),
                    new(bounds[row.Part], StepState.Sent, row.OnTheirWay),
                ]),
            ];
        }, cancellation);

    [SuppressMessage("Security", "EF1002", Justification = "The text holds numbers of parameters alone, never a value.")]
    private static IQueryable<DeliverySums> Sums(FollowUpContext db, string sql, object[] values) =>
        db.Database.SqlQueryRaw<DeliverySums>(sql, values);

    /// <summary>Texts that were not delivered, newest first.</summary>
    public Task<IReadOnlyList<TextLine>> FailedAsync(string clinic, Instant since, int limit, CancellationToken cancellation) =>
        LinesAsync(clinic, steps => steps
            .Where(row => row.State == StepState.Undelivered && row.ClaimedAt >= since).OrderByDescending(row => row.ClaimedAt).Take(limit), cancellation);

    /// <summary>Texts that leave next, soonest first.</summary>
    public Task<IReadOnlyList<TextLine>> NextAsync(string clinic, Instant from, Instant to, int limit, CancellationToken cancellation) =>
        LinesAsync(clinic, steps => steps
            .Where(row => row.State == StepState.Planned && row.DueAt >= from && row.DueAt < to).OrderBy(row => row.DueAt).Take(limit), cancellation);

    private Task<IReadOnlyList<TextLine>> LinesAsync(
        string clinic, Func<IQueryable<Rows.StepRow>, IQueryable<Rows.StepRow>> choose, CancellationToken cancellation) =>
        _store.ReadAsync<IReadOnlyList<TextLine>>(async db =>
        {
            var rows = await choose(db.Steps.Where(row => row.ClinicId == clinic)).ToListAsync(cancellation);
            var ids = rows.Select(row => row.SessionId).Distinct().ToList();

            // One after the other, and whole rows: for a join, or for columns that an index has, SQLite would read all that the clinic has.
            var owners = await db.Sessions.Where(row => row.ClinicId == clinic && ids.Contains(row.Id)).ToDictionaryAsync(row => row.Id, row => row.PatientId, cancellation);
            var patients = owners.Values.Distinct().ToList();
            var names = await db.Patients.Where(row => row.ClinicId == clinic && patients.Contains(row.Id)).ToDictionaryAsync(row => row.Id, row => row.FirstName, cancellation);
            return
            [
                .. rows.Select(row => new TextLine(
                    row.SessionId, row.Step, row.Kind, row.State, row.Reason, row.ErrorCode, row.ClaimedAt ?? row.DueAt,
                    owners[row.SessionId], names[owners[row.SessionId]])),
            ];
        }, cancellation);

    private static TextCount Of(Bucket bucket) =>
        new(StoreText.Instant.Parse(bucket.At + "0:00.0000000Z").Value, EnumText.Parse<StepState>(bucket.State), bucket.Number);

    private sealed record DeliverySums(int Part, int Delivered, int Failed, int OnTheirWay);

    private sealed record Bucket(string At, string State, int Number);
}

/// <param name="Sender">What it sends from; null for the installation's own.</param>
public sealed record ClinicLine(string Id, string Name, string TimeZone, string? Sender, string Phone);

/// <param name="Unread">Texts in the inbox that nobody has read.</param>
/// <param name="Alerts">Alerts that nobody has acknowledged.</param>
/// <param name="Urgent">Those of them that are red flags.</param>
public sealed record WaitingWork(int Unread, int Alerts, int Urgent);

/// <summary>One day's texts of care plans.</summary>
/// <param name="Due">Still to leave on that day.</param>
public sealed record DayTally(int Due, int Sent, int Delivered, int Failed);

/// <param name="At">The beginning of ten minutes.</param>
public sealed record TextCount(Instant At, StepState State, int Number);

/// <summary>One text, for a list of texts of many patients.</summary>
/// <param name="At">When it left, or is due.</param>
public sealed record TextLine(
    string Session, string Step, StepKind Kind, StepState State, string? Reason, int? ErrorCode, Instant At, string Patient, string FirstName)
{
    /// <summary>Ids alone.</summary>
    public override string ToString() => $"{Session}/{Step}";
}
