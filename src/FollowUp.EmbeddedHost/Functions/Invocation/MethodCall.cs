using System.Reflection;

namespace FollowUp.EmbeddedHost.Functions.Invocation;

/// <summary>Calls a method and gives what it returned, or what the task that it returned came to.</summary>
/// <remarks>
/// The awaits here must come back to the caller's context: an orchestrator runs on a context of the engine's, and leaving it
/// would be a step that replay cannot repeat.
/// </remarks>
internal sealed class MethodCall
{
    private static readonly MethodInfo AwaitValueOf =
        typeof(MethodCall).GetMethod(nameof(AwaitValue), BindingFlags.Static | BindingFlags.NonPublic)!;

    private readonly MethodInfo _method;
    private readonly Func<object?, Task<object?>> _complete;

    public MethodCall(MethodInfo method)
    {
        _method = method;
        Type type = method.ReturnType;
        _complete = type == typeof(Task) ? static value => AwaitNothing((Task)value!)
            : IsTaskOfValue(type)
                ? AwaitValueOf.MakeGenericMethod(type.GenericTypeArguments[0]).CreateDelegate<Func<object?, Task<object?>>>()
                : static value => Task.FromResult(value);
    }

    internal static bool IsTaskOfValue(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>);

    /// <summary>Calls the method. An exception of the method's comes out as it was thrown.</summary>
    public Task<object?> Invoke(object? instance, object?[] arguments)
        => _complete(_method.Invoke(instance, BindingFlags.DoNotWrapExceptions, null, arguments, null));

    private static async Task<object?> AwaitNothing(Task task)
    {
        await task;
        return null;
    }

    private static async Task<object?> AwaitValue<T>(object? task) => await (Task<T>)task!;
}
