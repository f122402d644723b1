using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.EmbeddedHost.Tests.Functions.Http;

/// <summary>functions-behaviour.md, section 1: disconnect and functionTimeout.</summary>
public sealed class CancellationTests
{
    [Fact]
    public async Task A_client_that_goes_away_cancels_the_function()
    {
        var probe = new Probe();
        await using TestHost host = await StartAsync(probe, new TestHost.Setup());
        using var client = new CancellationTokenSource();

        Task<HttpResponseMessage> call = host.Client.GetAsync("/waits", client.Token);
        await probe.Entered.Task.WaitAsync(TestContext.Current.CancellationToken);
        await client.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await probe.Cancelled.Task.WaitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_function_that_runs_longer_than_functionTimeout_is_cancelled_and_the_answer_is_500()
    {
        var probe = new Probe();
        await using TestHost host = await StartAsync(probe, new TestHost.Setup { HostJson = """{ "version": "2.0", "functionTimeout": "00:00:01", "extensions": { "http": { "routePrefix": "" } } }""" });

        using HttpResponseMessage response = await host.Client.GetAsync("/waits");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.True(probe.Cancelled.Task.IsCompleted);
    }

    private static Task<TestHost> StartAsync(Probe probe, TestHost.Setup setup)
        => TestHost.StartAsync(setup with { AfterWeb = builder => builder.Services.AddSingleton(probe) }, typeof(Waits));

    public sealed class Probe
    {
        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Cancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public sealed class Waits(Probe probe)
    {
        [Function("Waits")]
        public async Task Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "waits")] HttpRequest request, CancellationToken token)
        {
            await using CancellationTokenRegistration registration = token.Register(() => probe.Cancelled.TrySetResult());
            probe.Entered.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
        }
    }
}
