using FollowUp.EmbeddedHost.Engine;
using Grpc.Core;

namespace FollowUp.EmbeddedHost.Tests.Engine.Suite;

/// <summary>
/// The tests that every engine has to pass, whatever it keeps its state in. They follow what was measured on the real Durable
/// Task engines; <see cref="RowAttribute"/> says which measurement. An engine is added by deriving every class once.
/// </summary>
public abstract class EngineSuite
{
    /// <summary>Makes an engine with a store of its own, not yet open.</summary>
    protected abstract EngineUnderTest CreateEngine(EngineSetup setup);

    /// <summary>Opens an engine that runs this code.</summary>
    protected Task<EngineUnderTest> OpenAsync(Action<TaskRegistry> code) => OpenAsync(new EngineSetup { Code = code });

    /// <summary>Opens an engine with this set-up.</summary>
    protected async Task<EngineUnderTest> OpenAsync(EngineSetup setup)
    {
        var engine = CreateEngine(setup);
        await engine.OpenAsync();
        return engine;
    }

    /// <summary>Runs a call that the engine is expected to refuse the way a Functions host does, and returns the refusal.</summary>
    protected static async Task<RpcException> RefusedAsync(StatusCode code, string message, Func<Task> call)
    {
        var refusal = await Assert.ThrowsAsync<RpcException>(call);
        Assert.Equal(code, refusal.Status.StatusCode);
        Assert.Contains(message, refusal.Status.Detail, StringComparison.Ordinal);
        return refusal;
    }
}

/// <summary>A failure of the application's own, with a cause.</summary>
public sealed class ClinicClosedException(string message, Exception? cause = null) : Exception(message, cause);
