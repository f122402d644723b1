using FollowUp.EmbeddedHost.Clock;

namespace FollowUp.EmbeddedHost.Tests.Clock;

/// <summary>A clock that jumps to where somebody wants to look, and runs from there.</summary>
public sealed class ChangeOfPaceTests
{
    private static readonly DateTimeOffset s_start = new(2027, 3, 2, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_clock_that_has_jumped_runs_on_from_the_instant_at_which_it_stands()
    {
        using SimulatedClock clock = new(s_start, double.PositiveInfinity);
        TaskCompletionSource<IDisposable> arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using ITimer timer = clock.CreateTimer(_ => arrived.TrySetResult(clock.Hold()), null, TimeSpan.FromDays(40), Timeout.InfiniteTimeSpan);
        IDisposable hold = await arrived.Task;

        clock.ChangePace(1);
        Assert.False(clock.Jumps);
        Assert.Equal(s_start.AddDays(40), clock.GetUtcNow());
        hold.Dispose();

        // A jumping clock with nothing to wait for would stand still, and one that had not forgotten its first pace would be years ahead.
        DateTimeOffset now = clock.GetUtcNow();
        while (now <= s_start.AddDays(40).AddHours(1))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
            now = clock.GetUtcNow();
        }

        Assert.True(now < s_start.AddYears(1), $"The clock is at {now}.");
    }

    [Fact]
    public async Task A_timer_set_at_the_old_pace_is_called_at_the_new_one()
    {
        // At this pace the timer is a hundred years of real time away.
        using SimulatedClock clock = new(s_start, 1e-4);
        TaskCompletionSource<DateTimeOffset> called = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using ITimer timer = clock.CreateTimer(_ => called.TrySetResult(clock.GetUtcNow()), null, TimeSpan.FromDays(300_000), Timeout.InfiniteTimeSpan);
        clock.ChangePace(double.PositiveInfinity);

        // What has passed at the old pace before the change is a few thousandths of a second.
        Assert.InRange(await called.Task, s_start.AddDays(300_000), s_start.AddDays(300_000).AddMinutes(1));
    }

    [Fact]
    public void A_pace_that_is_none_is_refused()
    {
        using SimulatedClock clock = new(s_start, 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => clock.ChangePace(0));
    }
}
