using Microsoft.DurableTask;
using CoreTaskFailedException = DurableTask.Core.Exceptions.TaskFailedException;

namespace FollowUp.EmbeddedHost.Engine;

/// <summary>An exception that already carries the details of a failure elsewhere.</summary>
internal interface IFailureDetailsSource
{
    TaskFailureDetails Details { get; }
}

/// <summary>Turns exceptions into failure details the way the real SDK does, its odd corners included.</summary>
internal static class FailureDetails
{
    /// <summary>The details of an exception; those of the far failure where the exception only stands for one.</summary>
    public static TaskFailureDetails Of(Exception exception) =>
        exception is IFailureDetailsSource source ? source.Details : Describe(exception);

    /// <summary>The details of what an orchestrator threw. A failed activity's own details survive only when its exception is thrown as it came.</summary>
    public static TaskFailureDetails OfOrchestrator(Exception exception) => exception is TaskFailedException failed
        ? Describe(exception) with { InnerFailure = failed.FailureDetails }
        : Describe(exception);

    /// <summary>For failures that no exception stands for: an orchestrator or activity that is not there.</summary>
    public static TaskFailureDetails Named(string errorType, string message) => new(errorType, message, null, null, NoProperties());

    private static TaskFailureDetails Describe(Exception exception) => new(
        exception.GetType().ToString(),
        exception is CoreTaskFailedException nested ? nested.NestedMessage : exception.Message,
        exception.StackTrace,
        exception.InnerException is { } inner ? Describe(inner) : null,
        NoProperties());

    private static Dictionary<string, object?> NoProperties() => [];
}
