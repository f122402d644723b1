using FollowUp.EmbeddedHost.Engine;
using FollowUp.EmbeddedHost.Functions.Invocation;
using FollowUp.EmbeddedHost.Functions.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.EmbeddedHost.Functions.Durable;

/// <summary>Shows the app's orchestrators and activities to the engine.</summary>
internal static class EngineFunctions
{
    public static TaskRegistry Registry(
        IEnumerable<HostFunction> functions, FunctionPipeline pipeline, FunctionInvoker invoker, IServiceScopeFactory scopes)
    {
        var registry = new TaskRegistry();
        foreach (HostFunction function in functions)
        {
            if (function.Kind == TriggerKind.Orchestration)
            {
                registry.AddOrchestrator(function.Name, Orchestrator(function, pipeline, scopes));
            }
            else if (function.Kind == TriggerKind.Activity)
            {
                registry.AddActivity(function.Name, Activity(function, invoker));
            }
        }

        return registry;
    }

    public static EngineOptions Options(HostSettings settings)
    {
        var options = new EngineOptions { Path = settings.Data.File(HostSettings.EngineFile) };
        return options with
        {
            HubName = settings.HostJson.HubName ?? options.HubName,
            DefaultVersion = settings.HostJson.DefaultVersion ?? options.DefaultVersion,
            VersionMatchStrategy = settings.HostJson.VersionMatch,
            VersionFailureStrategy = settings.HostJson.VersionFailure,
        };
    }

    // The middleware runs inside the orchestrator, at every replay, as on the real host: it must not await anything of its own
    // there. No hold on the clock and no time-out: an orchestrator that waits is left standing, and the engine holds the clock
    // while it runs.
    private static OrchestratorBody Orchestrator(HostFunction function, FunctionPipeline pipeline, IServiceScopeFactory scopes)
        => async orchestration =>
        {
            await using AsyncServiceScope scope = scopes.CreateAsyncScope();
            var context = new HostFunctionContext(function, orchestration, scope.ServiceProvider, FunctionInvoker.NoData, CancellationToken.None);
            return await pipeline.InvokeAsync(context);
        };

    private static ActivityBody Activity(HostFunction function, FunctionInvoker invoker)
        => async (invocation, cancellation) =>
        {
            var data = new Dictionary<string, object?> { ["instanceId"] = invocation.InstanceId };
            return ActivityPayload.Serialize(await invoker.InvokeAsync(function, invocation, data, cancellation));
        };
}
