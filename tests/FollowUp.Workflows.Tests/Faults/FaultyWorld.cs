using FollowUp.Core.Timelines;
using FollowUp.Data;
using FollowUp.Data.Delivery;
using FollowUp.Data.Sessions;
using FollowUp.Sms;
using FollowUp.Testing;
using NodaTime;

namespace FollowUp.Workflows.Tests.Faults;

/// <summary>
/// Some courses of one clinic on the jumping clock, through everything that can go wrong, all of it drawn from one seed: the worker dies at any
/// step of the send path, Twilio is slow, busy or fails after it has taken a text, reports come twice, late and out of order, the engine is torn
/// down, and patients and clinic change their minds in between.
/// </summary>
internal sealed class FaultyWorld : IAsyncDisposable
{
    private const int Courses = 10;
    private const int Restarts = 2;
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly Random _random;
    private readonly StoreFaults _storeFaults;
    private readonly Lock _lock = new();
    private readonly List<Silence> _silences = [];
    private readonly Dictionary<int, Func<Task>> _acts = [];
    private readonly ClinicUnderTest _clinic;

    private FaultyWorld(int seed, StoreFaults faults, ClinicUnderTest clinic)
    {
        _random = new Random(seed);
        _storeFaults = faults;
        _clinic = clinic;
    }

    /// <summary>From that message on, nothing planned may reach the patient any more.</summary>
    private sealed record Silence(string Phone, int AfterMessages, string Why);

    public static async Task<FaultyWorld> OpenAsync(int seed)
    {
        var faults = new StoreFaults(new Random(seed + 1));
        return new FaultyWorld(seed, faults, await ClinicUnderTest.OpenAsync(storeFaults: faults));
    }

    /// <summary>Plays all courses to their end.</summary>
    /// <returns>What is wrong; empty when nothing is.</returns>
    public async Task<IReadOnlyList<string>> PlayAsync()
    {
        for (var index = 0; index < Courses; index++)
        {
            await _clinic.BookAsync(BookingOf(index));
            PlanAct(index);
        }

        _clinic.Twilio.Fault = FaultOf;
        _clinic.Twilio.AfterTaking = AfterTakingAsync;
        _storeFaults.Enabled = true;
        _clinic.LetTheClockRun();
        for (var restart = 0; restart < Restarts; restart++)
        {
            var at = Next(60) + 10;
            await UntilAsync(() => _clinic.Twilio.Messages.Count >= at * (restart + 1) || AllEnded());
            await _clinic.RestartEngineAsync();
        }

        await UntilAsync(AllEnded);
        _storeFaults.Enabled = false;
        return [.. await JudgeAsync()];
    }

    public ValueTask DisposeAsync() => _clinic.DisposeAsync();

    private static string PhoneOf(int index) => $"+1415555{1000 + index}";

    private static SessionKey KeyOf(int index) => new("glow", $"s-{index}");

    private static Booking BookingOf(int index) => Some.Booking with
    {
        Key = KeyOf(index),
        Patient = Some.Patient with { Id = $"p-{index}", Phone = PhoneOf(index) },
        StartsAt = Some.SessionStart + Duration.FromHours(index % 3),
    };

    /// <summary>Half of the patients get through undisturbed; the others stop, come back, are called off or moved at some message.</summary>
    private void PlanAct(int index)
    {
        var at = Next(70) + 2;
        Func<Task>? act = Next(8) switch
        {
            0 => () => SilenceAsync(index, "STOP", () => _clinic.ReceiveAsync("STOP", from: PhoneOf(index), sid: $"SM-stop-{index}")),
            1 => () => SilenceAsync(index, "opt-out wording", () => _clinic.ReceiveAsync("no more texts please", from: PhoneOf(index), sid: $"SM-stop-{index}")),
            2 => () => SilenceAsync(index, "cancelled", () => _clinic.ReportAsync(SessionOutcome.Cancelled, KeyOf(index))),
            3 => () => AgainAsync(() => _clinic.BookAsync(BookingOf(index) with { StartsAt = BookingOf(index).StartsAt + Duration.FromDays(9) })),
            _ => null,
        };
        if (act is not null)
        {
            _acts[at] = act;
        }
    }

    private async Task SilenceAsync(int index, string why, Func<Task> act)
    {
        await AgainAsync(act);
        lock (_lock)
        {
            _silences.Add(new Silence(PhoneOf(index), _clinic.Twilio.Messages.Count, why));
        }
    }

