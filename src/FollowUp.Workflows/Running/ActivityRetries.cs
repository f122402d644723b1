using Microsoft.DurableTask;

namespace FollowUp.Workflows.Running;

/// <summary>How long orchestrators go on with an activity that fails.</summary>
internal static class ActivityRetries
{
    /// <summary>A store that does not answer is waited for about half a day before the orchestration counts as failed.</summary>
    public static readonly TaskOptions Persistently = TaskOptions.FromRetryPolicy(new RetryPolicy(
        maxNumberOfAttempts: 50,
        firstRetryInterval: TimeSpan.FromSeconds(1),
        backoffCoefficient: 2,
        maxRetryInterval: TimeSpan.FromMinutes(15)));
}
