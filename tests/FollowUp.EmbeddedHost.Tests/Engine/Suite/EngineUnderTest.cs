using FollowUp.EmbeddedHost.Clock;
using FollowUp.EmbeddedHost.Engine;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace FollowUp.EmbeddedHost.Tests.Engine.Suite;

/// <summary>
/// An engine with its store, its clock and its log, as a test drives it. The clock jumps to the next due work, but stands
/// still until the test lets time pass, so that what a test does between two instants happens between these instants.
/// </summary>
public abstract class EngineUnderTest(EngineSetup setup) : IAsyncDisposable
{
    /// <summary>How long (real time) anything may take before the test fails instead of hanging.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly LogSink logs = new();
    private ILoggerFactory? loggers;
    private DurableEngine? engine;
    private IDisposable? stillness;

    /// <summary>How the next engine is made.</summary>
    public EngineSetup Setup { get; set; } = setup;

    /// <summary>The engine that runs now.</summary>
    public DurableEngine Engine => engine ?? throw new InvalidOperationException("The engine is down.");

    /// <summary>The client of the engine that runs now.</summary>
    public DurableTaskClient Client => Engine.Client;

    /// <summary>The clock, the same one over every restart.</summary>
    public SimulatedClock Clock { get; } = new(setup.StartsAt, double.PositiveInfinity);

    /// <summary>Everything that the engine and the code in it have logged.</summary>
    public LogSink Logs => logs;

    /// <summary>Brings the engine up, with time standing still.</summary>
    public async Task OpenAsync(Action<TaskRegistry>? code = null)
    {
        StopTime();
        loggers ??= LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Debug).AddProvider(logs));
        var registry = new TaskRegistry();
        (code ?? Setup.Code)(registry);
        engine = Open(Setup, registry, Clock, loggers);
        await engine.StartAsync(CancellationToken.None).WaitAsync(Limit);
    }

    /// <summary>Stops the engine gracefully, lets it be down for a while, and starts a new one on the same store.</summary>
    public async Task RestartAsync(Action<TaskRegistry>? code = null, TimeSpan downFor = default)
    {
        await CloseAsync();
        if (downFor > TimeSpan.Zero)
        {
            await PassAsync(downFor);
        }

        await OpenAsync(code);
    }

    /// <summary>
    /// Kills the engine: the next one finds what a power cut at this instant would have left in the store.
    /// </summary>
    /// <param name="whatDiesWithIt">Ends work that is still inside the old engine; whatever it does comes too late to count.</param>
    /// <param name="code">New code for the next engine; null for the same again.</param>
    public async Task KillAsync(Action? whatDiesWithIt = null, Action<TaskRegistry>? code = null)
    {
        LeaveWhatAPowerCutLeaves();
        whatDiesWithIt?.Invoke();
        var dead = Engine;
        engine = null;
        await dead.CrashAsync().WaitAsync(Limit);
        await OpenAsync(code);
    }

    /// <summary>Stops the engine gracefully and leaves it down.</summary>
    public async Task CloseAsync()
    {
        var stopping = Engine;
        engine = null;
        await stopping.StopAsync(CancellationToken.None).WaitAsync(Limit);
        await stopping.DisposeAsync().AsTask().WaitAsync(Limit);
    }

    /// <summary>Lets simulated time pass; everything that is due before the end of it is done, and time stands still again.</summary>
    public async Task PassAsync(TimeSpan span)
    {
        StopTime();
        var arrived = new TaskCompletionSource<IDisposable>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var timer = Clock.CreateTimer(_ => arrived.TrySetResult(Clock.Hold()), null, span, Timeout.InfiniteTimeSpan);
        LetTimePass();
        stillness = await arrived.Task.WaitAsync(Limit);
    }

    /// <summary>Lets the engine finish everything that is due now (a millisecond of simulated time passes).</summary>
    public Task SettleAsync() => PassAsync(TimeSpan.FromMilliseconds(1));

    /// <summary>Starts an orchestration; it has not necessarily begun when this returns.</summary>
    public Task<string> StartAsync(TaskName orchestrator, object? input = null, string? id = null) =>
        Client.ScheduleNewOrchestrationInstanceAsync(orchestrator, input, id is null ? null : new StartOrchestrationOptions(id)).WaitAsync(Limit);

    /// <summary>Lets time pass until the instance has ended, however long it takes on the simulated clock.</summary>
    public async Task<OrchestrationMetadata> FinishAsync(string id)
    {
        LetTimePass();
        try
        {
            return await CompletionAsync(id);
        }
        finally
        {
            StopTime();
        }
    }

    /// <summary>Waits until the instance has ended, without letting time pass.</summary>
    public async Task<OrchestrationMetadata> CompletionAsync(string id)
    {
        using var limit = new CancellationTokenSource(Limit);
        return await Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, limit.Token);
    }

    /// <summary>Starts an orchestration and lets time pass until it has ended.</summary>
    public async Task<OrchestrationMetadata> RunAsync(TaskName orchestrator, object? input = null, string? id = null) =>
        await FinishAsync(await StartAsync(orchestrator, input, id));

    /// <summary>Runs an orchestration that is expected to complete, and returns its output.</summary>
    public async Task<T?> ResultAsync<T>(TaskName orchestrator, object? input = null, string? id = null) =>
        Output<T>(await RunAsync(orchestrator, input, id));

    /// <summary>The output of an instance that is expected to have completed.</summary>
    public static T? Output<T>(OrchestrationMetadata instance)
    {
        Assert.True(
            instance.RuntimeStatus == OrchestrationRuntimeStatus.Completed,
            $"'{instance.InstanceId}' is {instance.RuntimeStatus}: {instance.FailureDetails?.ErrorType}: {instance.FailureDetails?.ErrorMessage}");
        return instance.ReadOutputAs<T>();
    }

    /// <summary>The instance as the client sees it now, with inputs and outputs.</summary>
    public async Task<OrchestrationMetadata> LookAsync(string id) =>
        await Client.GetInstanceAsync(id, getInputsAndOutputs: true).WaitAsync(Limit)
        ?? throw new InvalidOperationException($"There is no instance '{id}'.");

    /// <summary>
    /// Waits until the instance looks as asked. Only for a test that cannot let time pass, because an activity is inside its
    /// work; everywhere else <see cref="SettleAsync"/> is exact.
    /// </summary>
    public async Task<OrchestrationMetadata> UntilAsync(string id, Func<OrchestrationMetadata, bool> looksRight)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (true)
        {
            var instance = await LookAsync(id);
            if (looksRight(instance))
            {
                return instance;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, limit.Token);
        }
    }

    /// <summary>Lets simulated time run until <see cref="StopTime"/>.</summary>
    public void LetTimePass()
    {
        stillness?.Dispose();
        stillness = null;
    }

    /// <summary>Makes simulated time stand still.</summary>
    public void StopTime() => stillness ??= Clock.Hold();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (engine is not null)
        {
            await engine.DisposeAsync().AsTask().WaitAsync(Limit);
        }

        LetTimePass();
        loggers?.Dispose();
        DeleteStore();
        GC.SuppressFinalize(this);
    }

    /// <summary>Makes an engine on the store as it is now.</summary>
    protected abstract DurableEngine Open(EngineSetup setup, TaskRegistry registry, HostClock clock, ILoggerFactory loggers);

    /// <summary>Makes the next <see cref="Open"/> find the store as it is at this instant, whatever the present engine still does.</summary>
    protected abstract void LeaveWhatAPowerCutLeaves();

    /// <summary>Removes every trace of the store.</summary>
    protected abstract void DeleteStore();
}
