using FollowUp.Data;
using FollowUp.Workflows.Contracts;
using FollowUp.Workflows.Running;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace FollowUp.Workflows.Imports;

/// <summary>The booking of a file's lines, batch by batch, until none is left. Which lines those are, the store knows.</summary>
/// <remarks>Replayed from its history, as <see cref="SessionFollowUp"/> is. The history holds the import's id and counts.</remarks>
public static class ImportBookings
{
    public const string Name = nameof(ImportBookings);

    private const int BatchesPerGeneration = 40;

    /// <summary>The id of an import's orchestration. No session's is like it: a session's id begins with a letter or digit.</summary>
    public static string InstanceId(string clinic, string import) => InstanceIds.Fit($"{clinic}:.import:{import}");

    [Function(Name)]
    public static async Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var import = context.GetInput<ImportRef>() ?? throw new InvalidOperationException("The orchestration was started without an import.");
        for (var batches = 0; batches < BatchesPerGeneration; batches++)
        {
            var counts = await context.CallActivityAsync<ImportCounts>(nameof(ImportActivities.BookImportLines), import, ActivityRetries.Persistently);
            context.SetCustomStatus(counts);
            if (counts.IsOver)
            {
                return;
            }
        }

        context.ContinueAsNew(import);
    }
}
