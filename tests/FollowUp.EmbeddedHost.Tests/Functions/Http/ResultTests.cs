using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace FollowUp.EmbeddedHost.Tests.Functions.Http;

/// <summary>functions-behaviour.md, section 1: what results and errors become.</summary>
public sealed class ResultTests
{
    [Theory]
    [InlineData("result", 200, "text/plain", "ok")]
    [InlineData("task-of-result", 201, null, "")]
    [InlineData("action", 200, "application/json", """{"firstName":"Ada"}""")]
    [InlineData("null-object", 204, null, "")]
    [InlineData("direct", 202, null, "written")]
    [InlineData("text", 200, null, "")]
    [InlineData("object", 200, null, "")]
    [InlineData("void", 200, null, "")]
    [InlineData("task", 200, null, "")]
    public async Task Results_become_the_response_and_any_other_value_is_dropped(string path, int status, string? mediaType, string body)
    {
        await using TestHost host = await TestHost.StartAsync(typeof(Returns));

        using HttpResponseMessage response = await host.Client.GetAsync("/" + path);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(mediaType, response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(body, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task An_unhandled_exception_is_500_without_a_body_but_with_the_headers_and_cookies_set_before()
    {
        await using TestHost host = await TestHost.StartAsync(typeof(Returns));

        using HttpResponseMessage response = await host.Client.GetAsync("/throws");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal(0, response.Content.Headers.ContentLength);
        Assert.Equal("yes", response.Headers.GetValues("X-Before").Single());
        Assert.StartsWith("seen=1", response.Headers.GetValues("Set-Cookie").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exception_after_the_response_has_started_breaks_the_connection()
    {
        await using TestHost host = await TestHost.StartAsync(typeof(Returns));

        using HttpResponseMessage response = await host.Client.GetAsync("/throws-late", HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await Assert.ThrowsAnyAsync<Exception>(() => response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_body_over_30_000_000_bytes_is_500_and_never_413_unless_the_function_lifts_the_limit()
    {
        await using TestHost host = await TestHost.StartAsync(typeof(Returns));
        byte[] big = new byte[30_000_001];

        using HttpResponseMessage refused = await PostAsync(host, "/bodies", big);
        using HttpResponseMessage lifted = await PostAsync(host, "/bodies?lift=true", big);

        Assert.Equal(HttpStatusCode.InternalServerError, refused.StatusCode);
        Assert.Equal("30000001", await lifted.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_body_over_the_hosts_own_limit_is_500_at_once_and_the_connection_is_closed()
    {
        var setup = new TestHost.Setup { Arguments = ["--FUNCTIONS_REQUEST_BODY_SIZE_LIMIT", "10"] };
        await using TestHost host = await TestHost.StartAsync(setup, typeof(Returns));

        using HttpResponseMessage response = await PostAsync(host, "/bodies?lift=true", Encoding.ASCII.GetBytes("12345678901"));

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.True(response.Headers.ConnectionClose);
    }

    private static async Task<HttpResponseMessage> PostAsync(TestHost host, string path, byte[] body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };

        // So that the answer is read rather than a connection that the server has closed written to.
        request.Headers.ExpectContinue = true;
        return await host.Client.SendAsync(request);
    }

    public static class Returns
    {
        private const AuthorizationLevel Anonymous = AuthorizationLevel.Anonymous;

        [Function("Result")]
        public static IResult Result([HttpTrigger(Anonymous, "get", Route = "result")] HttpRequest request) => Results.Text("ok");

        [Function("TaskOfResult")]
        public static async Task<IResult> TaskOfResult([HttpTrigger(Anonymous, "get", Route = "task-of-result")] HttpRequest request)
        {
            await Task.Yield();
            return Results.StatusCode(201);
        }

        [Function("Action")]
        public static IActionResult Action([HttpTrigger(Anonymous, "get", Route = "action")] HttpRequest request)
            => new OkObjectResult(new { FirstName = "Ada" });

        [Function("NullObject")]
        public static IActionResult NullObject([HttpTrigger(Anonymous, "get", Route = "null-object")] HttpRequest request) => new OkObjectResult(null);

        [Function("Direct")]
        public static async Task Direct([HttpTrigger(Anonymous, "get", Route = "direct")] HttpRequest request)
        {
            request.HttpContext.Response.StatusCode = 202;
            await request.HttpContext.Response.WriteAsync("written");
        }

        [Function("Text")]
        public static string Text([HttpTrigger(Anonymous, "get", Route = "text")] HttpRequest request) => "dropped";

        [Function("Object")]
        public static Task<object> Object([HttpTrigger(Anonymous, "get", Route = "object")] HttpRequest request) => Task.FromResult<object>(new { });

        [Function("Void")]
        public static void Void([HttpTrigger(Anonymous, "get", Route = "void")] HttpRequest request)
        {
        }

        [Function("Task")]
        public static Task TaskOnly([HttpTrigger(Anonymous, "get", Route = "task")] HttpRequest request) => Task.CompletedTask;

        [Function("Throws")]
        public static IResult Throws([HttpTrigger(Anonymous, "get", Route = "throws")] HttpRequest request)
        {
            request.HttpContext.Response.Headers["X-Before"] = "yes";
            request.HttpContext.Response.Cookies.Append("seen", "1");
            throw new InvalidOperationException("on purpose");
        }

        [Function("ThrowsLate")]
        public static async Task ThrowsLate([HttpTrigger(Anonymous, "get", Route = "throws-late")] HttpRequest request)
        {
            await request.HttpContext.Response.WriteAsync("part");
            throw new InvalidOperationException("on purpose");
        }

        [Function("Bodies")]
        public static async Task<IResult> Bodies([HttpTrigger(Anonymous, "post", Route = "bodies")] HttpRequest request, bool lift)
        {
            if (lift)
            {
                request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = null;
            }

            var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            return Results.Text($"{body.Length}");
        }
    }
}
