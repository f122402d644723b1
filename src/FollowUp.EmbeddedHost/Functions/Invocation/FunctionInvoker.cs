using System.Collections.Frozen;
using FollowUp.EmbeddedHost.Clock;
using FollowUp.EmbeddedHost.Functions.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.EmbeddedHost.Functions.Invocation;

/// <summary>Runs a function that no HTTP request started: in a scope of its own, under a hold on the clock, within the function time-out.</summary>
internal sealed class FunctionInvoker(FunctionPipeline pipeline, IServiceScopeFactory scopes, HostClock clock, HostJson hostJson)
{
    public static readonly IReadOnlyDictionary<string, object?> NoData = FrozenDictionary<string, object?>.Empty;

    /// <exception cref="TimeoutException">The function ran longer than <c>functionTimeout</c>.</exception>
    public async Task<object?> InvokeAsync(HostFunction function, object trigger, IReadOnlyDictionary<string, object?> data, CancellationToken cancellation)
    {
        using IDisposable hold = clock.Hold();
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        using CancellationTokenSource timeout = hostJson.StartTimeout();
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
        var context = new HostFunctionContext(function, trigger, scope.ServiceProvider, data, either.Token);
        try
        {
            return await pipeline.InvokeAsync(context);
        }
        catch (OperationCanceledException cause) when (timeout.IsCancellationRequested)
        {
            throw new TimeoutException($"Function '{function.Name}' ran longer than functionTimeout, {hostJson.FunctionTimeout}.", cause);
        }
    }
}
