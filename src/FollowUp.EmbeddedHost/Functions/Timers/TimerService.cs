using FollowUp.EmbeddedHost.Clock;
using FollowUp.EmbeddedHost.Functions.Discovery;
using FollowUp.EmbeddedHost.Functions.Invocation;
using FollowUp.EmbeddedHost.Functions.Settings;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace FollowUp.EmbeddedHost.Functions.Timers;

/// <summary>Runs the timer functions from the host's start to its stop.</summary>
internal sealed class TimerService : IDisposable
{
    private readonly List<TimerTrigger> _triggers = [];
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    public TimerService(
        IReadOnlyDictionary<HostFunction, TimerSchedule> schedules,
        DataDirectory data,
        FunctionInvoker invoker,
        HostClock clock,
        ILogger<TimerService> logger)
    {
        var monitor = new TimerMonitor(data);
        _triggers.AddRange(schedules.Select(entry => new TimerTrigger(entry.Key, entry.Value, monitor, invoker, clock, logger)));
    }

    /// <exception cref="HostStartException">A schedule is malformed, or names a setting that there is not.</exception>
    public static IReadOnlyDictionary<HostFunction, TimerSchedule> Schedules(IEnumerable<HostFunction> functions, IConfiguration settings)
    {
        var problems = new List<string>();
        var schedules = new Dictionary<HostFunction, TimerSchedule>();
        foreach (HostFunction function in functions.Where(f => f.Kind == TriggerKind.Timer))
        {
            string text = ((TimerTriggerAttribute)function.Trigger).Schedule;
            try
            {
                string schedule = SettingReference.Resolve(text, settings) ?? throw new FormatException("there is no such setting");
                schedules.Add(function, TimerSchedule.Parse(schedule));
            }
            catch (FormatException cause)
            {
                problems.Add($"Function '{function.Name}' ({function.Place}): the schedule '{text}' is refused: {cause.Message}.");
            }
        }

        FunctionFinder.ThrowIfAny(problems);
        return schedules;
    }

    public void Start() => _running = Task.WhenAll(_triggers.Select(trigger => Task.Run(() => trigger.RunAsync(_stop.Token))));

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    public void Dispose() => _stop.Dispose();
}
