using FollowUp.Data.Moves;
using FollowUp.Sms;
using FollowUp.Workflows.Inbox;
using FollowUp.Workflows.Sending;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace FollowUp.Workflows.Restoring;

/// <summary>
/// Reads again, after a restore, what patients have texted since the backup: a STOP among it must count before anything is sent to anybody. Who wants
/// to send asks here first; so does the sweep, so that it does not wait for the next text that is due.
/// </summary>
public sealed class CatchUp(RestoreStore restores, ISmsGateway gateway, PatientTexts texts, SendTiming timing, ILogger<CatchUp> log) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1, 1);

    /// <summary>Whether texts may leave: at once where nothing was restored, else when all replies have been taken in.</summary>
    public async Task<bool> IsDoneAsync(DurableTaskClient client, CancellationToken cancellation)
    {
        if (await restores.FindOpenAsync(cancellation) is null)
        {
            return true;
        }

        await _one.WaitAsync(cancellation);
        try
        {
            // Several backups of backups can be open, the oldest first.
            while (await restores.FindOpenAsync(cancellation) is { } restore)
            {
                if (!restore.CaughtUp && !await ReadAgainAsync(client, restore, cancellation))
                {
                    return false;
                }

                if (restore.Held)
                {
                    return false;
                }
            }

            return true;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<bool> ReadAgainAsync(DurableTaskClient client, RestoreView restore, CancellationToken cancellation)
    {
        IReadOnlyList<InboundMessage> received;
        try
        {
            received = await gateway.ReceivedAsync(timing.ClockIsSimulated ? null : restore.From.ToDateTimeOffset(), cancellation);
        }
        catch (SmsLookupException exception)
        {
            log.LogError(exception, "The store was restored, and the replies since {From} could not be read at Twilio: nothing is sent until they can be.", restore.From);
            return false;
        }

        foreach (var message in received)
        {
            await texts.TakeInAsync(client, message, cancellation);
        }

        await restores.CaughtUpAsync(restore.Id, cancellation);
        log.LogInformation("The store was restored from {Backup}; {Count} texts that came in since {From} were read again.", restore.Id, received.Count, restore.From);
        return true;
    }
}
