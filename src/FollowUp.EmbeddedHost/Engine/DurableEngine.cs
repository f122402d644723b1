using FollowUp.EmbeddedHost.Clock;
using FollowUp.EmbeddedHost.Engine.Dispatch;
using FollowUp.EmbeddedHost.Storage;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace FollowUp.EmbeddedHost.Engine;

/// <summary>
/// A durable task engine on one SQLite file. What its client has confirmed survives any crash; orchestrators go on where their
/// histories end; activities run at least once and their results are taken in once.
/// </summary>
public sealed class DurableEngine : IAsyncDisposable
{
    private const int CachedInstances = 2048;
    private const int ShownSetAside = 100;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _log;
    private EngineDatabase? _database;
    private Running? _running;
    private int _stopping;

    public DurableEngine(EngineOptions options, TaskRegistry registry, HostClock clock, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(loggers);
        Options = options;
        Registry = registry;
        Clock = clock;
        _loggers = loggers;
        _log = loggers.CreateLogger("FollowUp.Engine");
        Client = new EngineClient(this);
    }

    /// <summary>Usable while the engine runs.</summary>
    public DurableTaskClient Client { get; }

    internal EngineOptions Options { get; }

    internal TaskRegistry Registry { get; }

    internal HostClock Clock { get; }

    internal CompletionWaiters Waiters { get; } = new();

    internal EngineReader Reader => Parts.Reader;

    internal GroupCommitWriter Writer => Parts.Writer;

    internal InstanceDispatcher Dispatcher => Parts.Dispatcher;

    private Running Parts => _running ?? throw new InvalidOperationException("The engine is not running.");

    /// <summary>Opens the file and takes up whatever is due.</summary>
    /// <exception cref="IOException">Another host has the file.</exception>
    public Task StartAsync(CancellationToken cancellation)
    {
        if (_running is not null)
        {
            throw new InvalidOperationException("The engine is running already.");
        }

        _database = EngineDatabase.Open(Options.Path);
        Running running = new(this, _database);
        _running = running;
        Dictionary<OrchestrationRuntimeStatus, long> counts = running.Reader.CountByStatus();
        long ended = RuntimeStatuses.Ended.Sum(status => counts.GetValueOrDefault(status));
        EngineLog.Started(_log, Options.Path, counts.Values.Sum(), counts.Values.Sum() - ended);

        // Held until everything that is due is known, so that a simulated clock does not run past it.
        using IDisposable hold = Clock.Hold();
        running.Dispatcher.Start();
        foreach (long key in running.Reader.InstancesWithInbox())
        {
            running.Dispatcher.SignalInbox(key);
        }

        running.Activities.Start();
        running.Timers.Start();
        return Task.CompletedTask;
    }

    /// <summary>
    /// Begins nothing new, lets what runs come to its next commit, and closes the file. Activities get
    /// <see cref="EngineOptions.StopTimeout"/>; one that takes longer runs again after the next start.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        if (Interlocked.Exchange(ref _stopping, 1) == 1 || _running is not { } running)
        {
            return;
        }

        running.Timers.Stop();
        await running.Activities.StopAsync(Options.StopTimeout).ConfigureAwait(false);
        await running.Dispatcher.StopAsync(Options.StopTimeout).ConfigureAwait(false);
        await running.Writer.DisposeAsync().ConfigureAwait(false);
        Close(running);
        EngineLog.Stopped(_log);
    }

    /// <summary>How the engine is doing; a few indexed reads.</summary>
    public EngineStatus GetStatus() => new(
        Reader.CountByStatus(),
        Dispatcher.Count,
        Parts.Activities.Running,
        Reader.EarliestTimer(),
        [.. Reader.SetAside(ShownSetAside).Select(row => new SetAsideInstance(row.Id, row.Reason))],
        Writer.Commits);

    /// <summary>Lets an instance that was set aside be tried again. False when there is no such instance.</summary>
    public async Task<bool> ReleaseAsync(string instanceId)
    {
        long? key = await Writer.RunAsync(session =>
        {
            InstanceRow? row = session.FindInstance(instanceId);
            if (row?.SetAside is not null)
            {
                session.SetAside(row.Key, null);
            }

            return row?.SetAside is null ? (long?)null : row.Key;
        }).ConfigureAwait(false);
        if (key is { } released)
        {
            Release(released);
        }

        return key is not null;
    }

    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None).ConfigureAwait(false);

    /// <summary>Ends as a crash would: nothing is finished and nothing more is written. For tests of what survives.</summary>
    internal async Task CrashAsync()
    {
        if (Interlocked.Exchange(ref _stopping, 1) == 1 || _running is not { } running)
        {
            return;
        }

        await running.Writer.AbortAsync().ConfigureAwait(false);
        running.Timers.Stop();
        await running.Activities.StopAsync(TimeSpan.Zero).ConfigureAwait(false);
        await running.Dispatcher.StopAsync(TimeSpan.Zero).ConfigureAwait(false);
        Close(running);
    }

    internal void Release(long key)
    {
        Parts.Cache.Forget(key);
        Dispatcher.Release(key);
    }

    private void Close(Running running)
    {
        running.Timers.Dispose();
        running.Activities.Dispose();
        running.Reader.Dispose();
        _database!.Dispose();
    }

    /// <summary>The parts of a running engine, put together.</summary>
    private sealed class Running
    {
        public Running(DurableEngine engine, EngineDatabase database)
        {
            Reader = new EngineReader(database);
            Writer = new GroupCommitWriter(database, engine.Clock);
            Cache = new InstanceCache(CachedInstances);
            Timers = new TimerQueue(Reader, engine.Clock, timer => Dispatcher!.Signal(timer.Instance, new TimerArrival(timer)));
            Activities = new ActivityDispatcher(
                Reader,
                engine.Registry,
                engine.Clock,
                engine.Options.MaxConcurrentActivities,
                arrival => Dispatcher!.Signal(arrival.Activity.Instance, arrival),
                engine._loggers);
            InstanceStepper stepper = new(
                engine.Options, engine.Registry, engine.Clock, Reader, Writer, Cache, engine.Waiters, Timers, Activities, engine._loggers);
            Dispatcher = new InstanceDispatcher(stepper.StepAsync, SetAsideAsync, engine.Clock, engine.Options, engine._log);

            async Task SetAsideAsync(long key, string reason)
            {
                await Writer.RunAsync(session =>
                {
                    session.SetAside(key, reason);
                    return true;
                }).ConfigureAwait(false);
                EngineLog.SetAside(engine._log, Reader.FindInstance(key)?.Id ?? $"#{key}", reason);
            }
        }

        public EngineReader Reader { get; }

        public GroupCommitWriter Writer { get; }

        public InstanceCache Cache { get; }

        public TimerQueue Timers { get; }

        public ActivityDispatcher Activities { get; }

        public InstanceDispatcher Dispatcher { get; }
    }
}
