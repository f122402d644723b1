using System.Collections.Concurrent;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.EmbeddedHost.Functions.Invocation;

/// <summary>The app's middleware, in registration order, around the function itself.</summary>
internal sealed class FunctionPipeline
{
    private readonly FunctionExecutionDelegate _entry;
    private readonly ConcurrentDictionary<HostFunction, MethodCall> _calls = new(ReferenceEqualityComparer.Instance);
    private readonly ConcurrentDictionary<Type, ObjectFactory> _factories = new();

    public FunctionPipeline(IReadOnlyList<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> middleware)
    {
        _entry = ExecuteAsync;
        for (int i = middleware.Count - 1; i >= 0; i--)
        {
            _entry = middleware[i](_entry);
        }
    }

    /// <summary>Runs one invocation, and gives the value that stands as its result when the middleware is done.</summary>
    public async Task<object?> InvokeAsync(HostFunctionContext context)
    {
        await _entry(context);
        return context.GetInvocationResult().Value;
    }

    // Parameters are bound here, inside all middleware: a middleware that denies a call does so before its body is read.
    private async Task ExecuteAsync(FunctionContext context)
    {
        var host = (HostFunctionContext)context;
        HostFunction function = host.Function;
        object?[] arguments = new object?[function.Parameters.Length];
        for (int i = 0; i < arguments.Length; i++)
        {
            arguments[i] = await function.Parameters[i](host);
        }

        object? instance = function.Method.IsStatic ? null : Create(function.Method.DeclaringType!, context.InstanceServices);
        try
        {
            MethodCall call = _calls.GetOrAdd(function, static f => new MethodCall(f.Method));
            context.GetInvocationResult().Value = await call.Invoke(instance, arguments);
        }
        finally
        {
            await DisposeAsync(instance);
        }
    }

    private object Create(Type type, IServiceProvider services)
        => _factories.GetOrAdd(type, static t => ActivatorUtilities.CreateFactory(t, Type.EmptyTypes))(services, null);

    private static async ValueTask DisposeAsync(object? instance)
    {
        if (instance is IAsyncDisposable asyncDisposable)
        {
            await asyncDisposable.DisposeAsync();
        }
        else
        {
            (instance as IDisposable)?.Dispose();
        }
    }
}
