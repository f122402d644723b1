using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FollowUp.EmbeddedHost.Functions.Invocation;

/// <summary>One invocation: what the app sees as <see cref="FunctionContext"/>, and what the host has to know besides.</summary>
internal sealed class HostFunctionContext : FunctionContext
{
    /// <summary>The key of the <see cref="HttpContext"/> in <see cref="Items"/>, the same as in the real worker.</summary>
    internal const string HttpContextItem = "HttpRequestContext";

    private readonly InvocationFeatures _features = new();
    private readonly CancellationToken _cancellation;

    internal HostFunctionContext(
        HostFunction function,
        object? trigger,
        IServiceProvider services,
        IReadOnlyDictionary<string, object?> bindingData,
        CancellationToken cancellation,
        (string Parent, string State) trace = default)
    {
        Function = function;
        Trigger = trigger;
        InstanceServices = services;
        BindingContext = new Data(bindingData);
        TraceContext = new Trace(trace.Parent ?? "", trace.State ?? "");
        _cancellation = cancellation;
        _features.Set<InvocationResult>(new Result());
        _features.Set(TraceContext);
    }

    /// <summary>The function that runs.</summary>
    internal HostFunction Function { get; }

    /// <summary>What started it: an HttpContext, a TimerInfo, an ActivityInvocation or a TaskOrchestrationContext.</summary>
    internal object? Trigger { get; }

    public override string InvocationId { get; } = NewId();

    public override string FunctionId => Function.Definition.Id;

    public override TraceContext TraceContext { get; }

    public override BindingContext BindingContext { get; }

    // The real worker, too, has null here for a function without a retry policy.
    public override RetryContext RetryContext => null!;

    public override IServiceProvider InstanceServices { get; set; }

    public override FunctionDefinition FunctionDefinition => Function.Definition;

    public override IDictionary<object, object> Items { get; set; } = new Dictionary<object, object>();

    public override IInvocationFeatures Features => _features;

    public override CancellationToken CancellationToken => _cancellation;

    private static string NewId()
    {
        Span<byte> random = stackalloc byte[16];
        RandomNumberGenerator.Fill(random);
        return new Guid(random).ToString();
    }

    private sealed class Result : InvocationResult
    {
        public override object? Value { get; set; }
    }

    private sealed class Data(IReadOnlyDictionary<string, object?> values) : BindingContext
    {
        public override IReadOnlyDictionary<string, object?> BindingData => values;
    }

    private sealed class Trace(string parent, string state) : TraceContext
    {
        public override string TraceParent => parent;

        public override string TraceState => state;
    }
}
