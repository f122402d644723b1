namespace Microsoft.Azure.Functions.Worker;

/// <summary>One invocation of one function.</summary>
public abstract class FunctionContext
{
    /// <summary>An id of this invocation, different for every one.</summary>
    public abstract string InvocationId { get; }

    /// <summary>An id of the function, the same in every run of the host.</summary>
    public abstract string FunctionId { get; }

    /// <summary>The caller's trace, where it sent one.</summary>
    public abstract TraceContext TraceContext { get; }

    /// <summary>What the trigger delivered, by name.</summary>
    public abstract BindingContext BindingContext { get; }

    /// <summary>The retry that this invocation is; null, as the host retries no function.</summary>
    public abstract RetryContext RetryContext { get; }

    /// <summary>The services of this invocation's scope.</summary>
    public abstract IServiceProvider InstanceServices { get; set; }

    /// <summary>The function.</summary>
    public abstract FunctionDefinition FunctionDefinition { get; }

    /// <summary>Values that middleware and the function share.</summary>
    public abstract IDictionary<object, object> Items { get; set; }

    /// <summary>Features of this invocation, by type.</summary>
    public abstract IInvocationFeatures Features { get; }

    /// <summary>
    /// Signalled when the client went away, when the function ran longer than <c>functionTimeout</c>, or when the host cannot
    /// wait for it any longer while it stops.
    /// </summary>
    public virtual CancellationToken CancellationToken { get; }
}

/// <summary>Features of one invocation, by type.</summary>
public interface IInvocationFeatures : IEnumerable<KeyValuePair<Type, object>>
{
    /// <summary>Sets the feature of type <typeparamref name="T"/>.</summary>
    void Set<T>(T instance);

    /// <summary>The feature of type <typeparamref name="T"/>, or null.</summary>
    T? Get<T>();
}

/// <summary>What the trigger delivered.</summary>
public abstract class BindingContext
{
    /// <summary>Values by name: those of the route and the query string, an activity's instance id, and the like.</summary>
    public abstract IReadOnlyDictionary<string, object?> BindingData { get; }
}

/// <summary>A W3C trace context.</summary>
public abstract class TraceContext
{
    /// <summary>The <c>traceparent</c>, or an empty text.</summary>
    public abstract string TraceParent { get; }

    /// <summary>The <c>tracestate</c>, or an empty text.</summary>
    public abstract string TraceState { get; }
}

/// <summary>The retry that an invocation is.</summary>
public abstract class RetryContext
{
    /// <summary>How many retries there were.</summary>
    public abstract int RetryCount { get; }

    /// <summary>How many there can be.</summary>
    public abstract int MaxRetryCount { get; }
}
