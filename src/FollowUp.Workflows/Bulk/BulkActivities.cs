using FollowUp.Data;
using FollowUp.Data.Bulk;
using FollowUp.Workflows.Contracts;
using FollowUp.Workflows.Running;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace FollowUp.Workflows.Bulk;

/// <summary>What the orchestration of a command on many sessions can do.</summary>
public sealed class BulkActivities(BulkCommandStore bulks, SessionOrchestrations orchestrations, ILogger<BulkActivities> log)
{
    /// <summary>So many sessions share a transaction: few enough that a text which is due does not wait long for its turn in the store.</summary>
    private const int BatchSize = 25;

    /// <summary>So many orchestrations are told at a time; the engine commits them together.</summary>
    private const int ToldAtOnce = 16;

    /// <summary>
    /// Does the next sessions. Run once more after a crash it does those that follow: what was committed is not done again, and orchestrations
    /// that were not told of it are by the sweep.
    /// </summary>
    [Function(nameof(RunBulkBatch))]
    public async Task<BulkProgress> RunBulkBatch(
        [ActivityTrigger] BulkRef bulk, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(bulk);
        var batch = await RunAsync(bulk, cancellation);
        await Parallel.ForEachAsync(
            batch.Affected,
            new ParallelOptions { MaxDegreeOfParallelism = ToldAtOnce, CancellationToken = CancellationToken.None },
            (session, _) => TellAsync(client, session));
        return BulkProgress.Of(batch);
    }

    private async Task<BulkBatch> RunAsync(BulkRef bulk, CancellationToken cancellation)
    {
        try
        {
            return await bulks.RunBatchAsync(bulk.Clinic, bulk.Bulk, BatchSize, cancellation);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            log.LogWarning(exception, "A batch of the command {Bulk} failed; its sessions are done one by one.", bulk.Bulk);
        }

        try
        {
            return await bulks.RunBatchAsync(bulk.Clinic, bulk.Bulk, size: 1, cancellation);
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            // Thrown on, so that the durable retry waits a while: the trouble may be the store's, and pass.
            await bulks.NextHasFailedAsync(bulk.Clinic, bulk.Bulk, cancellation);
            throw;
        }
    }

    private async ValueTask TellAsync(DurableTaskClient client, ChangedSession session)
    {
        try
        {
            await orchestrations.NotifyAsync(client, [session], "command", CancellationToken.None);
        }
        catch (Exception exception)
        {
            // The change is committed: the sweep makes this good.
            log.LogWarning(exception, "The orchestration of session {Session} could not be told of a command.", session.Key);
        }
    }
}
