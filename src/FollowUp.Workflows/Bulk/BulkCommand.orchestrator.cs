using FollowUp.Workflows.Contracts;
using FollowUp.Workflows.Running;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace FollowUp.Workflows.Bulk;

/// <summary>
/// One command on many sessions: batch after batch, until the store says that nothing is left. Which sessions, and what has become of each, is
/// the store's to know; a batch that is run once more goes on where the one before has ended.
/// </summary>
/// <remarks>Replayed from its history, as <see cref="SessionFollowUp"/> is.</remarks>
public static class BulkCommand
{
    public const string Name = nameof(BulkCommand);

    private const int BatchesPerGeneration = 40;

    [Function(Name)]
    public static async Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var bulk = context.GetInput<BulkRef>() ?? throw new InvalidOperationException("The orchestration was started without a command.");
        for (var batches = 0; batches < BatchesPerGeneration; batches++)
        {
            var progress = await context.CallActivityAsync<BulkProgress>(nameof(BulkActivities.RunBulkBatch), bulk, ActivityRetries.Persistently);
            context.SetCustomStatus(progress);
            if (progress.IsOver)
            {
                return;
            }
        }

        context.ContinueAsNew(bulk);
    }
}
