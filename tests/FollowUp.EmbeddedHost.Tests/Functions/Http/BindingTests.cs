using System.Net;
using System.Net.Http.Json;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.EmbeddedHost.Tests.Functions.Http;

/// <summary>functions-behaviour.md, section 1: what parameters get.</summary>
public sealed class BindingTests
{
    [Theory]
    [InlineData("/values/route?q=query", "route query 0 True")]
    [InlineData("/values/route?id=query&q=Q&n=7&flag=false", "route Q 7 False")]
    [InlineData("/values/route", "route - 0 True")]
    public async Task Parameters_are_filled_by_name_from_the_route_then_the_query_or_are_left_at_their_default(string path, string text)
    {
        await using TestHost host = await TestHost.StartAsync(typeof(Parameters));

        Assert.Equal(text, await host.Client.GetStringAsync(path));
    }

    [Fact]
    public async Task A_number_that_is_none_is_500_without_a_body()
    {
        await using TestHost host = await TestHost.StartAsync(typeof(Parameters));

        using HttpResponseMessage response = await host.Client.GetAsync("/values/a?n=x");

        await AssertEmpty500(response);
    }

    [Fact]
    public async Task FromBody_reads_JSON_without_regard_to_case_and_takes_numbers_in_strings()
    {
        await using TestHost host = await TestHost.StartAsync(typeof(Parameters));

        using HttpResponseMessage response = await host.Client.PostAsync(
            "/bodies", new StringContent("""{ "NAME": "Ada", "age": "36" }""", Encoding.UTF8, "application/json"));

        Assert.Equal("Ada 36", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("{", "application/json")]
    [InlineData("", "application/json")]
    [InlineData("{}", "text/csv")]
    public async Task A_body_that_FromBody_cannot_read_is_500_without_a_body(string body, string mediaType)
    {
        await using TestHost host = await TestHost.StartAsync(typeof(Parameters));

        using HttpResponseMessage response = await host.Client.PostAsync("/bodies", new StringContent(body, Encoding.UTF8, mediaType));

        await AssertEmpty500(response);
    }

    [Fact]
    public async Task The_token_is_that_of_the_context_and_services_come_through_the_constructor()
    {
        var setup = new TestHost.Setup { AfterWeb = builder => builder.Services.AddScoped<Scoped>() };
        await using TestHost host = await TestHost.StartAsync(setup, typeof(Instance));

        string[]? first = await host.Client.GetFromJsonAsync<string[]>("/instance");
        string[]? second = await host.Client.GetFromJsonAsync<string[]>("/instance");

        // Row: one scope and one instance of the class per invocation; RequestServices is that scope.
        Assert.Equal(["True", "True", "1"], first![..3]);
        Assert.Equal(first[..3], second![..3]);
        Assert.NotEqual(first[3], second[3]);
    }

    private static async Task AssertEmpty500(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal(0, response.Content.Headers.ContentLength);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    public sealed record Body(string Name, int Age);

    public sealed class Scoped
    {
        public int Calls { get; set; }
    }

    public static class Parameters
    {
        [Function("Values")]
        public static IResult Values(
            [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "values/{id}")] HttpRequest request, string id, string? q, int n, bool flag = true)
            => Results.Text($"{id} {q ?? "-"} {n} {flag}");

        [Function("Bodies")]
        public static IResult Bodies([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "bodies")] HttpRequest request, [FromBody] Body body)
            => Results.Text($"{body.Name} {body.Age}");
    }

    public sealed class Instance(Scoped scoped)
    {
        [Function("Instance")]
        public IResult Run(
            [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "instance")] HttpRequest request, FunctionContext context, CancellationToken token)
        {
            scoped.Calls++;
            bool sameScope = ReferenceEquals(request.HttpContext.RequestServices.GetService(typeof(Scoped)), scoped)
                && ReferenceEquals(context.InstanceServices.GetService(typeof(Scoped)), scoped);
            return Results.Json<string[]>([$"{token == context.CancellationToken}", $"{sameScope}", $"{scoped.Calls}", context.InvocationId]);
        }
    }
}
