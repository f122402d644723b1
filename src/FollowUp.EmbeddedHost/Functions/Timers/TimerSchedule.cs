using System.Globalization;

namespace FollowUp.EmbeddedHost.Functions.Timers;

/// <summary>When a timer function runs, in UTC.</summary>
internal abstract class TimerSchedule
{
    private static readonly TimeSpan LeastMonitored = TimeSpan.FromMinutes(1);

    /// <summary>The first occurrence strictly after an instant; <see cref="DateTimeOffset.MaxValue"/> where there is none.</summary>
    public abstract DateTimeOffset Next(DateTimeOffset after);

    /// <summary>Reads a cron expression, or a time span such as <c>00:30:00</c>.</summary>
    /// <exception cref="FormatException">It is neither; the message says what is wrong.</exception>
    public static TimerSchedule Parse(string text)
    {
        // A time span without a colon would be a number of days, which nobody means.
        if (!text.Contains(':', StringComparison.Ordinal))
        {
            return CronExpression.Parse(text);
        }

        return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan interval) && interval > TimeSpan.Zero
            ? new Every(interval)
            : throw new FormatException("it is no time span above zero");
    }

    /// <summary>Whether occurrences are far enough apart, after an instant, for the last one to be worth keeping.</summary>
    public bool CanBeMonitored(DateTimeOffset from)
    {
        DateTimeOffset last = Next(from);
        for (int i = 0; i < 60; i++)
        {
            DateTimeOffset next = Next(last);
            if (next - last < LeastMonitored && next != DateTimeOffset.MaxValue)
            {
                return false;
            }

            last = next;
        }

        return true;
    }

    private sealed class Every(TimeSpan interval) : TimerSchedule
    {
        public override DateTimeOffset Next(DateTimeOffset after)
            => DateTimeOffset.MaxValue - after < interval ? DateTimeOffset.MaxValue : after + interval;
    }
}
