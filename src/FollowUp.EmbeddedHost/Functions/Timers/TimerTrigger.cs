using FollowUp.EmbeddedHost.Clock;
using FollowUp.EmbeddedHost.Functions.Invocation;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace FollowUp.EmbeddedHost.Functions.Timers;

/// <summary>Runs one timer function: one run at a time, and occurrences that pass during a run or while the host is down make one run.</summary>
internal sealed class TimerTrigger(
    HostFunction function,
    TimerSchedule schedule,
    TimerMonitor monitor,
    FunctionInvoker invoker,
    HostClock clock,
    ILogger logger)
{
    // A simulated clock is looked at in real time. A timer on it would count as work that is due, so a fast clock would stop at
    // every occurrence, and a jumping one would never come to rest.
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);

    // Longer waits are cut, so that a machine's clock that is set, or a laptop that sleeps, delays a run by no more than this.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private readonly TimerTriggerAttribute _attribute = (TimerTriggerAttribute)function.Trigger;

    /// <summary>Runs until it is stopped; then the run under way, if there is one, has ended.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        DateTimeOffset from = clock.GetUtcNow();
        bool monitored = _attribute.UseMonitor && schedule.CanBeMonitored(from);
        ScheduleStatus? status = monitored ? monitor.Read(function.Name) : null;
        bool pastDue = false;
        if (status is not null)
        {
            DateTimeOffset last = Utc(status.Last == default ? status.LastUpdated : status.Last);
            pastDue = schedule.Next(last) <= from;
            from = last;
        }
        else if (monitored)
        {
            status = Keep(default, from, from);
        }

        if (_attribute.RunOnStartup)
        {
            from = clock.GetUtcNow();
            status = await RunOnceAsync(from, from, status, pastDue, stop);
            pastDue = false;
        }

        while (!stop.IsCancellationRequested)
        {
            DateTimeOffset due = schedule.Next(from);
            if (!await WaitAsync(due, stop))
            {
                return;
            }

            from = clock.GetUtcNow();
            status = await RunOnceAsync(due, from, status, pastDue, stop);
            pastDue = false;
        }
    }

    private async Task<ScheduleStatus?> RunOnceAsync(DateTimeOffset due, DateTimeOffset from, ScheduleStatus? status, bool pastDue, CancellationToken stop)
    {
        var timer = new TimerInfo { IsPastDue = pastDue, ScheduleStatus = status };
        try
        {
            await invoker.InvokeAsync(function, timer, FunctionInvoker.NoData, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Not kept as run: the next start makes up for it.
            return status;
        }
        catch (Exception cause)
        {
            logger.LogError(cause, "Timer function {Function} failed; it runs again at its next occurrence", function.Name);
        }

        return status is null ? null : Keep(due, from, clock.GetUtcNow());
    }

    private ScheduleStatus Keep(DateTimeOffset last, DateTimeOffset from, DateTimeOffset now)
    {
        var status = new ScheduleStatus
        {
            Last = last.UtcDateTime,
            Next = schedule.Next(from).UtcDateTime,
            LastUpdated = now.UtcDateTime,
        };
        monitor.Write(function.Name, status);
        return status;
    }

    private async Task<bool> WaitAsync(DateTimeOffset due, CancellationToken stop)
    {
        try
        {
            for (TimeSpan left = due - clock.GetUtcNow(); left > TimeSpan.Zero; left = due - clock.GetUtcNow())
            {
                await (clock.IsSimulated
                    ? Task.Delay(Glance, TimeProvider.System, stop)
                    : Task.Delay(left < LongestWait ? left : LongestWait, clock, stop));
            }

            return !stop.IsCancellationRequested;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static DateTimeOffset Utc(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc));
}
