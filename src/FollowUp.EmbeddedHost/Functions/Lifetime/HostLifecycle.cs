using FollowUp.EmbeddedHost.Clock;
using FollowUp.EmbeddedHost.Engine;
using FollowUp.EmbeddedHost.Functions.Http;
using FollowUp.EmbeddedHost.Functions.Settings;
using FollowUp.EmbeddedHost.Functions.Timers;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FollowUp.EmbeddedHost.Functions.Lifetime;

/// <summary>
/// The order of start and stop. Start: the app's own services, the listening socket with the emulator behind it, the engine,
/// the timers, the app's traffic. Stop: the other way round, so that the last activities still reach the emulator and the last
/// requests still reach the engine.
/// </summary>
internal sealed class HostLifecycle(
    DurableEngine engine,
    TimerService timers,
    TrafficGate gate,
    HostClock clock,
    HostSettings settings,
    IHostApplicationLifetime lifetime,
    StartupNotice notice,
    ILogger<HostLifecycle> logger) : IHostedLifecycleService
{
    // Of the 30 seconds that a host has to stop, those that requests get before they are cancelled.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // A simulated clock runs only while the host is up: not before the engine knows what is due, nor while it stops.
    private IDisposable? _hold = settings.StartupHold;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        try
        {
            await engine.StartAsync(cancellationToken);
        }
        catch (IOException cause)
        {
            throw new HostStartException(cause.Message, cause);
        }

        timers.Start();
        gate.Open();
        notice.Show();
        _hold?.Dispose();
        _hold = null;
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _hold ??= clock.Hold();

        // Whoever it was that stops the host, the emulator hears of it before the gate closes, and keeps what would be turned away.
        lifetime.StopApplication();
        logger.LogInformation("Stopping: no new requests; waiting for what is under way");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        Task requests = gate.CloseAsync(patience.Token);
        await timers.StopAsync();
        await requests;
        await engine.StopAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        logger.LogInformation("Stopped");
        return Task.CompletedTask;
    }
}

/// <summary>Tells the operator that the host is up.</summary>
internal sealed record StartupNotice(Action Show);
