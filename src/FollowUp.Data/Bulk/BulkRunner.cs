using FollowUp.Data.Context;
using FollowUp.Data.Rows;
using FollowUp.Data.Sessions.Commands;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Bulk;

/// <summary>Does the sessions of a command on many, one after the other.</summary>
internal sealed class BulkRunner(SessionCommands commands)
{
    private const int MostFailures = 3;
    private const string Failed = "It failed again and again; the log of the app says more.";

    /// <summary>The next sessions that wait, each with its outcome.</summary>
    public async Task<BulkBatch> RunAsync(FollowUpContext db, string clinic, string bulk, int size, Instant now, CancellationToken cancellation)
    {
        var row = await db.BulkCommands.FindAsync([clinic, bulk], cancellation);
        if (row is not { State: BulkState.Running })
        {
            return new BulkBatch(row is null ? null : View(row), []);
        }

        var (command, actor) = (CommandOf(row), row.Actor);
        var items = await Waiting(db, clinic, bulk).Take(size).ToListAsync(cancellation);
        Dictionary<SessionKey, ChangedSession> affected = [];
        Dictionary<BulkOutcome, int> outcomes = [];
        foreach (var item in items)
        {
            // What the one before has loaded is of no use here, and each look at changes would go through it.
            db.ChangeTracker.Clear();
            var (ruling, truth) = await commands.RuleAsync(db, new SessionKey(clinic, item.SessionId), command, now, cancellation);
            if (ruling.Verdict == CommandVerdict.Done)
            {
                foreach (var changed in await commands.ApplyAsync(db, ruling, truth!, command, actor, now, cancellation))
                {
                    affected[changed.Key] = changed;
                }
            }

            // What a rule has tried and refused is not kept.
            db.ChangeTracker.Clear();
            var outcome = ruling.Verdict switch
            {
                CommandVerdict.Done => BulkOutcome.Done,
                CommandVerdict.Unchanged => BulkOutcome.Unchanged,
                _ => BulkOutcome.Refused,
            };
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
            await RecordAsync(db, item, outcome, ruling.Reason, cancellation);
        }

        var isOver = items.Count < size || !await Waiting(db, clinic, bulk).AnyAsync(cancellation);
        row = (await db.BulkCommands.FindAsync([clinic, bulk], cancellation))!;
        row.Done += outcomes.GetValueOrDefault(BulkOutcome.Done);
        row.Unchanged += outcomes.GetValueOrDefault(BulkOutcome.Unchanged);
        row.Refused += outcomes.GetValueOrDefault(BulkOutcome.Refused);
        Touch(row, isOver, now);
        return new BulkBatch(View(row), [.. affected.Values]);
    }

    /// <summary>Counts a failure of the next session, which is refused when it has failed too often.</summary>
    public static async Task CountFailureAsync(FollowUpContext db, string clinic, string bulk, Instant now, CancellationToken cancellation)
    {
        if (await db.BulkCommands.FindAsync([clinic, bulk], cancellation) is not { State: BulkState.Running } row
            || await Waiting(db, clinic, bulk).FirstOrDefaultAsync(cancellation) is not { } item)
        {
            return;
        }

        item.Failures++;
        if (item.Failures >= MostFailures)
        {
            item.Outcome = BulkOutcome.Refused;
            item.Reason = Failed;
            row.Refused++;
            await db.SaveChangesAsync(cancellation);
            Touch(row, isOver: !await Waiting(db, clinic, bulk).AnyAsync(cancellation), now);
        }
    }

    public static BulkView View(BulkCommandRow row) => new()
    {
        Clinic = row.ClinicId,
        Id = row.Id,
        Command = CommandOf(row),
        Filter = row.Filter,
        Actor = row.Actor,
        State = row.State,
        Total = row.Total,
        Done = row.Done,
        Unchanged = row.Unchanged,
        Refused = row.Refused,
        CreatedAt = row.CreatedAt,
        EndedAt = row.EndedAt,
    };

    private static SessionCommand CommandOf(BulkCommandRow row) =>
        new(EnumText.Parse<SessionCommandKind>(row.Command)) { Step = row.Step, PlanVersion = row.PlanVersion };

    private static IOrderedQueryable<BulkCommandItemRow> Waiting(FollowUpContext db, string clinic, string bulk) => db.BulkCommandItems
        .Where(item => item.ClinicId == clinic && item.BulkId == bulk && item.Outcome == BulkOutcome.Waiting).OrderBy(item => item.Number);

    private static Task<int> RecordAsync(FollowUpContext db, BulkCommandItemRow item, BulkOutcome outcome, string? reason, CancellationToken cancellation) =>
        db.BulkCommandItems
            .Where(row => row.ClinicId == item.ClinicId && row.BulkId == item.BulkId && row.Number == item.Number)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Outcome, outcome).SetProperty(row => row.Reason, reason), cancellation);

    private static void Touch(BulkCommandRow row, bool isOver, Instant now)
    {
        row.ChangedAt = now;
        if (isOver)
        {
            row.State = BulkState.Completed;
            row.EndedAt = now;
        }
    }
}
