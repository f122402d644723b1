using System.Net;
using Microsoft.AspNetCore.Http;

namespace FollowUp.TwilioEmulator.Api;

/// <summary>
/// Lets in only this machine, under a name of this machine, and no request that another site makes a browser send: the emulator shows texts
/// and takes answers without a log-in.
/// </summary>
internal sealed class LocalOnly : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (!IsLocal(http))
        {
            return Refuse("The Twilio emulator answers only on this machine, under localhost, 127.0.0.1 or [::1].");
        }

        return IsReading(http.Request) || IsSameOrigin(http.Request) ? next(context) : Refuse("This request came from another site.");
    }

    private static bool IsLocal(HttpContext http) =>
        // A name check as well as the address: a web site may let its own name point here.
        (http.Connection.RemoteIpAddress is null || IPAddress.IsLoopback(http.Connection.RemoteIpAddress))
        && (http.Request.Host.Host is "localhost" || (IPAddress.TryParse(http.Request.Host.Host.Trim('[', ']'), out var host) && IPAddress.IsLoopback(host)));

    private static bool IsReading(HttpRequest request) => HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);

    // Browsers say where a request comes from, old ones only by Origin; other clients say nothing and are no danger of this kind.
    private static bool IsSameOrigin(HttpRequest request)
    {
        var (site, origin) = (request.Headers["Sec-Fetch-Site"].ToString(), request.Headers.Origin.ToString());
        return site.Length > 0 ? site is "same-origin" or "none" : origin.Length == 0 || origin == $"{request.Scheme}://{request.Host}";
    }

    private static ValueTask<object?> Refuse(string reason) =>
        ValueTask.FromResult<object?>(Results.Problem(reason, statusCode: StatusCodes.Status403Forbidden));
}
