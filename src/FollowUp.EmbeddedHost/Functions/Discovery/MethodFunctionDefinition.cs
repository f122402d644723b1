using System.Collections.Immutable;
using System.Reflection;
using FollowUp.EmbeddedHost.Functions.Invocation;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace FollowUp.EmbeddedHost.Functions.Discovery;

/// <summary>What middleware can ask about a function.</summary>
internal sealed class MethodFunctionDefinition : FunctionDefinition
{
    public MethodFunctionDefinition(string name, MethodInfo method, TriggerKind kind)
    {
        Name = name;
        EntryPoint = HostFunction.Describe(method);
        PathToAssembly = method.DeclaringType!.Assembly.Location;
        ParameterInfo[] parameters = method.GetParameters();
        Parameters = [.. parameters.Select(p => new FunctionParameter(p.Name ?? "", p.ParameterType))];
        InputBindings = parameters
            .Where(p => p.GetCustomAttribute<BindingAttribute>() is not null)
            .Select(p => new Binding(p.Name!, TypeOf(p, kind), BindingDirection.In))
            .ToImmutableDictionary(b => b.Name, b => (BindingMetadata)b);
        OutputBindings = kind == TriggerKind.Http
            ? ImmutableDictionary<string, BindingMetadata>.Empty.Add("$return", new Binding("$return", "http", BindingDirection.Out))
            : ImmutableDictionary<string, BindingMetadata>.Empty;
    }

    public override ImmutableArray<FunctionParameter> Parameters { get; }

    public override string PathToAssembly { get; }

    public override string EntryPoint { get; }

    // Names are unique, so a name is an id; the real worker's is a hash of about the same.
    public override string Id => Name;

    public override string Name { get; }

    public override IImmutableDictionary<string, BindingMetadata> InputBindings { get; }

    public override IImmutableDictionary<string, BindingMetadata> OutputBindings { get; }

    private static string TypeOf(ParameterInfo parameter, TriggerKind kind)
        => parameter.IsDefined(typeof(DurableClientAttribute)) ? "durableClient" : kind switch
        {
            TriggerKind.Http => "httpTrigger",
            TriggerKind.Timer => "timerTrigger",
            TriggerKind.Orchestration => "orchestrationTrigger",
            _ => "activityTrigger",
        };

    private sealed class Binding(string name, string type, BindingDirection direction) : BindingMetadata
    {
        public override string Name => name;

        public override string Type => type;

        public override BindingDirection Direction => direction;
    }
}
