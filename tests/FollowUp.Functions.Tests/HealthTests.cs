using System.Text.Json;
using FollowUp.EmbeddedHost.Clock;
using FollowUp.EmbeddedHost.Engine;
using FollowUp.Functions.Operations;
using FollowUp.Testing;
using FollowUp.Workflows.Health;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;

namespace FollowUp.Functions.Tests;

public class HealthTests
{
    [Fact]
    public async Task A_text_that_nobody_sends_and_an_engine_that_does_not_run_are_told_with_503()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        store.Clock.Now = Some.SessionStart - Duration.FromDays(7) + Duration.FromMinutes(16);
        using var directory = new TemporaryDirectory();
        await using var stopped = new DurableEngine(
            new EngineOptions { Path = directory.File("engine.db") }, new TaskRegistry(), HostClock.Real, NullLoggerFactory.Instance);
        var health = new HealthFunctions(new HealthCheck(store.Attention, store.Clock, NullLogger<HealthCheck>.Instance));

        var result = await health.Health(new DefaultHttpContext().Request, stopped.Client, CancellationToken.None);

        Assert.Equal(StatusCodes.Status503ServiceUnavailable, ((IStatusCodeHttpResult)result).StatusCode);
        Assert.Equal(
            """{"status":"unhealthy","problems":["a text has been due for 16 minutes","the engine does not answer"]}""",
            JsonSerializer.Serialize(((IValueHttpResult)result).Value));
    }
}
