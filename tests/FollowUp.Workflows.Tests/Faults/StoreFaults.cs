using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace FollowUp.Workflows.Tests.Faults;

/// <summary>
/// The process dies around a commit of the store, as far as whoever called can tell: before it, and nothing has happened; or after it, and
/// everything has, but nobody was told. Every claim, record, plan, report and reply commits through here.
/// </summary>
internal sealed class StoreFaults(Random random) : DbTransactionInterceptor
{
    private const double Probability = 0.03;
    private readonly Lock _lock = new();

    /// <summary>Faults begin when the bookings are made.</summary>
    public bool Enabled { get; set; }

    public int Count { get; private set; }

    public override ValueTask<InterceptionResult> TransactionCommittingAsync(
        DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        DieSometimes("before a commit");
        return base.TransactionCommittingAsync(transaction, eventData, result, cancellationToken);
    }

    public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        DieSometimes("after a commit");
        return Task.CompletedTask;
    }

    private void DieSometimes(string where)
    {
        lock (_lock)
        {
            if (!Enabled || random.NextDouble() >= Probability)
            {
                return;
            }

            Count++;
        }

        throw new InvalidOperationException($"The process died {where}.");
    }
}
