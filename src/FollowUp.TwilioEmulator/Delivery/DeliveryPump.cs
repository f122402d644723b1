using FollowUp.TwilioEmulator.Inbound;
using FollowUp.TwilioEmulator.Messages;
using FollowUp.TwilioEmulator.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FollowUp.TwilioEmulator.Delivery;

/// <summary>
/// Moves messages to their end and posts webhooks. Everything it works on is in the database, so it goes on where a killed process
/// stopped. Webhooks of one message go out one after the other, those of different messages side by side.
/// </summary>
/// <remarks>
/// While there is work for now, the clock is held. The hold is taken by whoever commits the work (<see cref="Wake"/>), before the request
/// that brought it is answered, and let go only after the timer for the next work is set: a simulated clock never finds a gap to run through.
/// </remarks>
internal sealed class DeliveryPump(
    EmulatorOptions options,
    EmulatorDatabase database,
    Outbox outbox,
    InboundTexts inboundTexts,
    WebhookClient webhooks,
    TimeProvider clock,
    IHostApplicationLifetime lifetime,
    ILogger<DeliveryPump> log) : BackgroundService
{
    private const int MaxConcurrentWebhooks = 16;

    // Waits of 1, 2, 4 and 8 seconds: long enough for an application that is being restarted.
    private const int MaxAttempts = 5;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Task> _running = [];
    private TaskCompletionSource? _signal;
    private ITimer? _timer;
    private IDisposable? _hold;
    private bool _awake;
    private bool _stopped;

    /// <summary>Says that work was committed. The clock is held when this returns.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            if (_stopped)
            {
                return;
            }

            _hold ??= options.HoldClock?.Invoke();
            _awake = true;
            _signal?.TrySetResult();
        }
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // Work left by an earlier process is due at once: hold the clock before anything else starts.
        Wake();
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Task[] running;
        lock (_gate)
        {
            _stopped = true;
            running = [.. _running.Values];
        }

        await Task.WhenAll(running).WaitAsync(cancellationToken);
        Release();
    }

    public override void Dispose()
    {
        lock (_gate)
        {
            _stopped = true;
        }

        Release();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The webhooks of this host's own application can be answered only once the server listens.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using (lifetime.ApplicationStarted.Register(() => started.TrySetResult()))
        {
            await started.Task.WaitAsync(stoppingToken);
        }

        while (!stoppingToken.IsCancellationRequested)
        {
            lock (_gate)
            {
                _awake = false;
            }

            var now = clock.GetUtcNow();
            var moved = outbox.Advance();
            var posting = StartDueWebhooks(now, stoppingToken);
            if (moved + posting == 0)
            {
                await RestAsync(now).WaitAsync(stoppingToken);
            }
        }
    }

    private int StartDueWebhooks(DateTimeOffset now, CancellationToken stopping)
    {
        var started = 0;
        if (IsHostStopping)
        {
            return started;
        }

        foreach (var webhook in database.Read(session => WebhookQueue.Due(session, now, MaxConcurrentWebhooks * 8)))
        {
            lock (_gate)
            {
                if (_running.Count < MaxConcurrentWebhooks && !_running.ContainsKey(webhook.Webhook.MessageSid))
                {
                    // Added under the gate, which the task needs to remove itself: it cannot end before it is listed.
                    _running.Add(webhook.Webhook.MessageSid, Task.Run(() => PostAsync(webhook, stopping), CancellationToken.None));
                    started++;
                }
            }
        }

        return started;
    }

    private async Task PostAsync(QueuedWebhook queued, CancellationToken stopping)
    {
        try
        {
            var result = await webhooks.PostAsync(queued, stopping);
            database.Write(session => Settle(session, queued, result));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Still in the queue: the next start sends it.
        }
        catch (Exception e)
        {
            // One webhook that cannot be handled must not be tried for ever, nor stop the others.
            log.LogError(e, "A webhook of {Sid} failed and is dropped", queued.Webhook.MessageSid);
            database.Write(session => WebhookQueue.Remove(session, queued.Id));
        }
        finally
        {
            lock (_gate)
            {
                _running.Remove(queued.Webhook.MessageSid);
            }

            Wake();
        }
    }

    // An application in the same host turns requests away while the host stops. What it has not taken is posted after the next start.
    private bool IsHostStopping => lifetime.ApplicationStopping.IsCancellationRequested;

    private void Settle(DatabaseSession session, QueuedWebhook queued, WebhookResult result)
    {
        if (result.Answer is null && IsHostStopping)
        {
            return;
        }

        if (!result.Reached && queued.Attempts + 1 < MaxAttempts)
        {
            WebhookQueue.Postpone(session, queued.Id, clock.GetUtcNow() + TimeSpan.FromSeconds(1 << queued.Attempts));
            return;
        }

        if (!result.Reached)
        {
            log.LogWarning("A webhook of {Sid} was given up: {Attempts} connections failed", queued.Webhook.MessageSid, MaxAttempts);
        }

        WebhookQueue.Remove(session, queued.Id);
        if (queued.Webhook.Kind == WebhookKind.Inbound && result.Answer is { } answer)
        {
            inboundTexts.SendReplies(session, queued.Webhook.MessageSid, answer, result.ContentType);
        }
    }

    private Task RestAsync(DateTimeOffset now)
    {
        IDisposable? letGo = null;
        Task signalled;
        lock (_gate)
        {
            if (_awake)
            {
                return Task.CompletedTask;
            }

            _timer?.Dispose();
            _timer = null;
            if (database.Read(session => WebhookQueue.NextDueAfter(session, now)) is { } next)
            {
                var wait = next - clock.GetUtcNow();
                _timer = clock.CreateTimer(
                    _ => Wake(), null, wait > TimeSpan.FromMilliseconds(1) ? wait : TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
            }

            if (_running.Count == 0)
            {
                (letGo, _hold) = (_hold, null);
            }

            _signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            signalled = _signal.Task;
        }

        // Outside the gate, with the signal in place: a clock may run its due timers, ours among them, while the hold is disposed.
        letGo?.Dispose();
        return signalled;
    }

    private void Release()
    {
        lock (_gate)
        {
            _timer?.Dispose();
            _timer = null;
            _hold?.Dispose();
            _hold = null;
        }
    }
}
