using FollowUp.Data.Context;
using FollowUp.Data.Rows;
using FollowUp.Data.Sessions.Commands;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Bulk;

/// <summary>Says what would become of the sessions of a command on many, by the rules that do it.</summary>
internal sealed class BulkPreviewer(SessionCommands commands)
{
    private const int ReadAtOnce = 500;

    /// <summary>
    /// Looks at the sessions one after the other. What their rows tell costs little; where all that decides about a session's texts must be
    /// known, it ends after <paramref name="mostChecked"/> of these.
    /// </summary>
    public async Task<BulkPreview> LookAsync(
        FollowUpContext db, string clinic, List<string> sessions, SessionCommand command, int mostChecked, Instant now, CancellationToken cancellation)
    {
        db.ChangeTracker.AutoDetectChangesEnabled = false;
        Tally tally = new();
        foreach (var chunk in sessions.Chunk(ReadAtOnce))
        {
            var rows = await db.Sessions.Where(row => row.ClinicId == clinic && chunk.Contains(row.Id))
                .ToDictionaryAsync(row => row.Id, StringComparer.Ordinal, cancellation);
            var steps = command.Step is not { } step ? [] : await db.Steps
                .Where(row => row.ClinicId == clinic && chunk.Contains(row.SessionId) && row.Step == step)
                .ToDictionaryAsync(row => row.SessionId, StringComparer.Ordinal, cancellation);
            foreach (var row in chunk.Where(rows.ContainsKey).Select(id => rows[id]))
            {
                var ruling = FirstRules.Of(command, row, steps.GetValueOrDefault(row.Id), now);
                if (ruling is null)
                {
                    if (mostChecked-- == 0)
                    {
                        return await AnswerAsync(db, clinic, sessions.Count, tally, cancellation);
                    }

                    (ruling, _) = await commands.RuleAsync(db, row.Key, command, now, cancellation);
                    db.ChangeTracker.Clear();
                }

                tally.Add(row, ruling);
            }
        }

        return await AnswerAsync(db, clinic, sessions.Count, tally, cancellation);
    }

    private static async Task<BulkPreview> AnswerAsync(FollowUpContext db, string clinic, int total, Tally tally, CancellationToken cancellation)
    {
        var ids = tally.Would.Select(row => row.PatientId).Distinct().ToList();
        var names = await db.Patients.Where(row => row.ClinicId == clinic && ids.Contains(row.Id))
            .ToDictionaryAsync(row => row.Id, row => row.FirstName, StringComparer.Ordinal, cancellation);
        return new BulkPreview
        {
            Total = total,
            Checked = tally.Changed + tally.Unchanged + tally.Refused,
            WouldChange = tally.Changed,
            Unchanged = tally.Unchanged,
            Refused = tally.Refused,
            Sessions = [.. tally.Would.Select(row => new BulkPreviewItem(row.Id, row.PatientId, names[row.PatientId]))],
            Reasons = RefusalCount.Of(tally.Reasons),
            Refusals = tally.Refusals,
        };
    }

    private sealed class Tally
    {
        public int Changed { get; private set; }
        public int Unchanged { get; private set; }
        public int Refused { get; private set; }
        public List<SessionRow> Would { get; } = [];
        public List<Refusal> Refusals { get; } = [];
        public Dictionary<string, int> Reasons { get; } = new(StringComparer.Ordinal);

        public void Add(SessionRow row, Ruling ruling)
        {
            switch (ruling.Verdict)
            {
                case CommandVerdict.Done:
                    Changed++;
                    Show(Would, row);
                    break;
                case CommandVerdict.Unchanged:
                    Unchanged++;
                    break;
                default:
                    Refused++;
                    Reasons[ruling.Reason!] = Reasons.GetValueOrDefault(ruling.Reason!) + 1;
                    Show(Refusals, new Refusal(row.Id, ruling.Reason!));
                    break;
            }
        }

        private static void Show<T>(List<T> list, T item)
        {
            if (list.Count < BulkCommandStore.Shown)
            {
                list.Add(item);
            }
        }
    }
}
