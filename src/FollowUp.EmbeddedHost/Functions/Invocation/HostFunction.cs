using System.Collections.Immutable;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace FollowUp.EmbeddedHost.Functions.Invocation;

/// <summary>What starts a function.</summary>
internal enum TriggerKind
{
    Http,
    Timer,
    Orchestration,
    Activity,
}

/// <summary>Gives the value of one parameter in one invocation.</summary>
internal delegate ValueTask<object?> ParameterSource(HostFunctionContext context);

/// <summary>A function as the host runs it.</summary>
internal sealed record HostFunction(
    string Name,
    TriggerKind Kind,
    TriggerBindingAttribute Trigger,
    MethodInfo Method,
    ImmutableArray<ParameterSource> Parameters,
    FunctionDefinition Definition)
{
    /// <summary>The method, as a message names it.</summary>
    public string Place => Describe(Method);

    internal static string Describe(MethodInfo method) => $"{method.DeclaringType?.FullName}.{method.Name}";
}
