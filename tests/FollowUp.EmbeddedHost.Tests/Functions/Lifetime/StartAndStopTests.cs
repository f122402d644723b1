using System.Net;
using System.Net.Http.Headers;
using System.Text;
using FollowUp.EmbeddedHost.Clock;
using FollowUp.EmbeddedHost.Functions;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FollowUp.EmbeddedHost.Tests.Functions.Lifetime;

/// <summary>The order of start and stop, and the emulator in the host's own process.</summary>
public sealed class StartAndStopTests
{
    [Fact]
    public async Task A_stop_keeps_the_engine_for_the_request_under_way_and_turns_new_ones_away()
    {
        var probe = new Probe();
        var setup = new TestHost.Setup { AfterWeb = builder => builder.Services.AddSingleton(probe) };
        await using TestHost host = await TestHost.StartAsync(setup, typeof(Slow));

        Task<string> call = host.Client.GetStringAsync("/slow");
        await probe.Entered.Task;
        Task stop = host.StopAsync();
        HttpStatusCode status;
        do
        {
            // Until the host has noticed that it is to stop, it takes requests.
            using HttpResponseMessage late = await host.Client.GetAsync("/quick");
            status = late.StatusCode;
        }
        while (status == HttpStatusCode.OK);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.False(stop.IsCompleted);
        probe.Leave.SetResult();
        Assert.Equal("done", await call);
        await stop;
    }

    [Fact]
    public async Task The_emulator_is_on_the_hosts_own_address_with_the_account_that_the_app_finds_in_its_settings()
    {
        await using TestHost host = await TestHost.StartAsync(typeof(Slow));
        var settings = host.Services.GetRequiredService<IConfiguration>();
        string sid = settings["Twilio:AccountSid"]!;
        var request = new HttpRequestMessage(HttpMethod.Post, $"{settings["Twilio:BaseAddress"]}/2010-04-01/Accounts/{sid}/Messages.json")
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["To"] = "+14155550123",
                ["From"] = settings["Twilio:From"]!,
                ["Body"] = "hello",
            }),
        };
        string password = Convert.ToBase64String(Encoding.ASCII.GetBytes($"{sid}:{settings["Twilio:AuthToken"]}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", password);

        using HttpResponseMessage response = await host.Client.SendAsync(request);
        using HttpResponseMessage phone = await host.Client.GetAsync("/phone");

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal(HttpStatusCode.OK, phone.StatusCode);
    }

    [Fact]
    public async Task The_app_gets_the_hosts_clock_as_TimeProvider_and_it_moves_only_while_the_host_is_up()
    {
        var start = new DateTimeOffset(2026, 12, 1, 8, 0, 0, TimeSpan.Zero);
        using var folder = new TestFolder();
        var setup = new TestHost.Setup { Arguments = ["--FollowUp:Clock:Start", start.ToString("O"), "--FollowUp:Clock:DaysPerSecond", "1000"] };
        using IHost host = TestHost.Create(folder, setup, typeof(Slow)).Build();
        var clock = host.Services.GetRequiredService<TimeProvider>();

        Assert.Same(host.Services.GetRequiredService<HostClock>(), clock);
        DateTimeOffset before = clock.GetUtcNow();
        await Task.Yield();
        Assert.Equal(before, clock.GetUtcNow());
        Assert.True(before - start < TimeSpan.FromDays(1));
        await host.StartAsync();
        Assert.True(await MovesAsync(clock));
        await host.StopAsync();
        DateTimeOffset stopped = clock.GetUtcNow();
        await Task.Yield();
        Assert.Equal(stopped, clock.GetUtcNow());
    }

    [Fact]
    public async Task A_second_host_on_the_same_data_directory_is_refused()
    {
        var folder = new TestFolder();
        await using TestHost first = await TestHost.StartAsync(new TestHost.Setup { Folder = folder }, typeof(Slow));

        var refusal = Assert.Throws<HostStartException>(() => TestHost.Create(folder, new TestHost.Setup(), typeof(Slow)));

        Assert.Equal($"Another host is running on {Path.Combine(folder.Path, "data")}. Stop it, or set another FollowUp:DataDirectory.", refusal.Message);
    }

    private static async Task<bool> MovesAsync(TimeProvider clock)
    {
        DateTimeOffset before = clock.GetUtcNow();
        while (clock.GetUtcNow() == before)
        {
            await Task.Yield();
        }

        return true;
    }

    public sealed class Probe
    {
        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Leave { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public sealed class Slow(IServiceProvider services)
    {
        [Function("Slow")]
        public async Task<IResult> Run(
            [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "slow")] HttpRequest request, [DurableClient] DurableTaskClient client)
        {
            var probe = services.GetRequiredService<Probe>();
            probe.Entered.SetResult();
            await probe.Leave.Task;

            // Fails when the engine has not waited for the request.
            return Results.Text(await client.GetInstanceAsync("nobody") is null ? "done" : "found");
        }

        [Function("Quick")]
        public IResult Quick([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "quick")] HttpRequest request) => Results.Ok();
    }
}
