using FollowUp.EmbeddedHost.Engine;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace FollowUp.EmbeddedHost.Tests.Engine.Suite;

/// <summary>Section 4: retry policies and handlers, with their delays measured on the simulated clock.</summary>
public abstract class RetryTests : EngineSuite
{
    private readonly List<double> attempts = [];

    [Fact, Row("4", "RetryPolicy(3, 200 ms)")]
    public async Task The_last_failure_is_thrown_when_the_attempts_are_used_up()
    {
        var failed = await TryAsync(new RetryPolicy(3, TimeSpan.FromMilliseconds(200)));

        Assert.Equal([0, 200, 400], attempts);

        // Ids 0, 2 and 4 are the attempts, 1 and 3 the timers between them.
        Assert.Equal("Task 'Boom' (#4) failed with an unhandled exception: attempt 3", failed.SerializedOutput);
    }

    [Theory, Row("4", "After the last failed attempt one more timer (due now) is scheduled before the throw; also with max attempts 1")]
    [InlineData(1, 2)]
    [InlineData(3, 6)]
    public async Task A_used_up_policy_takes_one_more_task_id(int maxAttempts, int nextTaskId)
    {
        await using var engine = await FailingAsync(async context =>
        {
            try
            {
                await context.CallActivityAsync("Boom", TaskOptions.FromRetryPolicy(new RetryPolicy(maxAttempts, TimeSpan.FromHours(1))));
            }
            catch (TaskFailedException)
            {
            }

            return await NextTaskIdAsync(context);
        });

        Assert.Equal(nextTaskId, await engine.ResultAsync<int>("Tries"));
    }

    [Fact, Row("4", "RetryPolicy(4, 100 ms, 2)")]
    public async Task Delays_grow_with_the_backoff_coefficient()
    {
        await TryAsync(new RetryPolicy(4, TimeSpan.FromMilliseconds(100), 2));

        Assert.Equal([0, 100, 300, 700], attempts);
    }

    [Fact, Row("4", "(5, 100 ms, 2, max 150 ms)")]
    public async Task Delays_stop_growing_at_the_longest_interval()
    {
        await TryAsync(new RetryPolicy(5, TimeSpan.FromMilliseconds(100), 2, TimeSpan.FromMilliseconds(150)));

        Assert.Equal([0, 100, 250, 400, 550], attempts);
    }

    [Fact, Row("4", "Default MaxRetryInterval 1 h; Infinite allowed")]
    public async Task The_longest_interval_is_an_hour_unless_told_otherwise()
    {
        await TryAsync(new RetryPolicy(4, TimeSpan.FromMinutes(40), 2));
        Assert.Equal([0, 40, 100, 160], attempts.Select(at => at / 60_000));

        attempts.Clear();
        await TryAsync(new RetryPolicy(4, TimeSpan.FromMinutes(40), 2, Timeout.InfiniteTimeSpan));
        Assert.Equal([0, 40, 120, 280], attempts.Select(at => at / 60_000));
    }

    [Fact, Row("4", "(10, 200 ms, timeout 500 ms)")]
    public async Task The_time_limit_is_tested_before_the_delay_so_it_may_be_overrun()
    {
        await using var engine = await FailingAsync(async context =>
        {
            var policy = new RetryPolicy(10, TimeSpan.FromMilliseconds(200), retryTimeout: TimeSpan.FromMilliseconds(500));
            try
            {
                await context.CallActivityAsync("Boom", TaskOptions.FromRetryPolicy(policy));
            }
            catch (TaskFailedException)
            {
            }

            return await NextTaskIdAsync(context);
        });

        Assert.Equal(7, await engine.ResultAsync<int>("Tries")); // four attempts, three timers, no trailing one
        Assert.Equal([0, 200, 400, 600], attempts);
    }

