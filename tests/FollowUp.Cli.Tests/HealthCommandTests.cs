using System.Net;
using System.Net.Sockets;
using FollowUp.Cli.Tests.Support;
using FollowUp.EmbeddedHost.Functions.Console;
using FollowUp.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FollowUp.Cli.Tests;

/// <summary>How a person, a container and a monitor learn from the command line whether the app is well.</summary>
[Collection(ProcessCollection.Name)]
public sealed class HealthCommandTests
{
    private const string Unhealthy = """{"status":"unhealthy","problems":["a text has been due for 16 minutes","an urgent alert waits for somebody to acknowledge it"]}""";

    [Fact]
    public async Task The_real_app_is_healthy()
    {
        using TemporaryDirectory directory = new();
        FunctionsApplicationBuilder builder = AppHost.Create(["--urls", "http://127.0.0.1:0", "--FollowUp:DataDirectory", directory.Path, "--TASKHUB_NAME", "followup"]);
        builder.Logging.ClearProviders();
        builder.HideBanner();
        using IHost app = builder.Build();
        await app.StartAsync(TestContext.Current.CancellationToken);

        FollowUpCommand health = await FollowUpCommand.RunAsync("health", "--url", builder.Configuration["urls"]!);
        await app.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal((0, "Healthy."), (health.ExitCode, Assert.Single(health.Output)));
        Assert.Empty(health.Errors);
    }

    [Fact]
    public async Task What_is_wrong_is_said_one_line_each()
    {
        await using WebApplication app = await AnsweringAsync(503, Unhealthy);
        FollowUpCommand health = await FollowUpCommand.RunAsync("health", "--url", app.Urls.Single());

        Assert.Equal(1, health.ExitCode);
        Assert.Equal(
            ["Unhealthy: a text has been due for 16 minutes.", "Unhealthy: an urgent alert waits for somebody to acknowledge it."], health.Errors);
        Assert.Empty(health.Output);
    }

    /// <summary>A supervisor would restart the app again and again, until a nurse has read an alert.</summary>
    [Fact]
    public async Task An_app_that_is_unhealthy_is_alive()
    {
        await using WebApplication app = await AnsweringAsync(503, Unhealthy);
        FollowUpCommand health = await FollowUpCommand.RunAsync("health", "--alive", "--url", app.Urls.Single());

        Assert.Equal(0, health.ExitCode);
        Assert.StartsWith("Alive, and unhealthy: a text has been due for 16 minutes;", Assert.Single(health.Output), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(503, """{"title":"The host is stopping."}""", "the app is starting or stopping, or a proxy does not reach it.")]
    [InlineData(200, "<html>Welcome to nginx!</html>", "says nothing about health: FollowUp is somewhere else.")]
    [InlineData(200, """{"status":"ok"}""", "says nothing about health: FollowUp is somewhere else.")]
    [InlineData(404, "", "answers 404, which says nothing about health: FollowUp is somewhere else.")]
    public async Task An_answer_that_is_not_the_apps_is_neither_health_nor_life(int status, string body, string message)
    {
        await using WebApplication app = await AnsweringAsync(status, body);
        foreach (string[] option in new string[][] { [], ["--alive"] })
        {
            FollowUpCommand health = await FollowUpCommand.RunAsync(["health", "--url", app.Urls.Single(), .. option]);
            Assert.Equal(1, health.ExitCode);
            Assert.EndsWith(message, Assert.Single(health.Errors), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Nobody_there_is_told_with_the_address()
    {
        string url = $"http://127.0.0.1:{FreePort()}";
        FollowUpCommand health = await FollowUpCommand.RunAsync("health", "--url", url + "/");

        Assert.Equal(1, health.ExitCode);
        Assert.StartsWith($"{url}/api/health does not answer: ", Assert.Single(health.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_wait_it_goes_on_asking_until_all_is_well()
    {
        int asked = 0;
        await using WebApplication app = await AnsweringAsync(context =>
        {
            bool well = Interlocked.Increment(ref asked) > 2;
            context.Response.StatusCode = well ? 200 : 503;
            return context.Response.WriteAsync(well ? """{"status":"healthy","problems":[]}""" : Unhealthy);
        });
        FollowUpCommand health = await FollowUpCommand.RunAsync("health", "--wait", "60", "--url", app.Urls.Single());

        Assert.Equal((0, "Healthy.", 3), (health.ExitCode, Assert.Single(health.Output), asked));
    }

    [Theory]
    [InlineData("--url takes an address", "--url", "clinic.example")]
    [InlineData("--url takes an address", "--url", "ftp://clinic.example")]
    [InlineData("--wait takes 0 to 3600 seconds.", "--wait", "-1")]
    [InlineData("--wait takes 0 to 3600 seconds.", "--wait", "3601")]
    public async Task What_cannot_be_asked_is_said(string message, params string[] arguments)
    {
        FollowUpCommand health = await FollowUpCommand.RunAsync(["health", .. arguments]);
        Assert.Equal(1, health.ExitCode);
        Assert.StartsWith(message, Assert.Single(health.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_help_says_when_to_ask_only_for_life()
    {
        FollowUpCommand help = await FollowUpCommand.RunAsync("health", "--help");
        Assert.Equal(0, help.ExitCode);
        Assert.Contains("restart", string.Join(' ', help.Output), StringComparison.Ordinal);
    }

    private static Task<WebApplication> AnsweringAsync(int status, string body) => AnsweringAsync(context =>
    {
        context.Response.StatusCode = context.Request.Path == "/api/health" ? status : 418;
        return context.Response.WriteAsync(body);
    });

    private static async Task<WebApplication> AnsweringAsync(RequestDelegate answer)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        app.Run(answer);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
