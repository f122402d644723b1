namespace Microsoft.Azure.Functions.Worker;

/// <summary>What a function returned; middleware may put another value in its place.</summary>
public abstract class InvocationResult<T>
{
    /// <summary>The value; null before the function has run.</summary>
    public abstract T? Value { get; set; }
}

/// <summary>What a function returned; middleware may put another value in its place.</summary>
public abstract class InvocationResult : InvocationResult<object>
{
}
