using FollowUp.Core.Timelines;
using FollowUp.Data;
using FollowUp.Data.Delivery;
using FollowUp.Data.Sessions;
using FollowUp.Data.Sessions.Commands;
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
    public const int Courses = 10;

    /// <summary>Of real time. The longest that nothing happens is the grace before an unknown outcome is settled.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private const int TurnsBetweenSweeps = 10;

    private static readonly CancellationToken None = CancellationToken.None;
    private readonly FaultDraws _draws;
    private readonly StoreFaults _storeFaults;
    private readonly ClinicUnderTest _clinic;
    private readonly Lock _lock = new();
    private readonly List<Silence> _silences = [];
    private readonly Dictionary<(int Course, int Text), Func<Task>> _acts = [];
    private readonly Queue<int> _restartsAt;
    private readonly SemaphoreSlim _restart = new(0);

    private FaultyWorld(FaultDraws draws, StoreFaults faults, ClinicUnderTest clinic)
    {
        (_draws, _storeFaults, _clinic) = (draws, faults, clinic);
        _restartsAt = new([10 + draws.Of("first restart", 20), 40 + draws.Of("second restart", 30)]);
    }

    public FaultDraws Draws => _draws;

    public static async Task<FaultyWorld> OpenAsync(int seed)
    {
        var draws = new FaultDraws(seed);
        var faults = new StoreFaults(draws);
        var clinic = await ClinicUnderTest.OpenAsync(twilioTimeout: "00:00:00.400", faults);
        return new FaultyWorld(draws, faults, clinic);
    }

    /// <summary>Plays all courses to their end.</summary>
    /// <returns>What is wrong; empty when nothing is.</returns>
    /// <exception cref="TimeoutException">Nothing has happened for a long time.</exception>
    public async Task<IReadOnlyList<string>> PlayAsync()
    {
        _clinic.OnActivity = _draws.Begin;
        _clinic.Twilio.Fault = FaultOf;
        _clinic.Twilio.AfterTaking = AfterTakingAsync;
        _storeFaults.Enabled = true;
        for (var course = 0; course < Courses; course++)
        {
            PlanAct(course);
            var booking = BookingOf(course);
            await AgainAsync("booking", booking.Key.ToString(), () => _clinic.BookAsync(booking));
        }

        await StartAllAsync();
        await UntilAllHaveEndedAsync();
        _storeFaults.Enabled = false;
        return [.. await new Verdict(_clinic, [.. _silences], [.. Enumerable.Range(0, Courses).Select(KeyOf)]).FindAsync()];
    }

    public async ValueTask DisposeAsync()
    {
        await _clinic.DisposeAsync();
        _restart.Dispose();
    }

    /// <summary>As the host does: tears the engine down and starts another, and lets the sweep make good what a crash has lost.</summary>
    private async Task UntilAllHaveEndedAsync()
    {
        var moved = TimeProvider.System.GetTimestamp();
        var position = (_clinic.Clock.GetUtcNow(), 0);
        for (var turn = 0; !AllEnded(); turn++)
        {
            if (await _restart.WaitAsync(Pause))
            {
                _draws.Note("the engine was torn down");
                await _clinic.RestartEngineAsync();
            }

            if (turn % TurnsBetweenSweeps == 0)
            {
                await SweepAsync();
            }

            var now = (_clinic.Clock.GetUtcNow(), _clinic.Twilio.Messages.Count);
            (position, moved) = now == position ? (position, moved) : (now, TimeProvider.System.GetTimestamp());
            if (TimeProvider.System.GetElapsedTime(moved) > Patience)
            {
                throw new TimeoutException($"Nothing has happened for {Patience.TotalSeconds} seconds, at {position}; open are: "
                    + string.Join(", ", _clinic.Column("SELECT id || ' ' || state FROM sessions WHERE state IN ('scheduled', 'waiting', 'paused') "
                        + "UNION SELECT id || ' ' || state FROM direct_messages WHERE state IN ('planned', 'sending', 'unknown')")));
            }
        }
    }

    /// <summary>
    /// A booking that died after its commit has started nothing: the sweep does, every two minutes of the clock. It must not jump over days before
    /// that, as no clock of a clinic does, so it stands at each sweep.
    /// </summary>
    private async Task StartAllAsync()
    {
        do
        {
            await _clinic.AfterAsync(Duration.FromMinutes(2));
            await SweepOnceAsync();
            await Task.Delay(Pause, TimeProvider.System);
        }
        while (_clinic.Column("SELECT id FROM sessions WHERE planned_revision < revision").Count > 0);

        _clinic.LetTheClockRun();
    }

    /// <summary>Time passes by itself elsewhere; here it jumps to what is due, so the next sweep has to be.</summary>
    private async Task SweepAsync()
    {
        await using var passing = _clinic.Clock.CreateTimer(_ => { }, null, TimeSpan.FromMinutes(2), Timeout.InfiniteTimeSpan);
        await Task.Delay(Pause, TimeProvider.System);
        await SweepOnceAsync();
    }

    private async Task SweepOnceAsync()
    {
        _draws.Begin("sweep", "");
        try
        {
            await _clinic.Sweep.RunAsync(_clinic.Client, None);
        }
        catch (InvalidOperationException)
        {
            // Died; there is another.
        }
    }

    private static string PhoneOf(int course) => $"+1415555{1000 + course}";

    private static SessionKey KeyOf(int course) => new("glow", $"s-{course}");

    private static int CourseOf(OutgoingSms sms) => int.Parse(sms.To[^3..], System.Globalization.CultureInfo.InvariantCulture);

    private static Booking BookingOf(int course) => Some.Booking with
    {
        Key = KeyOf(course),
        Patient = Some.Patient with { Id = $"p-{course}", Phone = PhoneOf(course) },
        StartsAt = Some.SessionStart + Duration.FromHours(course % 3),
    };

    /// <summary>Half of the patients get through undisturbed; the others stop, come back, are called off or moved when some text of theirs is taken.</summary>
    private void PlanAct(int course)
    {
        Func<Task>? act = _draws.Of($"act of {course}", 10) switch
        {
            0 => () => SilenceAsync(course, "STOP", "reply", () => _clinic.ReceiveAsync("STOP", from: PhoneOf(course), sid: $"SM-stop-{course}")),
            1 => () => SilenceAsync(course, "an opt-out in words", "reply", () => _clinic.ReceiveAsync("no more texts please", from: PhoneOf(course), sid: $"SM-stop-{course}")),
            2 => () => SilenceAsync(course, "a cancellation", "event", () => _clinic.ReportAsync(SessionOutcome.Cancelled, KeyOf(course))),
            3 => () => AgainAsync("booking", KeyOf(course).ToString(), () => _clinic.BookAsync(BookingOf(course) with { StartsAt = BookingOf(course).StartsAt + Duration.FromDays(9) })),
            4 => () => PauseAsync(course),
            5 => () => SkipAsync(course),
            _ => null,
        };
        if (act is not null)
        {
            _acts[(course, 1 + _draws.Of($"moment of {course}", 7))] = act;
        }
    }

    /// <summary>Nothing is lost by it: it is over before anything has lapsed.</summary>
    private async Task PauseAsync(int course)
    {
        await AgainAsync("command", $"pause {KeyOf(course)}", () => _clinic.OrderAsync(SessionCommandKind.Pause, key: KeyOf(course)));
        await AgainAsync("command", $"resume {KeyOf(course)}", () => _clinic.OrderAsync(SessionCommandKind.Resume, key: KeyOf(course)));
        _draws.Note("a pause and a resume");
    }

    private async Task SkipAsync(int course)
    {
        await AgainAsync("command", $"skip {KeyOf(course)}", () => _clinic.OrderAsync(SessionCommandKind.Skip, Verdict.SkippedStep, KeyOf(course)));
        _draws.Note("a skip by staff");
    }

    private async Task SilenceAsync(int course, string why, string work, Func<Task> act)
    {
        await AgainAsync(work, KeyOf(course).ToString(), act);
        _draws.Note(why);
        lock (_lock)
        {
            _silences.Add(new Silence(PhoneOf(course), _clinic.Twilio.Messages.Count, why));
        }
    }

    /// <summary>As Twilio and booking systems do: once more, until somebody has taken it in.</summary>
    private async Task AgainAsync(string work, string subject, Func<Task> act)
    {
        for (var attempt = 0; ; attempt++)
        {
            _draws.Begin(work, subject);
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

    private Func<OutgoingSms, Task<SendOutcome>>? FaultOf(OutgoingSms message)
    {
        switch (_draws.Next("call", 100))
        {
            case < 4:
                _draws.Note("died before the call");
                return _ => throw new InvalidOperationException("The process died before the call.");
            case < 8:
                _draws.Note("died after Twilio had taken the text");
                return sms =>
                {
                    _clinic.Twilio.Take(sms);
                    throw new InvalidOperationException("The process died after Twilio had taken the text.");
                };
            case < 12:
                _draws.Note("a time-out, not taken");
                return _ => Task.FromResult<SendOutcome>(new SendOutcome.Unknown("a time-out, not taken"));
            case < 16:
                _draws.Note("HTTP 500 after it was taken");
                return sms =>
                {
                    _clinic.Twilio.Take(sms);
                    return Task.FromResult<SendOutcome>(new SendOutcome.Unknown("HTTP 500 after it was taken"));
                };
            case < 22:
                _draws.Note("429");
                return _ => Task.FromResult<SendOutcome>(new SendOutcome.RetryLater(20429, "too many requests", null));
            default:
                return null;
        }
    }

    /// <summary>Twilio has the text and has not answered yet.</summary>
    private async Task AfterTakingAsync(FakeTwilio.Taken taken)
    {
        // The acts and reports are others' work, and leave the sender's as it is.
        await Task.Run(async () =>
        {
            if (TextOf(taken) is { } text && _acts.TryGetValue((CourseOf(taken.Sms), text), out var act))
            {
                await act();
            }

            await ReportAsync(taken);
        });
        lock (_lock)
        {
            if (_restartsAt.TryPeek(out var at) && taken.Number >= at)
            {
                _restartsAt.Dequeue();
                _restart.Release();
            }
        }
    }

    /// <summary>Which of its course's planned texts it is, from 1; null for an answer.</summary>
    private int? TextOf(FakeTwilio.Taken taken) => Verdict.ReferenceOf(taken).IsDirect
        ? null
        : _clinic.Twilio.Messages.Count(other => other.Number <= taken.Number && other.Sms.To == taken.Sms.To && !Verdict.ReferenceOf(other).IsDirect);

    /// <summary>Reports on a text of the course: this one, or an older one; twice, in the wrong order, of all sorts.</summary>
    private async Task ReportAsync(FakeTwilio.Taken taken)
    {
        _draws.Begin("reports", $"{Verdict.ReferenceOf(taken)}");
        var own = _clinic.Twilio.Messages.Where(other => other.Number <= taken.Number && other.Sms.To == taken.Sms.To).ToList();
        var message = _draws.Next("older", 3) == 0 ? own[_draws.Next("which", own.Count)] : taken;
        (string Status, int? Code) final = _draws.Of($"end of {Verdict.ReferenceOf(message)}", 12) == 0 ? ("undelivered", 30003) : ("delivered", null);
        var isReordered = _draws.Next("order", 2) == 0;
        var times = 1 + _draws.Next("times", 2);
        if (isReordered)
        {
            _draws.Note("reports out of order");
        }

        if (times > 1)
        {
            _draws.Note("reports twice");
        }

        if (final.Code == 30003)
        {
            _draws.Note("30003");
        }

        (string Status, int? Code)[] reports = isReordered ? [final, ("sent", null)] : [("sent", null), final];
        for (var time = 0; time < times; time++)
        {
            foreach (var report in reports)
            {
                await AgainAsync("callback", $"{message.Sid} {report.Status}", async () =>
                {
                    var news = await _clinic.Get<DeliveryStore>().ReportAsync(message.Sid, report.Status, report.Code, Verdict.ReferenceOf(message), None);
                    await _clinic.Orchestrations.NotifyAsync(_clinic.Client, news.Changed, "delivery", None);
                });
            }
        }
    }

    private bool AllEnded() => _clinic.Column("SELECT id FROM sessions WHERE state IN ('scheduled', 'waiting', 'paused')").Count == 0
        && _clinic.Column("SELECT id FROM direct_messages WHERE state IN ('planned', 'sending', 'unknown')").Count == 0;
}
