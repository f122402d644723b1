using FollowUp.Data;
using FollowUp.Data.Imports;
using FollowUp.Workflows.Contracts;
using FollowUp.Workflows.Running;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace FollowUp.Workflows.Imports;

/// <summary>What the orchestration of an import can do.</summary>
public sealed class ImportActivities(ImportBooker booker, SessionOrchestrations orchestrations, ILogger<ImportActivities> log)
{
    /// <summary>A batch is a second or so of work, so that a host that stops need not wait for it, and progress shows.</summary>
    private const int TransactionsPerBatch = 10;

    /// <summary>So many bookings share a commit. Texts that are due wait for one such transaction at most, some hundredths of a second.</summary>
    private const int LinesPerTransaction = 10;

    private const int TriesPerLine = 3;
    private const int StartsAtOnce = 16;

    /// <summary>Books the next lines of the file and starts their sessions' orchestrations. Each line is booked once, however often this runs.</summary>
    [Function(nameof(BookImportLines))]
    public async Task<ImportCounts> BookImportLines(
        [ActivityTrigger] ImportRef import, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(import);
        ImportProgress progress;
        var transactions = 0;
        do
        {
            progress = await BookAsync(import, cancellation);

            // Committed: a host that stops now must not keep the orchestrations from hearing of it. What is lost here the sweep makes good.
            await Parallel.ForEachAsync(
                progress.Affected.GroupBy(session => session.Key).Select(changes => changes.Last()),
                new ParallelOptions { MaxDegreeOfParallelism = StartsAtOnce, CancellationToken = CancellationToken.None },
                async (session, none) => await orchestrations.NotifyAsync(client, [session], "import", none));
        }
        while (!progress.IsOver && ++transactions < TransactionsPerBatch);

        return new ImportCounts(progress.Done, progress.Total, progress.IsOver);
    }

    /// <summary>Several lines at once; one by one when that fails, so that a line which always fails is found and set aside.</summary>
    private async Task<ImportProgress> BookAsync(ImportRef import, CancellationToken cancellation)
    {
        try
        {
            return await booker.BookNextAsync(import.Clinic, import.Import, LinesPerTransaction, cancellation);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            log.LogWarning(exception, "Lines of the import {Import} of clinic {Clinic} could not be booked together; they are tried one by one.", import.Import, import.Clinic);
        }

        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await booker.BookNextAsync(import.Clinic, import.Import, limit: 1, cancellation);
            }
            catch (Exception exception) when (!cancellation.IsCancellationRequested)
            {
                log.LogError(exception, "A line of the import {Import} of clinic {Clinic} could not be booked.", import.Import, import.Clinic);
                if (attempt == TriesPerLine)
                {
                    // A store that is not there refuses this too, and then the whole is tried again later.
                    return await booker.RefuseNextAsync(import.Clinic, import.Import, cancellation);
                }
            }
        }
    }
}
