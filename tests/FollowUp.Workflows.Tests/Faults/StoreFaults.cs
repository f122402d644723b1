using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace FollowUp.Workflows.Tests.Faults;

/// <summary>
/// The process dies around a commit of the store, as far as whoever called can tell: before it, and nothing has happened; or after it, and
/// everything has, but nobody was told. Every claim, record, plan, report and reply commits through here.
/// </summary>
internal sealed class StoreFaults(FaultDraws draws) : DbTransactionInterceptor
{
    /// <summary>There are ten sends to any other work, which is to die often enough as well.</summary>
    private const int PerThousandSends = 40;
    private const int PerThousandOthers = 150;

    /// <summary>Off until the world is set up, and when it is judged.</summary>
    public bool Enabled { get; set; }

    public override ValueTask<InterceptionResult> TransactionCommittingAsync(
        DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        DieSometimes("before");
        return base.TransactionCommittingAsync(transaction, eventData, result, cancellationToken);
    }

    public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        DieSometimes("after");
        return Task.CompletedTask;
    }

    private void DieSometimes(string where)
    {
        if (Enabled && FaultDraws.WorkKind is { } work && draws.Next(where + " commit", 1000, out var commit) < (work == "SendMessage" ? PerThousandSends : PerThousandOthers))
        {
            draws.Note($"{work}: died {where} commit {commit}");
            throw new InvalidOperationException($"The process died {where} a commit.");
        }
    }
}
