using System.Reflection;
using FollowUp.EmbeddedHost.Engine;

namespace Microsoft.DurableTask;

/// <summary>A failure as it is kept in a history: type name, message, stack and inner failure, never the exception object.</summary>
public record TaskFailureDetails(
    string ErrorType,
    string ErrorMessage,
    string? StackTrace,
    TaskFailureDetails? InnerFailure,
    IDictionary<string, object?>? Properties)
{
    public static TaskFailureDetails FromException(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return FailureDetails.Of(exception);
    }

    /// <summary>True when the named exception type can be loaded and is, or derives from, <typeparamref name="T"/>.</summary>
    public bool IsCausedBy<T>()
        where T : Exception => IsCausedBy(typeof(T));

    /// <inheritdoc cref="IsCausedBy{T}"/>
    public bool IsCausedBy(Type targetBaseExceptionType)
    {
        ArgumentNullException.ThrowIfNull(targetBaseExceptionType);
        if (!typeof(Exception).IsAssignableFrom(targetBaseExceptionType))
        {
            throw new ArgumentException($"The type {targetBaseExceptionType} is not an exception type.", nameof(targetBaseExceptionType));
        }

        return LoadErrorType(targetBaseExceptionType.Assembly) is { } type && targetBaseExceptionType.IsAssignableFrom(type);
    }

    public override string ToString() => $"{ErrorType}: {ErrorMessage}";

    private Type? LoadErrorType(Assembly near)
    {
        if (string.IsNullOrEmpty(ErrorType))
        {
            return null;
        }

        if ((Type.GetType(ErrorType, throwOnError: false) ?? near.GetType(ErrorType, throwOnError: false)) is { } found)
        {
            return found;
        }

        Type[] candidates = [.. AppDomain.CurrentDomain.GetAssemblies()
            .Select(assembly => assembly.GetType(ErrorType, throwOnError: false))
            .OfType<Type>()];
        return candidates.Length switch
        {
            0 => null,
            1 => candidates[0],
            _ => throw new AmbiguousMatchException($"Multiple exception types with the name '{ErrorType}' were found."),
        };
    }
}

/// <summary>An activity failed, after its retries if it has any. The original exception never comes back, only its details.</summary>
public sealed class TaskFailedException : Exception
{
    public TaskFailedException(string taskName, int taskId, Exception innerException)
        : this(taskName, taskId, TaskFailureDetails.FromException(innerException), innerException)
    {
    }

    public TaskFailedException(string taskName, int taskId, TaskFailureDetails failureDetails)
        : this(taskName, taskId, failureDetails, null)
    {
    }

    private TaskFailedException(string taskName, int taskId, TaskFailureDetails failureDetails, Exception? innerException)
        : base($"Task '{taskName}' (#{taskId}) failed with an unhandled exception: {failureDetails.ErrorMessage}", innerException)
    {
        TaskName = taskName;
        TaskId = taskId;
        FailureDetails = failureDetails;
    }

    public string TaskName { get; }

    /// <summary>The sequence number of the failed attempt in its orchestration, from 0.</summary>
    public int TaskId { get; }

    public TaskFailureDetails FailureDetails { get; }
}
