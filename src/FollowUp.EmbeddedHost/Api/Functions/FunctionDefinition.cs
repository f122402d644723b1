using System.Collections.Immutable;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>A function of the app.</summary>
public abstract class FunctionDefinition
{
    /// <summary>The method's parameters, in order.</summary>
    public abstract ImmutableArray<FunctionParameter> Parameters { get; }

    /// <summary>The file of the assembly that has the function.</summary>
    public abstract string PathToAssembly { get; }

    /// <summary>The method, as <c>Namespace.Class.Method</c>.</summary>
    public abstract string EntryPoint { get; }

    /// <summary>An id, the same in every run of the host.</summary>
    public abstract string Id { get; }

    /// <summary>The name given in <see cref="FunctionAttribute"/>.</summary>
    public abstract string Name { get; }

    /// <summary>The trigger and the other bound parameters, by parameter name.</summary>
    public abstract IImmutableDictionary<string, BindingMetadata> InputBindings { get; }

    /// <summary>What the function's result is bound to.</summary>
    public abstract IImmutableDictionary<string, BindingMetadata> OutputBindings { get; }
}

/// <summary>A parameter of a function.</summary>
public class FunctionParameter(string name, Type type)
{
    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>Its type.</summary>
    public Type Type { get; } = type;
}

/// <summary>A binding of a function.</summary>
public abstract class BindingMetadata
{
    /// <summary>The parameter's name, or <c>$return</c>.</summary>
    public abstract string Name { get; }

    /// <summary>
    /// The kind: <c>httpTrigger</c>, <c>timerTrigger</c>, <c>orchestrationTrigger</c>, <c>activityTrigger</c>, <c>durableClient</c>
    /// or <c>http</c>.
    /// </summary>
    public abstract string Type { get; }

    /// <summary>Which way the value goes.</summary>
    public abstract BindingDirection Direction { get; }
}

/// <summary>Which way a bound value goes.</summary>
public enum BindingDirection
{
    /// <summary>To the function.</summary>
    In = 0,

    /// <summary>From the function.</summary>
    Out = 1,
}
