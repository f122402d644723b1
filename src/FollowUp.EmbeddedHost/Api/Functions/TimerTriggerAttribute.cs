using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Starts the function on a schedule; the parameter is a <see cref="TimerInfo"/>.</summary>
public sealed class TimerTriggerAttribute(string schedule) : TriggerBindingAttribute
{
    /// <summary>
    /// Six fields (second, minute, hour, day, month, day of the week), five fields (no seconds), a time span such as
    /// <c>00:30:00</c>, or <c>%Setting%</c> for one of them in the settings. Times are UTC.
    /// </summary>
    public string Schedule { get; private set; } = schedule;

    /// <summary>Whether to run once when the host starts.</summary>
    public bool RunOnStartup { get; set; }

    /// <summary>
    /// Whether the last occurrence is kept, so that one missed while the host was down runs once when it is up again.
    /// Has no effect on a schedule with less than a minute between occurrences.
    /// </summary>
    public bool UseMonitor { get; set; } = true;
}

/// <summary>What a timer function is told about the run.</summary>
public class TimerInfo
{
    /// <summary>The schedule's state, or null for a schedule that is not monitored.</summary>
    public ScheduleStatus? ScheduleStatus { get; set; }

    /// <summary>Whether this run makes up for one that was missed while the host was down.</summary>
    public bool IsPastDue { get; set; }
}

/// <summary>The state of a monitored schedule; instants are UTC.</summary>
public class ScheduleStatus
{
    /// <summary>The occurrence that last ran; the default value before the first.</summary>
    public DateTime Last { get; set; }

    /// <summary>The next occurrence.</summary>
    public DateTime Next { get; set; }

    /// <summary>When this was last written.</summary>
    public DateTime LastUpdated { get; set; }
}
