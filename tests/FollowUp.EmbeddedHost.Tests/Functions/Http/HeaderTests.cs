using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FollowUp.EmbeddedHost.Tests.Functions.Http;

/// <summary>functions-behaviour.md, sections 0 and 4.</summary>
public sealed class HeaderTests
{
    private const string CustomHeaders = """
        { "version": "2.0", "extensions": { "http": { "routePrefix": "", "customHeaders": { "X-Content-Type-Options": "nosniff", "X-Own": "host" } } } }
        """;

    [Fact]
    public async Task A_clients_own_x_ms_invocation_id_is_rejected()
    {
        await using TestHost host = await TestHost.StartAsync(typeof(Headers));
        var request = new HttpRequestMessage(HttpMethod.Get, "/header?name=Host");
        request.Headers.Add("x-ms-invocation-id", "mine");

        using HttpResponseMessage response = await host.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Theory]
    [InlineData("X-Forwarded-For", "")]
    [InlineData("X-Forwarded-Proto", "")]
    [InlineData("X-Forwarded-Host", "")]
    [InlineData("Forwarded", "")]
    [InlineData("X-Api-Key", "https")]
    [InlineData("X-MS-CLIENT-PRINCIPAL", "https")]
    public async Task Forwarding_headers_of_the_client_do_not_reach_the_app_and_others_do(string name, string seen)
    {
        await using TestHost host = await TestHost.StartAsync(typeof(Headers));
        var request = new HttpRequestMessage(HttpMethod.Get, $"/header?name={name}");
        request.Headers.Add(name, "https");

        using HttpResponseMessage response = await host.Client.SendAsync(request);

        Assert.Equal($"http {seen}", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/header?name=Host", "host")]
    [InlineData("/nowhere", "host")]
    [InlineData("/fails", "host")]
    [InlineData("/own", "function")]
    public async Task The_custom_headers_of_host_json_are_on_every_answer_unless_the_function_sets_them(string path, string own)
    {
        await using TestHost host = await TestHost.StartAsync(new TestHost.Setup { HostJson = CustomHeaders }, typeof(Headers));

        using HttpResponseMessage response = await host.Client.GetAsync(path);

        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal(own, response.Headers.GetValues("X-Own").Single());
    }

    public static class Headers
    {
        [Function("Header")]
        public static IResult Header([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "header")] HttpRequest request, string name)
            => Results.Text($"{request.Scheme} {request.Headers[name]}");

        [Function("Fails")]
        public static IResult Fails([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "fails")] HttpRequest request)
            => throw new InvalidOperationException("on purpose");

        [Function("Own")]
        public static void Own([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "own")] HttpRequest request)
            => request.HttpContext.Response.Headers["X-Own"] = "function";
    }
}
