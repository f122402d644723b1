using System.Collections.Concurrent;
using FollowUp.EmbeddedHost.Engine;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using static Microsoft.DurableTask.Client.OrchestrationRuntimeStatus;

namespace FollowUp.EmbeddedHost.Tests.Engine.Suite;

/// <summary>What the embedded engine promises about long times and many instances.</summary>
public abstract class CapacityTests : EngineSuite
{
    [Fact, Row("own", "1,000 instances with timers")]
    public async Task A_thousand_courses_of_half_a_year_all_finish()
    {
        int sent = 0;
        await using var engine = await OpenAsync(tasks =>
        {
            tasks.AddActivity<int, int>("Send", (_, step) =>
            {
                Interlocked.Increment(ref sent);
                return Task.FromResult(step);
            });
            tasks.AddOrchestrator<int, int>("Course", async (context, course) =>
            {
                int sum = 0;
                for (int step = 1; step <= 3; step++)
                {
                    await context.CreateTimer(TimeSpan.FromDays(60) + TimeSpan.FromMinutes(course), CancellationToken.None);
                    sum += await context.CallActivityAsync<int>("Send", step);
                }

                return sum + course;
            });
        });
        await Task.WhenAll(Enumerable.Range(0, 1000).Select(course => engine.StartAsync("Course", course, $"course-{course}")));

        for (int course = 0; course < 1000; course++)
        {
            Assert.Equal(course + 6, EngineUnderTest.Output<int>(await engine.FinishAsync($"course-{course}")));
        }

        Assert.Equal(3000, sent);
        Assert.Equal(1000, (await LifecycleTests.IdsAsync(engine, new OrchestrationQuery(Statuses: [Completed]))).Count);
    }

    [Fact, Row("own", "More activities at once than fit into memory")]
    public async Task However_many_activities_fall_due_at_once_each_runs_once()
    {
        const int clinics = 12;
        const int each = 500;
        var runs = new ConcurrentDictionary<int, int>();
        await using var engine = await OpenAsync(new EngineSetup
        {
            MaxConcurrentActivities = 4,
            Code = tasks =>
            {
                tasks.AddActivity<int, int>("Send", (_, n) => Task.FromResult(runs.AddOrUpdate(n, 1, (_, before) => before + 1)));
                tasks.AddOrchestrator<int, int>("Clinic", async (context, clinic) =>
                {
                    await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
                    var sent = Enumerable.Range(0, each).Select(n => context.CallActivityAsync<int>("Send", (clinic * each) + n));
                    return (await Task.WhenAll(sent)).Length;
                });
            },
        });
        for (int clinic = 0; clinic < clinics; clinic++)
        {
            await engine.StartAsync("Clinic", clinic, $"clinic-{clinic}");
        }

        for (int clinic = 0; clinic < clinics; clinic++)
        {
            Assert.Equal(each, EngineUnderTest.Output<int>(await engine.FinishAsync($"clinic-{clinic}")));
        }

        Assert.Equal(clinics * each, runs.Count);
        Assert.DoesNotContain(runs, run => run.Value != 1);
    }

    [Fact, Row("own", "A year-long timer in milliseconds")]
    public async Task A_year_passes_at_once_on_a_jumping_clock()
    {
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator("Year", async context =>
        {
            await context.CreateTimer(TimeSpan.FromDays(365), CancellationToken.None);
            return context.CurrentUtcDateTime;
        }));

        Assert.Equal(EngineSetup.Monday.UtcDateTime.AddDays(365), await engine.ResultAsync<DateTime>("Year"));
    }

    [Fact, Row("own", "Long histories")]
    public async Task An_instance_of_many_steps_keeps_its_whole_history()
    {
        await using var engine = await OpenAsync(tasks =>
        {
            tasks.AddActivity<int, int>("Add", (_, n) => Task.FromResult(n));
            tasks.AddOrchestrator("Many", async context =>
            {
                int sum = 0;
                for (int n = 1; n <= 150; n++)
                {
                    sum += await context.CallActivityAsync<int>("Add", n);
                }

                return sum;
            });
        });

        Assert.Equal(150 * 151 / 2, await engine.ResultAsync<int>("Many"));
    }

    [Fact, Row("7", "Size: 6,000,000 characters fine")]
    public async Task Large_inputs_and_outputs_are_kept_whole()
    {
        var large = new string('x', 6_000_000);
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator<string, string>("Large", async (_, text) => text));

        Assert.Equal(large, await engine.ResultAsync<string>("Large", large));
    }
}