    /// <summary>As Twilio and booking systems do: once more, until somebody has taken it in.</summary>
    private static async Task AgainAsync(Func<Task> act)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await act();
                return;
            }
            catch (InvalidOperationException) when (attempt < 20)
            {
            }
        }
    }

    private Func<OutgoingSms, Task<SendOutcome>>? FaultOf(OutgoingSms message) => Next(100) switch
    {
        < 4 => _ => throw new InvalidOperationException("The process died before the call."),
        < 8 => sms =>
        {
            _clinic.Twilio.Take(sms);
            throw new InvalidOperationException("The process died after Twilio had taken the text.");
        }
        ,
        < 12 => _ => Task.FromResult<SendOutcome>(new SendOutcome.Unknown("a time-out, not taken")),
        < 16 => sms =>
        {
            _clinic.Twilio.Take(sms);
            return Task.FromResult<SendOutcome>(new SendOutcome.Unknown("HTTP 500 after it was taken"));
        }
        ,
        < 22 => _ => Task.FromResult<SendOutcome>(new SendOutcome.RetryLater(20429, "too many requests", null)),
        _ => null,
    };

    private async Task AfterTakingAsync(int count)
    {
        Func<Task>? act;
        lock (_lock)
        {
            _acts.Remove(count, out act);
        }

        if (act is not null)
        {
            await act();
        }

        await ReportAsync();
    }

    /// <summary>Reports on some texts that were taken: the newest or an older one, twice, in the wrong order, of all sorts.</summary>
    private async Task ReportAsync()
    {
        var messages = _clinic.Twilio.Messages;
        var message = messages[Next(3) == 0 ? Next(messages.Count) : messages.Count - 1];
        (string Status, int? Code) final = Next(12) == 0 ? ("undelivered", 30003) : ("delivered", null);
        (string Status, int? Code)[] reports = Next(2) == 0 ? [("sent", null), final] : [final, ("sent", null)];
        var reference = SendReference.TryParse(message.Sms.StatusCallback?.Query.Replace("?ref=", "", StringComparison.Ordinal));
        for (var time = 0; time <= Next(2); time++)
        {
            foreach (var report in reports)
            {
                await AgainAsync(async () =>
                {
                    var news = await _clinic.Get<DeliveryStore>().ReportAsync(message.Sid, report.Status, report.Code, reference, None);
                    await _clinic.Orchestrations.NotifyAsync(_clinic.Client, news.Changed, "delivery", None);
                });
            }
        }
    }

    private bool AllEnded() => _clinic.Column("SELECT id FROM sessions WHERE state IN ('scheduled', 'waiting')").Count == 0
        && _clinic.Column("SELECT id FROM direct_messages WHERE state IN ('planned', 'sending', 'unknown')").Count == 0;

    private async Task<IEnumerable<string>> JudgeAsync()
    {
        List<string> wrong = [];
        var planned = _clinic.Twilio.Messages.Select((message, index) => (message, index, Reference: SendReference.TryParse(
            message.Sms.StatusCallback?.Query.Replace("?ref=", "", StringComparison.Ordinal))!)).ToList();
        var known = _clinic.Column("SELECT message_sid FROM steps WHERE message_sid IS NOT NULL UNION SELECT message_sid FROM earlier_messages "
            + "UNION SELECT message_sid FROM direct_messages WHERE message_sid IS NOT NULL").ToHashSet(StringComparer.Ordinal);
        wrong.AddRange(planned.Where(text => !known.Contains(text.message.Sid)).Select(text => $"{text.message.Sid} ({text.Reference}) is not in the ledger"));
        wrong.AddRange(known.Except(planned.Select(text => text.message.Sid)).Select(sid => $"{sid} is in the ledger and nobody took it"));

        foreach (var texts in planned.Where(text => !text.Reference.IsDirect).GroupBy(text => (text.Reference.Session, text.Reference.Step)))
        {
            var resends = _clinic.Column($"SELECT CAST(resends AS TEXT) FROM steps WHERE session_id = '{texts.Key.Session.Session}' AND step = '{texts.Key.Step}'").Single();
            if (texts.Count() != (resends == "1" ? 2 : 1) && !(resends == "1" && texts.Count() == 1))
            {
                wrong.Add($"{texts.Key} was sent {texts.Count()} times");
            }
        }

        foreach (var silence in _silences)
        {
            wrong.AddRange(planned.Where(text => text.index >= silence.AfterMessages && text.message.Sms.To == silence.Phone && !text.Reference.IsDirect)
                .Select(text => $"{text.Reference} was sent after {silence.Why}"));
        }

        wrong.AddRange(planned.Where(text => !text.Reference.IsDirect && Hour(text.message.At) is < 8 or >= 21)
            .Select(text => $"{text.Reference} was sent at {text.message.At}"));
        for (var index = 0; index < Courses; index++)
        {
            var view = await _clinic.ViewAsync(KeyOf(index));
            wrong.AddRange(view.Timeline
                .Where(step => step.State is StepState.Planned or StepState.Sending or StepState.Unknown || step.Reason == "its time had passed before it could be sent")
                .Select(step => $"{KeyOf(index)} {step.Step} ended as {step.State} ({step.Reason}): "
                    + _clinic.Column("SELECT 'due ' || due_at || ' useful until ' || useful_until || ' attempt ' || attempt || ' resends ' || resends "
                        + $"|| ' not before ' || COALESCE(not_before, '-') || ' claimed ' || COALESCE(claimed_at, '-') FROM steps WHERE session_id = '{KeyOf(index).Session}' AND step = '{step.Step}'").Single()));
        }

        return wrong;
    }

    private static int Hour(DateTimeOffset at) =>
        Instant.FromDateTimeOffset(at).InZone(DateTimeZoneProviders.Tzdb[Some.Patient.TimeZone!]).Hour;

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!isSo())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }
    }

    private int Next(int below)
    {
        lock (_lock)
        {
            return _random.Next(below);
        }
    }
}
