using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using FollowUp.EmbeddedHost.Engine;
using FollowUp.EmbeddedHost.Functions.Http;
using FollowUp.EmbeddedHost.Functions.Invocation;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.EmbeddedHost.Functions.Discovery;

/// <summary>Says where the value of each parameter comes from, and refuses parameters that the real host would leave empty.</summary>
internal static class ParameterSources
{
    private static readonly MethodInfo OrchestratorInputOf =
        typeof(ParameterSources).GetMethod(nameof(OrchestratorInput), BindingFlags.Static | BindingFlags.NonPublic)!;

    // The types that were seen to bind by name on the real host. Others are better parsed by the function, which can then answer 400.
    private static readonly FrozenDictionary<Type, Func<string, object>> Parsers = new Dictionary<Type, Func<string, object>>
    {
        [typeof(string)] = text => text,
        [typeof(int)] = text => int.Parse(text, CultureInfo.InvariantCulture),
        [typeof(long)] = text => long.Parse(text, CultureInfo.InvariantCulture),
        [typeof(bool)] = text => bool.Parse(text),
        [typeof(Guid)] = text => Guid.Parse(text),
    }.ToFrozenDictionary();

    /// <exception cref="HostStartException">The parameter is of a kind that nothing fills.</exception>
    public static ParameterSource For(ParameterInfo parameter, TriggerKind kind, string subject)
    {
        Type type = parameter.ParameterType;
        if (type == typeof(FunctionContext))
        {
            return static context => ValueTask.FromResult<object?>(context);
        }

        if (type == typeof(CancellationToken))
        {
            return static context => ValueTask.FromResult<object?>(context.CancellationToken);
        }

        if (parameter.GetCustomAttribute<TriggerBindingAttribute>() is not null)
        {
            return Trigger(parameter, kind, subject);
        }

        if (parameter.IsDefined(typeof(DurableClientAttribute)))
        {
            Require(type == typeof(DurableTaskClient) && kind != TriggerKind.Orchestration, parameter, subject);
            return static context => ValueTask.FromResult<object?>(context.InstanceServices.GetRequiredService<DurableEngine>().Client);
        }

        return kind switch
        {
            TriggerKind.Http when parameter.IsDefined(typeof(FromBodyAttribute)) => context => RequestBodyReader.ReadAsync((HttpContext)context.Trigger!, type),
            TriggerKind.Http when Parser(type) is { } parse => ByName(parameter, parse),
            TriggerKind.Activity when type == typeof(string) && IsNamed(parameter, "instanceId")
                => static context => ValueTask.FromResult<object?>(((ActivityInvocation)context.Trigger!).InstanceId),
            TriggerKind.Orchestration => OrchestratorInputOf.MakeGenericMethod(type).CreateDelegate<ParameterSource>(),
            _ => throw Refusal(parameter, subject),
        };
    }

    private static ParameterSource Trigger(ParameterInfo parameter, TriggerKind kind, string subject)
    {
        Type type = parameter.ParameterType;
        switch (kind)
        {
            case TriggerKind.Http:
                Require(type == typeof(HttpRequest), parameter, subject);
                return static context => ValueTask.FromResult<object?>(((HttpContext)context.Trigger!).Request);
            case TriggerKind.Timer:
                Require(type == typeof(TimerInfo), parameter, subject);
                return static context => ValueTask.FromResult(context.Trigger);
            case TriggerKind.Orchestration:
                Require(type == typeof(TaskOrchestrationContext), parameter, subject);
                return static context => ValueTask.FromResult(context.Trigger);
            default:
                return context => ValueTask.FromResult(ActivityPayload.Deserialize(((ActivityInvocation)context.Trigger!).Input, type));
        }
    }

    private static ParameterSource ByName(ParameterInfo parameter, Func<string, object> parse)
    {
        string name = parameter.Name!;
        Type type = parameter.ParameterType;
        object? missing = parameter.HasDefaultValue ? parameter.DefaultValue : type.IsValueType ? Activator.CreateInstance(type) : null;
        return context => ValueTask.FromResult(
            context.BindingContext.BindingData.TryGetValue(name, out object? value) && value is string text ? parse(text) : missing);
    }

    private static ValueTask<object?> OrchestratorInput<T>(HostFunctionContext context)
        => ValueTask.FromResult<object?>(((TaskOrchestrationContext)context.Trigger!).GetInput<T>());

    private static Func<string, object>? Parser(Type type) => Parsers.GetValueOrDefault(Nullable.GetUnderlyingType(type) ?? type);

    private static bool IsNamed(ParameterInfo parameter, string name) => string.Equals(parameter.Name, name, StringComparison.OrdinalIgnoreCase);

    private static void Require(bool condition, ParameterInfo parameter, string subject)
    {
        if (!condition)
        {
            throw Refusal(parameter, subject);
        }
    }

    private static HostStartException Refusal(ParameterInfo parameter, string subject)
        => new($"{subject}: nothing fills the parameter '{parameter.Name}' of type {parameter.ParameterType.Name}. "
            + "Take services in the constructor, and values of the route or the query as text.");
}
