using FollowUp.Functions.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace FollowUp.Functions.Http;

/// <summary>
/// Refuses requests that are too large before anything reads them. A body that does not tell its length is cut off while it is read, whoever reads it
/// (<see cref="LimitedBody"/>): the exception of that becomes 413 in <see cref="ProblemMiddleware"/>.
/// </summary>
internal sealed class RequestLimitsMiddleware : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is { } http)
        {
            if (http.Request.QueryString.Value is { Length: > RequestLimits.Query })
            {
                throw new ProblemException(
                    StatusCodes.Status414UriTooLong, "The address is too long.", $"Its query may have {RequestLimits.Query} characters at most.");
            }

            if (Access.SignedIn.Contains(context.FunctionDefinition.Name))
            {
                // The dashboard bounds its forms by itself, and says so on a page.
                await next(context);
                return;
            }

            // The server takes in what is left of a refused body and throws it away, so that the answer gets to a client that is still sending.
            if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            {
                size.MaxRequestBodySize = RequestLimits.ThrownAway;
            }

            var limit = RequestLimits.BodyOf(context.FunctionDefinition.Name);
            if (http.Request.ContentLength > limit)
            {
                throw Problems.BodyTooLarge(limit);
            }

            RequestLimits.Enter(http, limit);
            http.Request.Body = new LimitedBody(http.Request.Body, limit);
        }

        await next(context);
    }
}
