using FollowUp.Sms;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace FollowUp.Workflows.Sending;

/// <summary>How long things around a send may take. All of it follows from Twilio's time-out, which always counts real time.</summary>
public sealed class SendTiming
{
    /// <summary>On a simulated clock nobody waits for minutes, and Twilio is a process on this machine.</summary>
    public static readonly TimeSpan SimulatedTimeout = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(15);

    public SendTiming(IConfiguration configuration, IOptions<TwilioOptions> twilio)
    {
        ArgumentNullException.ThrowIfNull(twilio);
        ClockIsSimulated = IsSimulated(configuration);
        ClaimIsGoodFor = twilio.Value.Timeout / 2;
        Grace = twilio.Value.Timeout * 2;
    }

    /// <summary>Whether the app's clock runs apart from real time.</summary>
    public bool ClockIsSimulated { get; }

    /// <summary>
    /// How long after its claim a send may begin. With the time-out of the call this stays below <see cref="Grace"/>, so that a worker which
    /// was frozen in between cannot send after the step has been settled as never sent.
    /// </summary>
    public TimeSpan ClaimIsGoodFor { get; }

    /// <summary>After this time Twilio's list shows every message of a call: it has been answered or given up long since.</summary>
    public TimeSpan Grace { get; }

    /// <summary>The part of <see cref="Grace"/> that the orchestration waits out with a durable timer.</summary>
    public TimeSpan DurableGrace => ClockIsSimulated ? TimeSpan.Zero : Grace;

    /// <summary>The part of <see cref="Grace"/> that must pass in real time, because a simulated clock says nothing about Twilio.</summary>
    public TimeSpan RealGrace => ClockIsSimulated ? Grace : TimeSpan.Zero;

    /// <summary>How long to wait after the n-th attempt that Twilio put off.</summary>
    /// <param name="attempt">From 1.</param>
    /// <param name="asked">What Twilio asks for, if it does: from a second to an hour of it is believed.</param>
    public static TimeSpan RetryDelay(int attempt, TimeSpan? asked) =>
        asked is { } wait ? TimeSpan.FromTicks(Math.Clamp(wait.Ticks, TimeSpan.TicksPerSecond, TimeSpan.TicksPerHour))
        : attempt is < 1 or > 10 || FirstRetry * (1 << (attempt - 1)) is var delay && delay > LongestRetry ? LongestRetry : delay;

    public static bool IsSimulated(IConfiguration configuration) =>
        !string.IsNullOrEmpty(configuration["FollowUp:Clock:Start"]) || !string.IsNullOrEmpty(configuration["FollowUp:Clock:DaysPerSecond"]);
}
