using System.Collections.Immutable;
using System.Reflection;
using System.Text.RegularExpressions;
using FollowUp.EmbeddedHost.Functions.Invocation;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace FollowUp.EmbeddedHost.Functions.Discovery;

/// <summary>Reads one function from its method, and refuses what the real host would not run.</summary>
internal static partial class FunctionReader
{
    /// <exception cref="HostStartException">The method is no function that can run; the message says why.</exception>
    public static HostFunction Read(MethodInfo method)
    {
        string name = method.GetCustomAttribute<FunctionAttribute>()!.Name;
        string subject = $"Function '{name}' ({HostFunction.Describe(method)})";
        if (!ValidName().IsMatch(name))
        {
            throw new HostStartException($"{subject}: a name begins with a letter and has at most 128 letters, digits, '-' and '_'.");
        }

        if (!method.IsPublic || method.ContainsGenericParameters || (method.DeclaringType!.IsAbstract && !method.IsStatic))
        {
            throw new HostStartException($"{subject}: a function is a public method, static or of a class that can be made, without type parameters.");
        }

        ParameterInfo[] parameters = method.GetParameters();
        ParameterInfo[] triggers = [.. parameters.Where(p => p.GetCustomAttribute<TriggerBindingAttribute>() is not null)];
        if (triggers is not [ParameterInfo triggerParameter])
        {
            throw new HostStartException($"{subject}: a function has exactly one trigger parameter; this one has {triggers.Length}.");
        }

        TriggerBindingAttribute trigger = triggerParameter.GetCustomAttribute<TriggerBindingAttribute>()!;
        TriggerKind kind = Kind(trigger, triggerParameter, subject);
        CheckName(trigger, name, subject);
        CheckResult(method, kind, subject);
        ImmutableArray<ParameterSource> sources = [.. parameters.Select(p => ParameterSources.For(p, kind, subject))];
        return new HostFunction(name, kind, trigger, method, sources, new MethodFunctionDefinition(name, method, kind));
    }

    private static TriggerKind Kind(TriggerBindingAttribute trigger, ParameterInfo parameter, string subject)
    {
        switch (trigger)
        {
            case HttpTriggerAttribute:
                CheckAccess(parameter, subject);
                return TriggerKind.Http;
            case TimerTriggerAttribute:
                return TriggerKind.Timer;
            case OrchestrationTriggerAttribute:
                return TriggerKind.Orchestration;
            case ActivityTriggerAttribute:
                return TriggerKind.Activity;
            default:
                throw new HostStartException($"{subject}: the embedded host has no {trigger.GetType().Name}.");
        }
    }

    // Read from the metadata, not from the attribute: one that names no level says Anonymous there, but asks for a key on Azure.
    private static void CheckAccess(ParameterInfo parameter, string subject)
    {
        CustomAttributeData attribute = parameter.CustomAttributes.First(a => a.AttributeType == typeof(HttpTriggerAttribute));
        object? level = attribute.ConstructorArguments.FirstOrDefault(a => a.ArgumentType == typeof(AuthorizationLevel)).Value;
        if (level is not (int)AuthorizationLevel.Anonymous)
        {
            throw new HostStartException(
                $"{subject}: the embedded host keeps no function keys; use AuthorizationLevel.Anonymous and check callers in a middleware.");
        }
    }

    private static void CheckName(TriggerBindingAttribute trigger, string name, string subject)
    {
        string? other = (trigger as OrchestrationTriggerAttribute)?.Orchestration ?? (trigger as ActivityTriggerAttribute)?.Activity;
        if (other is not null && other != name)
        {
            throw new HostStartException($"{subject}: the trigger calls it '{other}'; a function is known by one name.");
        }
    }

    private static void CheckResult(MethodInfo method, TriggerKind kind, string subject)
    {
        Type type = method.ReturnType;
        bool task = type == typeof(Task) || MethodCall.IsTaskOfValue(type);
        if (kind == TriggerKind.Orchestration && !task)
        {
            throw new HostStartException($"{subject}: an orchestrator returns a Task.");
        }

        bool unawaitable = type == typeof(ValueTask) || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>));
        bool asyncVoid = type == typeof(void) && method.IsDefined(typeof(System.Runtime.CompilerServices.AsyncStateMachineAttribute));
        if (unawaitable || asyncVoid)
        {
            throw new HostStartException($"{subject}: nobody would wait for a {(asyncVoid ? "void" : "ValueTask")} result; return a Task.");
        }
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_-]{0,127}$")]
    private static partial Regex ValidName();
}
