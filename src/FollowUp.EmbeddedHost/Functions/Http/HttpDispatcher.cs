using System.Globalization;
using FollowUp.EmbeddedHost.Clock;
using FollowUp.EmbeddedHost.Functions.Invocation;
using FollowUp.EmbeddedHost.Functions.Settings;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace FollowUp.EmbeddedHost.Functions.Http;

/// <summary>Serves the HTTP functions, answering as the real host and its worker do together.</summary>
internal sealed class HttpDispatcher(
    HttpRoutes routes,
    FunctionPipeline pipeline,
    TrafficGate gate,
    HostClock clock,
    HostJson hostJson,
    IConfiguration configuration,
    ILogger<HttpDispatcher> logger)
{
    private const string InvocationIdHeader = "x-ms-invocation-id";

    // What the real host takes from the client and replaces by its own; the app must not come to trust them.
    private static readonly string[] Replaced = ["Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Prefix"];

    // The real host's own limit, above that of the worker's Kestrel, which the app may lift.
    private readonly long _bodyLimit = long.TryParse(
        configuration["FUNCTIONS_REQUEST_BODY_SIZE_LIMIT"], NumberStyles.None, CultureInfo.InvariantCulture, out long limit) ? limit : 104_857_600;

    public async Task InvokeAsync(HttpContext http)
    {
        HttpResponse response = http.Response;
        response.OnStarting(() => AddCustomHeaders(response));

        // The real host and its worker find each other by this header, so that a client's own would hang the request.
        if (http.Request.Headers.ContainsKey(InvocationIdHeader))
        {
            response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        if (routes.Match(http) is not var (route, values))
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        if (http.Request.ContentLength > _bodyLimit)
        {
            response.StatusCode = StatusCodes.Status500InternalServerError;
            response.Headers.Connection = "close";
            return;
        }

        if (!await gate.TryEnterAsync(http.RequestAborted))
        {
            response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            response.Headers.Connection = "close";
            return;
        }

        try
        {
            await RunAsync(http, route, values);
        }
        finally
        {
            gate.Leave();
        }
    }

    private async Task RunAsync(HttpContext http, HttpRoute route, RouteValueDictionary values)
    {
        // Held until the answer begins: a stream of events may stay open for days of simulated time.
        using IDisposable hold = clock.Hold();
        http.Response.OnStarting(static held => Release((IDisposable)held), hold);
        using CancellationTokenSource timeout = hostJson.StartTimeout();
        using CancellationTokenSource any = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, gate.Impatience, timeout.Token);
        Prepare(http, route, values);
        var context = new HostFunctionContext(
            route.Function, http, http.RequestServices, BindingData(http, values), any.Token, (Header(http, "traceparent"), Header(http, "tracestate")));
        http.Request.Headers[InvocationIdHeader] = context.InvocationId;
        try
        {
            await pipeline.InvokeAsync(context);
            if (!timeout.IsCancellationRequested)
            {
                return;
            }

            logger.LogError("Function {Function} ran longer than functionTimeout, {Timeout}", route.Function.Name, hostJson.FunctionTimeout);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            logger.LogInformation("Function {Function} was cancelled: the client went away", route.Function.Name);
        }
        catch (Exception cause)
        {
            logger.LogError(cause, "Function {Function} failed", route.Function.Name);
        }

        Fail(http);
    }

    private static void Prepare(HttpContext http, HttpRoute route, RouteValueDictionary values)
    {
        foreach (string header in Replaced)
        {
            http.Request.Headers.Remove(header);
        }

        http.Request.RouteValues = values;
        http.SetEndpoint(new Endpoint(null, EndpointMetadataCollection.Empty, route.Function.Name));

        // Null in a function of the real worker, whose execution does not flow from the HTTP pipeline. An app that needs it sets it.
        if (http.RequestServices.GetService<IHttpContextAccessor>() is { } accessor)
        {
            accessor.HttpContext = null;
        }
    }

    /// <summary>By name without regard to case: values of the query, and over them those of the route.</summary>
    private static Dictionary<string, object?> BindingData(HttpContext http, RouteValueDictionary values)
    {
        var data = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, StringValues value) in http.Request.Query)
        {
            data[name] = value.ToString();
        }

        foreach ((string name, object? value) in values)
        {
            data[name] = value;
        }

        return data;
    }

    private static string Header(HttpContext http, string name) => http.Request.Headers[name].ToString();

    // Headers and cookies that the function has set are sent; its body is not.
    private static void Fail(HttpContext http)
    {
        if (http.Response.HasStarted)
        {
            // What was written is sent, and Kestrel then cuts the connection, so that the client can tell that more was to come.
            throw new IOException("The function failed after its response had begun; the connection is closed.");
        }

        http.Response.StatusCode = StatusCodes.Status500InternalServerError;
        http.Response.ContentLength = 0;
    }

    private static Task Release(IDisposable held)
    {
        held.Dispose();
        return Task.CompletedTask;
    }

    private Task AddCustomHeaders(HttpResponse response)
    {
        foreach ((string name, string value) in hostJson.CustomHeaders)
        {
            response.Headers.TryAdd(name, value);
        }

        return Task.CompletedTask;
    }
}
