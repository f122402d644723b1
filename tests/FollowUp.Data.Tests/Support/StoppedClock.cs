using NodaTime;

namespace FollowUp.Testing;

/// <summary>A clock that stands still until a test moves it.</summary>
public sealed class StoppedClock(Instant start) : TimeProvider
{
    private long _ticks = start.ToUnixTimeTicks();

    public Instant Now
    {
        get => Instant.FromUnixTimeTicks(Interlocked.Read(ref _ticks));
        set => Interlocked.Exchange(ref _ticks, value.ToUnixTimeTicks());
    }

    public override DateTimeOffset GetUtcNow() => Now.ToDateTimeOffset();
}
