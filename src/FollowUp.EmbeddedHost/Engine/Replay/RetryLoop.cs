using Microsoft.DurableTask;
using CoreTaskFailedException = DurableTask.Core.Exceptions.TaskFailedException;

namespace FollowUp.EmbeddedHost.Engine.Replay;

/// <summary>Attempts an activity until it succeeds or its retry options say enough. The sequence of calls and timers is the real SDK's.</summary>
internal static class RetryLoop
{
    /// <summary>The error type of an activity that is not there: another attempt cannot help.</summary>
    public const string ActivityNotFound = "ActivityTaskNotFound";

    public static async Task<T> RunAsync<T>(TaskOrchestrationContext context, RetryPolicy policy, Func<Task<T>> attempt)
    {
        DateTime expiry = policy.RetryTimeout == Timeout.InfiniteTimeSpan
            ? DateTime.MaxValue
            : context.CurrentUtcDateTime.Add(policy.RetryTimeout);
        for (int number = 1; ; number++)
        {
            try
            {
                return await attempt();
            }
            catch (CoreTaskFailedException failed) when (IsRetriable(failed))
            {
                if (number == policy.MaxNumberOfAttempts)
                {
                    // The real engine spends a timer here too; histories keep the same numbers on both.
                    await context.CreateTimer(context.CurrentUtcDateTime, CancellationToken.None);
                    throw;
                }

                if (!policy.Handles(failed.Details) || context.CurrentUtcDateTime >= expiry)
                {
                    throw;
                }

                await context.CreateTimer(context.CurrentUtcDateTime.Add(Delay(policy, number)), CancellationToken.None);
            }
        }
    }

    public static async Task<T> RunAsync<T>(TaskOrchestrationContext context, AsyncRetryHandler handler, Func<Task<T>> attempt)
    {
        DateTime start = context.CurrentUtcDateTime;
        for (int number = 1; ; number++)
        {
            try
            {
                return await attempt();
            }
            catch (CoreTaskFailedException failed) when (IsRetriable(failed))
            {
                RetryContext retry = new(context, number, failed.Details, context.CurrentUtcDateTime - start, CancellationToken.None);
                if (!await handler(retry))
                {
                    throw;
                }
            }
        }
    }

    private static bool IsRetriable(CoreTaskFailedException failed) => failed.Details.ErrorType != ActivityNotFound;

    private static TimeSpan Delay(RetryPolicy policy, int failedAttempts)
    {
        double milliseconds = policy.FirstRetryInterval.TotalMilliseconds * Math.Pow(policy.BackoffCoefficient, failedAttempts - 1);
        double most = policy.MaxRetryInterval == Timeout.InfiniteTimeSpan
            ? TimeSpan.MaxValue.TotalMilliseconds / 2
            : policy.MaxRetryInterval.TotalMilliseconds;
        return TimeSpan.FromMilliseconds(Math.Min(milliseconds, most));
    }
}
