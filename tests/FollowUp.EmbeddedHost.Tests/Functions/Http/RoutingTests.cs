using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FollowUp.EmbeddedHost.Tests.Functions.Http;

/// <summary>functions-behaviour.md, section 2.</summary>
public sealed class RoutingTests
{
    [Theory]
    [InlineData("GET", "/nowhere")]
    [InlineData("POST", "/items/1")]
    [InlineData("HEAD", "/items/1")]
    [InlineData("OPTIONS", "/items/1")]
    [InlineData("GET", "/items//1")]
    [InlineData("GET", "//items/1")]
    public async Task A_request_that_no_function_takes_is_404_without_a_body_and_never_405(string method, string path)
    {
        await using TestHost host = await TestHost.StartAsync(typeof(Items));

        using HttpResponseMessage response = await host.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), host.Client.BaseAddress + path[1..]));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
        Assert.Empty(response.Content.Headers.Allow);
    }

    [Theory]
    [InlineData("/items/Ab", "Ab")]
    [InlineData("/ITEMS/Ab", "Ab")]
    [InlineData("/items/Ab/", "Ab")]
    [InlineData("/items/%C3%A5%20%2B%3A%25", "å +:%")]
    [InlineData("/items/a%2Fb", "a%2Fb")]
    [InlineData("/items/a.b", "a.b")]
    public async Task Literals_ignore_case_values_keep_theirs_and_are_decoded_once(string path, string value)
    {
        await using TestHost host = await TestHost.StartAsync(typeof(Items));

        Assert.Equal(value, await host.Client.GetStringAsync(path));
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("TRACE")]
    [InlineData("BREW")]
    public async Task A_function_without_methods_takes_every_verb(string method)
    {
        await using TestHost host = await TestHost.StartAsync(typeof(Items));

        using HttpResponseMessage response = await host.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), "any"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("/numbers/7", "7")]
    [InlineData("/numbers/x", null)]
    [InlineData("/optional", "none")]
    [InlineData("/optional/b", "b")]
    [InlineData("/rest", "none")]
    [InlineData("/rest/a/b", "a/b")]
    [InlineData("/", "root")]
    public async Task Constraints_optional_segments_catch_alls_and_the_root_work(string path, string? value)
    {
        await using TestHost host = await TestHost.StartAsync(typeof(Templates));

        using HttpResponseMessage response = await host.Client.GetAsync(path);

        Assert.Equal(value is null ? HttpStatusCode.NotFound : HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(value ?? "", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_literal_route_wins_over_a_parameter_when_its_function_sorts_first()
    {
        await using TestHost host = await TestHost.StartAsync(typeof(Precedence));

        Assert.Equal("today", await host.Client.GetStringAsync("/days/today"));
        Assert.Equal("monday", await host.Client.GetStringAsync("/days/monday"));
    }

    [Fact]
    public async Task One_route_may_have_a_function_for_each_method()
    {
        await using TestHost host = await TestHost.StartAsync(typeof(ByMethod));

        using HttpResponseMessage put = await host.Client.PutAsync("things/1", null);
        Assert.Equal("get 1", await host.Client.GetStringAsync("/things/1"));
        Assert.Equal("put 1", await put.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_route_prefix_of_host_json_is_put_before_every_route_and_is_api_by_default()
    {
        var setup = new TestHost.Setup { HostJson = """{ "version": "2.0" /* nothing more */, }""" };
        await using TestHost host = await TestHost.StartAsync(setup, typeof(Items));

        Assert.Equal("x", await host.Client.GetStringAsync("/api/items/x"));
        using HttpResponseMessage bare = await host.Client.GetAsync("/items/x");
        Assert.Equal(HttpStatusCode.NotFound, bare.StatusCode);
    }

    [Fact]
    public async Task A_disabled_function_is_not_found()
    {
        var setup = new TestHost.Setup { Arguments = ["--AzureWebJobs.Item.Disabled", "true"] };
        await using TestHost host = await TestHost.StartAsync(setup, typeof(Items));

        using HttpResponseMessage response = await host.Client.GetAsync("/items/x");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    public static class Items
    {
        [Function("Item")]
        public static IResult Item([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "items/{item}")] HttpRequest request, string item)
            => Results.Text(item);

        [Function("Any")]
        public static IResult Any([HttpTrigger(AuthorizationLevel.Anonymous, Route = "any")] HttpRequest request) => Results.Ok();
    }

    public static class Templates
    {
        [Function("Numbers")]
        public static IResult Numbers([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "numbers/{n:int}")] HttpRequest request, int n)
            => Results.Text($"{n}");

        [Function("Optional")]
        public static IResult Optional([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "optional/{b?}")] HttpRequest request, string? b)
            => Results.Text(b ?? "none");

        [Function("Rest")]
        public static IResult Rest([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "rest/{*all}")] HttpRequest request, string? all)
            => Results.Text(all ?? "none");

        [Function("Root")]
        public static IResult Root([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "{ignored:maxlength(0)?}")] HttpRequest request)
            => Results.Text("root");
    }

    public static class Precedence
    {
        [Function("DayByName")]
        public static IResult Named([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "days/{day}")] HttpRequest request, string day)
            => Results.Text(day);

        [Function("DayA")]
        public static IResult Today([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "days/today")] HttpRequest request)
            => Results.Text("today");
    }

    public static class ByMethod
    {
        [Function("GetThing")]
        public static IResult Get([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "things/{id}")] HttpRequest request, string id)
            => Results.Text($"get {id}");

        [Function("PutThing")]
        public static IResult Put([HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "things/{thing}")] HttpRequest request, string thing)
            => Results.Text($"put {thing}");
    }
}
