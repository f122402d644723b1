using FollowUp.Cli.Demo.Playing;

namespace FollowUp.Cli.Demo.Story;

/// <summary>Lets the acts of a story happen, each at its simulated instant.</summary>
internal sealed class StoryPlayer(DemoApp app, IReadOnlyList<Act> acts)
{
    private const int AtOnce = 4;
    private int _done;

    /// <summary>How many acts have happened.</summary>
    public int Done => Volatile.Read(ref _done);

    /// <summary>Plays the acts up to an instant, in their order; those of one instant side by side, while the clock stands.</summary>
    /// <returns>A hold on the clock, which stands at that instant.</returns>
    /// <exception cref="RefusedException">The app has refused an act.</exception>
    public async Task<IDisposable> PlayUntilAsync(DateTimeOffset end, CancellationToken cancellation)
    {
        IDisposable hold = app.Clock.Hold();
        try
        {
            foreach (IGrouping<DateTimeOffset, Act> moment in Moments(act => act.At <= end))
            {
                hold = await GoOnToAsync(moment.Key, hold, cancellation);
                await PlayAsync(moment, refused: null, cancellation);
            }

            return await GoOnToAsync(end, hold, cancellation);
        }
        catch
        {
            hold.Dispose();
            throw;
        }
    }

    /// <summary>Plays the acts behind an instant. Somebody looks on and may have changed anything, so an act that is refused by now is left out.</summary>
    /// <param name="begun">The instant.</param>
    /// <param name="hold">The hold on the clock at it.</param>
    /// <param name="cancellation">Stops.</param>
    public async Task PlayOnAsync(DateTimeOffset begun, IDisposable hold, CancellationToken cancellation)
    {
        try
        {
            foreach (IGrouping<DateTimeOffset, Act> moment in Moments(act => act.At > begun))
            {
                hold = await GoOnToAsync(moment.Key, hold, cancellation);
                await PlayAsync(moment, refused: _ => { }, cancellation);
            }
        }
        finally
        {
            hold.Dispose();
        }
    }

    private IEnumerable<IGrouping<DateTimeOffset, Act>> Moments(Func<Act, bool> chosen) => acts.Where(chosen).GroupBy(act => act.At).OrderBy(group => group.Key);

    private Task PlayAsync(IEnumerable<Act> moment, Action<Exception>? refused, CancellationToken cancellation)
    {
        ParallelOptions sideBySide = new() { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation };
        return Parallel.ForEachAsync(moment, sideBySide, async (act, stop) =>
        {
            try
            {
                await act.Do(app.Stage, stop);
            }
            catch (Exception e) when (refused is not null && e is RefusedException or HttpRequestException)
            {
                refused(e);
            }

            Interlocked.Increment(ref _done);
        });
    }

    /// <summary>
    /// Lets the clock go on to an instant, where it stands again. The timer for it is set before the clock is let go, and takes the hold itself: in
    /// between a jumping clock would be weeks ahead.
    /// </summary>
    private async Task<IDisposable> GoOnToAsync(DateTimeOffset instant, IDisposable hold, CancellationToken cancellation)
    {
        TaskCompletionSource<IDisposable> arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TimeSpan wait = instant - app.Clock.GetUtcNow();
        await using ITimer timer = app.Clock.CreateTimer(
            _ =>
            {
                IDisposable taken = app.Clock.Hold();
                if (!arrived.TrySetResult(taken))
                {
                    taken.Dispose();
                }
            },
            null,
            wait > TimeSpan.Zero ? wait : TimeSpan.Zero,
            Timeout.InfiniteTimeSpan);
        await using CancellationTokenRegistration giveUp = cancellation.Register(() => arrived.TrySetCanceled(cancellation));
        hold.Dispose();
        app.Begin();
        return await arrived.Task;
    }
}
