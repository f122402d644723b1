using FollowUp.Data.Alerts;
using FollowUp.Data.Health;
using FollowUp.Functions.Http;
using FollowUp.Workflows;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace FollowUp.Functions.Operations;

public sealed class HealthFunctions(AttentionStore attention, DeliveryTroubleStore troubles, TimeProvider clock, ILogger<HealthFunctions> log)
{
    /// <summary>A text this late means that nothing is being sent.</summary>
    private static readonly Duration Overdue = Duration.FromMinutes(15);

    /// <summary>Whether FollowUp can do its work: 200, or 503 with what is wrong. Open to all, so it names no session and no error's text.</summary>
    [Function(nameof(Health))]
    public async Task<IResult> Health(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/health")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(client);
        List<string> problems = [];
        await CheckAsync("the store does not answer", async () =>
        {
            var late = await attention.OldestDueAsync(cancellation) is { } oldest
                ? Instant.FromDateTimeOffset(clock.GetUtcNow()) - oldest
                : Duration.Zero;
            return late > Overdue ? $"a text has been due for {(long)late.TotalMinutes} minutes" : null;
        });
        await CheckAsync("the alerts cannot be read", async () =>
        {
            var waiting = await troubles.UnacknowledgedAsync(AlertStore.RepeatAfter, cancellation);
            return waiting > 0 ? $"{waiting} urgent alerts wait for somebody to acknowledge them" : null;
        });
        await CheckAsync("the state of delivery cannot be read", async () =>
        {
            var trouble = await troubles.FindAsync(cancellation);
            string[] parts =
            [
                trouble.PausedSenders > 0 ? $"{trouble.PausedSenders} senders are paused: Twilio refuses their texts" : "",
                trouble.LostAlerts > 0 ? $"{trouble.LostAlerts} texts to staff did not arrive" : "",
                trouble.LostPosts > 0 ? $"{trouble.LostPosts} posts to web addresses were given up" : "",
                trouble.UnreachableContacts > 0 ? $"{trouble.UnreachableContacts} phones in staffAlerts cannot be texted: opted out, a wrong number or out of reach" : "",
            ];
            var told = string.Join("; ", parts.Where(part => part.Length > 0));
            return told.Length > 0 ? told : null;
        });
        await CheckAsync("the engine does not answer", async () =>
        {
            await client.GetInstanceAsync($"{SessionFollowUp.Name}-health", cancellation);
            return null;
        });
        return problems.Count == 0
            ? Answers.Json(new { status = "healthy", problems })
            : Answers.Json(new { status = "unhealthy", problems }, StatusCodes.Status503ServiceUnavailable);

        async Task CheckAsync(string failure, Func<Task<string?>> check)
        {
            try
            {
                if (await check() is { } problem)
                {
                    problems.Add(problem);
                }
            }
            catch (Exception exception) when (!cancellation.IsCancellationRequested)
            {
                log.LogError(exception, "Health check: {Problem}.", failure);
                problems.Add(failure);
            }
        }
    }
}
