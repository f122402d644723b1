using FollowUp.Data.Alerts;
using FollowUp.Data.Health;
using FollowUp.Data.Moves;
using FollowUp.Sms;
using FollowUp.Workflows.Sending;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NodaTime;

namespace FollowUp.Workflows.Health;

/// <summary>Whether FollowUp can do its work.</summary>
public sealed class HealthCheck(
    LateTexts texts, DeliveryTroubleStore troubles, RestoreStore restores, CallbackAddress callbacks, IOptions<TwilioOptions> twilio, ILogger<HealthCheck> log)
{
    /// <summary>A text this late means that nothing is being sent.</summary>
    private static readonly Duration Overdue = Duration.FromMinutes(15);

    /// <summary>What is wrong; empty when nothing is. Names no session and no error's text: anybody may read it.</summary>
    public async Task<IReadOnlyList<string>> ProblemsAsync(DurableTaskClient client, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(client);
        List<string> problems = [];
        await CheckAsync("the store does not answer", async () =>
        {
            var late = await texts.LongestAsync(cancellation);
            return late > Overdue ? $"a text has been due for {(long)late.TotalMinutes} minutes" : null;
        });
        await CheckAsync("whether the store was restored cannot be read", async () => await restores.FindOpenAsync(cancellation) switch
        {
            null => null,
            { CaughtUp: false } => "the store was restored, and nothing is sent until the replies since the backup have been read at Twilio",
            _ => "the store was restored, and nothing is sent until the operator lets it: followup restore --release",
        });
        await CheckAsync("the alerts cannot be read", async () =>
        {
            var waiting = await troubles.UnacknowledgedAsync(AlertStore.RepeatAfter, cancellation);
            return waiting switch
            {
                0 => null,
                1 => "an urgent alert waits for somebody to acknowledge it",
                _ => $"{waiting} urgent alerts wait for somebody to acknowledge them",
            };
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
        if (!twilio.Value.IsLoopback && !callbacks.IsPublic)
        {
            problems.Add("Twilio cannot reach the address in FollowUp:PublicUrl, which must be https: replies and delivery reports do not arrive");
        }

        await CheckAsync("the engine does not answer", async () =>
        {
            await client.GetInstanceAsync($"{SessionFollowUp.Name}-health", cancellation);
            return null;
        });
        return problems;

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
