using FollowUp.EmbeddedHost.Functions.Invocation;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>The HTTP side of an invocation.</summary>
public static class FunctionContextExtensions
{
    /// <summary>
    /// The request and response of an HTTP function, or null: for other functions, and in middleware that was registered
    /// before <c>ConfigureFunctionsWebApplication</c>.
    /// </summary>
    public static HttpContext? GetHttpContext(this FunctionContext context)
        => context.Items.TryGetValue(HostFunctionContext.HttpContextItem, out object? http) ? http as HttpContext : null;
}

/// <summary>The result of an invocation.</summary>
public static class FunctionContextBindingFeatureExtensions
{
    /// <summary>
    /// The result. For an HTTP function an <c>IResult</c> or <c>IActionResult</c> found here after the middleware has
    /// returned becomes the response.
    /// </summary>
    public static InvocationResult GetInvocationResult(this FunctionContext context)
        => context.Features.Get<InvocationResult>() ?? throw new InvalidOperationException("The invocation has no result feature.");
}

/// <summary>Loggers of an invocation.</summary>
public static class FunctionContextLoggerExtensions
{
    /// <summary>A logger with the name of <typeparamref name="T"/> as its category.</summary>
    public static ILogger<T> GetLogger<T>(this FunctionContext context)
        => context.InstanceServices.GetRequiredService<ILogger<T>>();

    /// <summary>A logger of the category given.</summary>
    public static ILogger GetLogger(this FunctionContext context, string categoryName)
        => context.InstanceServices.GetRequiredService<ILoggerFactory>().CreateLogger(categoryName);
}