    [Fact, Row("4", "HandleFailure => false")]
    public async Task A_failure_that_the_policy_does_not_handle_is_thrown_at_once()
    {
        var asked = new List<string>();
        await using var engine = await FailingAsync(async context =>
        {
            var policy = new RetryPolicy(5, TimeSpan.FromHours(1))
            {
                HandleFailure = failure =>
                {
                    asked.Add($"{failure.ErrorType}: {failure.ErrorMessage}");
                    return false;
                },
            };
            try
            {
                await context.CallActivityAsync("Boom", TaskOptions.FromRetryPolicy(policy));
            }
            catch (TaskFailedException)
            {
            }

            return await NextTaskIdAsync(context);
        });

        Assert.Equal(1, await engine.ResultAsync<int>("Tries")); // no trailing timer
        Assert.Equal([0], attempts);
        Assert.Equal($"{typeof(ClinicClosedException).FullName}: attempt 1", asked[0]);
    }

    [Fact, Row("4", "HandleFailure: not called after the last attempt")]
    public async Task A_policy_is_not_asked_about_the_last_attempt()
    {
        var asked = new HashSet<string>();
        await TryAsync(new RetryPolicy(3, TimeSpan.FromHours(1)) { HandleFailure = failure => asked.Add(failure.ErrorMessage) || true });

        Assert.Equal(["attempt 1", "attempt 2"], asked.Order());
    }

    [Fact, Row("4", "HandleFailure: exception inside it: swallowed, means do not retry")]
    public async Task A_policy_that_fails_itself_means_no_further_attempt()
    {
        var failed = await TryAsync(new RetryPolicy(3, TimeSpan.FromHours(1))
        {
            HandleFailure = _ => throw new InvalidOperationException("broken filter"),
        });

        Assert.Equal([0], attempts);
        Assert.Equal("Task 'Boom' (#0) failed with an unhandled exception: attempt 1", failed.SerializedOutput);
    }

    [Fact, Row("4", "RetryPolicy: an attempt that succeeds")]
    public async Task An_attempt_that_succeeds_ends_the_trying()
    {
        await using var engine = await OpenAsync(tasks =>
        {
            tasks.AddActivity<string?, string>("ThirdTime", (_, _) =>
            {
                attempts.Add(0);
                return attempts.Count == 3 ? Task.FromResult("lucky") : throw new ClinicClosedException("not yet");
            });
            tasks.AddOrchestrator("Tries", async context => await context.CallActivityAsync<string>(
                "ThirdTime", TaskOptions.FromRetryPolicy(new RetryPolicy(5, TimeSpan.FromDays(1)))));
        });

        Assert.Equal("lucky", await engine.ResultAsync<string>("Tries"));
        Assert.Equal(3, attempts.Count);
    }

    [Fact, Row("4", "RetryHandler")]
    public async Task A_handler_decides_after_each_failure_without_a_delay_of_its_own()
    {
        var asked = new List<string>();
        await using var engine = await FailingAsync(async context =>
        {
            RetryHandler handler = retry =>
            {
                asked.Add($"{retry.LastAttemptNumber}: {retry.LastFailure.ErrorMessage}, {retry.TotalRetryTime.TotalMilliseconds}");
                return retry.LastAttemptNumber < 3;
            };
            try
            {
                return await context.CallActivityAsync<int>("Boom", TaskOptions.FromRetryHandler(handler));
            }
            catch (TaskFailedException failure)
            {
                return failure.TaskId;
            }
        });

        var ended = await engine.CompletionAsync(await engine.StartAsync("Tries")); // at once: time stands still

        Assert.Equal(2, EngineUnderTest.Output<int>(ended)); // the third attempt, with no timers between
        Assert.Equal([0, 0, 0], attempts);
        Assert.Equal(["1: attempt 1, 0", "2: attempt 2, 0", "3: attempt 3, 0"], asked.Distinct());
    }

