using FollowUp.Cli.Demo.Playing;

namespace FollowUp.Cli.Demo.Story;

/// <summary>Lets the acts of a story happen, each at its simulated instant.</summary>
internal sealed class StoryPlayer(DemoApp app, IReadOnlyList<Act> acts)
{
    private const int AtOnce = 4;
    private int _done;

    /// <summary>How many acts have happened.</summary>
    public int Done => Volatile.Read(ref _done);

    public int Total => acts.Count;

    /// <summary>Plays the acts of a stretch of time in their order; those of one instant side by side, while the clock stands.</summary>
    /// <param name="after">Acts up to this instant have happened.</param>
    /// <param name="until">The last instant.</param>
    /// <param name="refused">Told what the app has refused. Null: that ends it.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="RefusedException">The app has refused an act, and nobody is told of it.</exception>
    public async Task PlayAsync(DateTimeOffset after, DateTimeOffset until, Action<Exception>? refused, CancellationToken cancellation)
    {
        foreach (IGrouping<DateTimeOffset, Act> moment in acts.Where(act => act.At > after && act.At <= until).GroupBy(act => act.At).OrderBy(group => group.Key))
        {
            using IDisposable hold = await StandAtAsync(moment.Key, cancellation);
            ParallelOptions sideBySide = new() { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation };
            await Parallel.ForEachAsync(moment, sideBySide, async (act, stop) =>
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

            // From here on the clock runs, if nothing else holds it: until the first act it has stood at the very beginning.
            app.Begin();
        }
    }

    /// <summary>Waits until the clock is at an instant, and holds it there.</summary>
    public async Task<IDisposable> StandAtAsync(DateTimeOffset instant, CancellationToken cancellation)
    {
        TimeSpan wait = instant - app.Clock.GetUtcNow();
        if (wait <= TimeSpan.Zero)
        {
            return app.Clock.Hold();
        }

        // Held by the timer itself: between a wait that ends and a hold that begins a jumping clock would be days ahead.
        TaskCompletionSource<IDisposable> arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using ITimer timer = app.Clock.CreateTimer(
            _ =>
            {
                IDisposable hold = app.Clock.Hold();
                if (!arrived.TrySetResult(hold))
                {
                    hold.Dispose();
                }
            },
            null,
            wait,
            Timeout.InfiniteTimeSpan);
        await using CancellationTokenRegistration giveUp = cancellation.Register(() => arrived.TrySetCanceled(cancellation));
        return await arrived.Task;
    }
}
