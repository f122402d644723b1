using FollowUp.EmbeddedHost.Functions.Invocation;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace FollowUp.EmbeddedHost.Functions.Http;

/// <summary>
/// Shows the <see cref="HttpContext"/> to the middleware after it, and turns the result into the response once they have
/// returned: so they can still set headers, and do not see an exception of the result's own.
/// </summary>
internal static class WebMiddleware
{
    public static FunctionExecutionDelegate Wrap(FunctionExecutionDelegate next) => context => InvokeAsync(context, next);

    private static async Task InvokeAsync(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (((HostFunctionContext)context).Trigger is not HttpContext http)
        {
            await next(context);
            return;
        }

        context.Items[HostFunctionContext.HttpContextItem] = http;
        await next(context);
        switch (context.GetInvocationResult().Value)
        {
            case IActionResult action:
                await action.ExecuteResultAsync(new ActionContext(http, http.GetRouteData(), new ActionDescriptor()));
                break;
            case IResult result:
                await result.ExecuteAsync(http);
                break;
            default:
                // Any other value is dropped, as the real worker does: what is written is what the function wrote itself.
                break;
        }
    }
}