    [Fact, Row("4", "RetryHandler: not called when not retriable")]
    public async Task A_handler_is_not_asked_about_an_activity_that_is_missing()
    {
        int asked = 0;
        await using var engine = await FailingAsync(async context => await context.CallActivityAsync<int>(
            "Missing", TaskOptions.FromRetryHandler((RetryContext _) => ++asked < 5)));

        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await engine.RunAsync("Tries")).RuntimeStatus);
        Assert.Equal(0, asked);
    }

    [Theory, Row("4", "RetryPolicy arguments")]
    [InlineData(0, 1, 1, null, null, "The value for maxNumberOfAttempts must be greater than zero.")]
    [InlineData(1, 0, 1, null, null, "The value for firstRetryInterval must be greater than zero.")]
    [InlineData(1, 1, 0.9, null, null, "The value for backoffCoefficient must be greater or equal to 1.0.")]
    [InlineData(1, 2, 1, 1, null, "The value for maxRetryInterval must be greater or equal to the value for firstRetryInterval.")]
    [InlineData(1, 2, 1, null, 1, "The value for retryTimeout must be greater or equal to the value for firstRetryInterval.")]
    public void A_policy_that_makes_no_sense_is_an_argument_error(
        int maxAttempts, int first, double backoff, int? longest, int? limit, string message)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new RetryPolicy(
            maxAttempts, TimeSpan.FromSeconds(first), backoff, Seconds(longest), Seconds(limit)));

        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);

        static TimeSpan? Seconds(int? seconds) => seconds is { } some ? TimeSpan.FromSeconds(some) : null;
    }

    [Fact, Row("own", "Retry delays are durable")]
    public async Task A_retry_that_falls_due_while_the_engine_is_down_is_made_after_it_is_up()
    {
        await using var engine = await FailingAsync(async context =>
            await context.CallActivityAsync<int>("Boom", TaskOptions.FromRetryPolicy(new RetryPolicy(2, TimeSpan.FromDays(2)))));
        var id = await engine.StartAsync("Tries");
        await engine.SettleAsync();
        await engine.RestartAsync(downFor: TimeSpan.FromDays(3));

        var failed = await engine.CompletionAsync(id);

        Assert.Equal("Task 'Boom' (#2) failed with an unhandled exception: attempt 2", failed.SerializedOutput);
        Assert.Equal(2, attempts.Count);
        Assert.InRange(attempts[1], TimeSpan.FromDays(3).TotalMilliseconds, TimeSpan.FromDays(3).TotalMilliseconds + 10);
    }

    private static async Task<int> NextTaskIdAsync(TaskOrchestrationContext context)
    {
        try
        {
            await context.CallActivityAsync("Missing");
            return -1;
        }
        catch (TaskFailedException failure)
        {
            return failure.TaskId;
        }
    }

    /// <summary>Runs an activity that always fails, under this policy, and notes when it was tried.</summary>
    private async Task<OrchestrationMetadata> TryAsync(RetryPolicy policy)
    {
        await using var engine = await FailingAsync(async context =>
            await context.CallActivityAsync<int>("Boom", TaskOptions.FromRetryPolicy(policy)));
        return await engine.RunAsync("Tries");
    }

    /// <summary>Opens an engine whose orchestrator "Tries" does this with the activity "Boom", which always fails.</summary>
    private async Task<EngineUnderTest> FailingAsync(Func<TaskOrchestrationContext, Task<int>> tries)
    {
        EngineUnderTest? engine = null;
        engine = CreateEngine(new EngineSetup
        {
            Code = tasks =>
            {
                tasks.AddActivity<string?, int>("Boom", (_, _) =>
                {
                    attempts.Add((engine!.Clock.GetUtcNow() - EngineSetup.Monday).TotalMilliseconds);
                    throw new ClinicClosedException($"attempt {attempts.Count}");
                });
                tasks.AddOrchestrator("Tries", async context => await tries(context));
            },
        });
        await engine.OpenAsync();
        return engine;
    }
}
