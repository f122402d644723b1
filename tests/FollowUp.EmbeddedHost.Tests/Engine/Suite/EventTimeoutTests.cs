using FollowUp.EmbeddedHost.Engine;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace FollowUp.EmbeddedHost.Tests.Engine.Suite;

/// <summary>Section 2: waits that time out or are cancelled, and the events that their dead waiters eat.</summary>
public abstract class EventTimeoutTests : EngineSuite
{
    [Theory, Row("2", "WaitForExternalEvent(name, timeout) expires")]
    [InlineData(0)]
    [InlineData(60)]
    public async Task A_wait_that_times_out_throws_TaskCanceledException(int minutes)
    {
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator<int, string>("Wait", async (context, timeout) =>
        {
            try
            {
                return await context.WaitForExternalEvent<string>("signal", TimeSpan.FromMinutes(timeout));
            }
            catch (Exception error)
            {
                return $"{error.GetType().FullName}: {error.Message}";
            }
        }));

        Assert.Equal("System.Threading.Tasks.TaskCanceledException: A task was canceled.", await engine.ResultAsync<string>("Wait", minutes));
    }

    [Fact, Row("2", "WaitForExternalEvent(name, timeout) expires: the event in time")]
    public async Task A_wait_that_is_answered_in_time_does_not_hold_the_instance_until_its_timeout()
    {
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator("Wait", async context =>
            await context.WaitForExternalEvent<string>("signal", TimeSpan.FromDays(1))));
        var id = await engine.StartAsync("Wait");
        await engine.SettleAsync();

        await engine.Client.RaiseEventAsync(id, "signal", "in time");

        Assert.Equal("in time", EngineUnderTest.Output<string>(await engine.CompletionAsync(id)));
        Assert.True(engine.Clock.GetUtcNow() < EngineSetup.Monday.AddHours(1));
    }

    [Fact, Row("2", "Dead waiter eats an event: wait timed out"), Row("trap", "A cancelled or timed-out wait eats the next event")]
    public async Task A_wait_that_timed_out_eats_the_next_event_of_its_name()
    {
        await using var engine = await OpenAsync(TimesOutThenWaits);
        var id = await engine.StartAsync("Wait");
        await engine.PassAsync(TimeSpan.FromHours(2));

        await engine.Client.RaiseEventAsync(id, "signal", "eaten");
        await engine.SettleAsync();
        await engine.Client.RaiseEventAsync(id, "next");

        Assert.Equal("timed out", EngineUnderTest.Output<string>(await engine.FinishAsync(id)));
    }

    [Fact, Row("2", "Dead waiter eats an event: with two events the second is received")]
    public async Task Of_two_events_after_a_timeout_the_second_is_received()
    {
        await using var engine = await OpenAsync(TimesOutThenWaits);
        var id = await engine.StartAsync("Wait");
        await engine.PassAsync(TimeSpan.FromHours(2));

        await engine.Client.RaiseEventAsync(id, "signal", "eaten");
        await engine.Client.RaiseEventAsync(id, "signal", "received");
        await engine.SettleAsync();
        await engine.Client.RaiseEventAsync(id, "next");

        Assert.Equal("received", EngineUnderTest.Output<string>(await engine.FinishAsync(id)));
    }

    [Fact, Row("2", "Dead waiter eats an event: the new wait is already open"), Row("2", "A later wait receives a later event")]
    public async Task A_new_wait_that_is_already_open_gets_the_event_before_the_dead_one()
    {
        await using var engine = await OpenAsync(TimesOutThenWaits);
        var id = await engine.StartAsync("Wait");
        await engine.PassAsync(TimeSpan.FromHours(2));

        await engine.Client.RaiseEventAsync(id, "next");
        await engine.SettleAsync();
        await engine.Client.RaiseEventAsync(id, "signal", "received");

        Assert.Equal("received", EngineUnderTest.Output<string>(await engine.FinishAsync(id)));
    }

    [Fact, Row("2", "Dead waiter eats an event: token cancelled")]
    public async Task A_wait_whose_token_was_cancelled_eats_the_next_event_of_its_name()
    {
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator("Wait", async context =>
        {
            using var cancel = new CancellationTokenSource();
            var abandoned = context.WaitForExternalEvent<string>("signal", cancel.Token);
            cancel.Cancel();
            Assert.True(abandoned.IsCanceled);
            await context.WaitForExternalEvent<string>("next");
            return await context.WaitForExternalEvent<string>("signal");
        }));
        var id = await engine.StartAsync("Wait");
        await engine.SettleAsync();

        await engine.Client.RaiseEventAsync(id, "signal", "eaten");
        await engine.Client.RaiseEventAsync(id, "next");
        await engine.Client.RaiseEventAsync(id, "signal", "received");

        Assert.Equal("received", EngineUnderTest.Output<string>(await engine.FinishAsync(id)));
    }

    [Fact, Row("2", "Token already cancelled at the call")]
    public async Task A_wait_with_a_cancelled_token_throws_unless_an_event_is_kept()
    {
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator("Wait", async context =>
        {
            await context.WaitForExternalEvent<string>("go");
            try
            {
                return "got " + await context.WaitForExternalEvent<string>("signal", new CancellationToken(canceled: true));
            }
            catch (TaskCanceledException cancelled)
            {
                return cancelled.Message;
            }
        }));
        var without = await engine.StartAsync("Wait");
        var with = await engine.StartAsync("Wait");
        await engine.SettleAsync();

        await engine.Client.RaiseEventAsync(with, "signal", "one");
        await engine.Client.RaiseEventAsync(with, "go");
        await engine.Client.RaiseEventAsync(without, "go");

        Assert.Equal("A task was canceled.", EngineUnderTest.Output<string>(await engine.FinishAsync(without)));
        Assert.Equal("got one", EngineUnderTest.Output<string>(await engine.FinishAsync(with)));
    }

    [Fact, Row("trap", "One outstanding wait, raced against timers, re-created only after it was answered")]
    public async Task One_wait_that_is_raced_against_every_timer_hears_every_signal()
    {
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator("Session", async context =>
        {
            var log = new List<string>();
            var signal = context.WaitForExternalEvent<string>("signal");
            for (int day = 1; day <= 4;)
            {
                using var cancel = new CancellationTokenSource();
                var due = context.CreateTimer(context.CurrentUtcDateTime.Date.AddDays(1).AddHours(10), cancel.Token);
                if (await Task.WhenAny(signal, due) == signal)
                {
                    cancel.Cancel();
                    log.Add(await signal);
                    signal = context.WaitForExternalEvent<string>("signal");
                }
                else
                {
                    log.Add($"day {day++}");
                }
            }

            return string.Join(", ", log);
        }));
        var id = await engine.StartAsync("Session");
        await engine.PassAsync(TimeSpan.FromDays(1));
        await engine.Client.RaiseEventAsync(id, "signal", "changed");
        await engine.Client.RaiseEventAsync(id, "signal", "reply");
        await engine.PassAsync(TimeSpan.FromDays(2));
        await engine.KillAsync();
        await engine.Client.RaiseEventAsync(id, "signal", "completed");

        Assert.Equal("day 1, changed, reply, day 2, day 3, completed, day 4", EngineUnderTest.Output<string>(await engine.FinishAsync(id)));
    }

    /// <summary>Waits an hour for "signal" in vain, then for "next", then for "signal" again.</summary>
    private static void TimesOutThenWaits(TaskRegistry tasks) => tasks.AddOrchestrator("Wait", async context =>
    {
        try
        {
            return "early " + await context.WaitForExternalEvent<string>("signal", TimeSpan.FromHours(1));
        }
        catch (TaskCanceledException)
        {
        }

        await context.WaitForExternalEvent<string>("next");
        try
        {
            return await context.WaitForExternalEvent<string>("signal", TimeSpan.FromHours(1));
        }
        catch (TaskCanceledException)
        {
            return "timed out";
        }
    });
}
