using FollowUp.Sms;

namespace FollowUp.Workflows.Tests;

/// <summary>Twilio as the gateway shows it: keeps what it took, and goes wrong in the ways that a test lines up.</summary>
internal sealed class FakeTwilio(TimeProvider clock) : ISmsGateway
{
    private readonly Lock _lock = new();
    private readonly List<Taken> _taken = [];
    private readonly Queue<Func<OutgoingSms, Task<SendOutcome>>> _faults = new();
    private readonly HashSet<string> _optedOut = [];
    private readonly Dictionary<string, SendOutcome> _refused = [];

    /// <summary>Called with each message, after it was taken and before Twilio answers.</summary>
    public Func<Taken, Task> AfterTaking { get; set; } = _ => Task.CompletedTask;

    /// <summary>What goes wrong with a send for which no test has lined anything up; null for nothing.</summary>
    public Func<OutgoingSms, Func<OutgoingSms, Task<SendOutcome>>?> Fault { get; set; } = _ => null;

    /// <summary>What the list says of every message.</summary>
    public (string Status, int? ErrorCode) Listed { get; set; } = ("sent", null);

    public IReadOnlyList<Taken> Messages
    {
        get
        {
            lock (_lock)
            {
                return [.. _taken];
            }
        }
    }

    /// <summary>The next send that has no other fault before it goes wrong like this.</summary>
    public void Next(Func<OutgoingSms, Task<SendOutcome>> fault) => _faults.Enqueue(fault);

    public void NextIs(SendOutcome outcome) => Next(_ => Task.FromResult(outcome));

    /// <summary>The worker dies (as far as the engine can tell) after Twilio has taken the message.</summary>
    public void NextIsTakenAndTheWorkerDies() => Next(message =>
    {
        Take(message);
        throw new InvalidOperationException("The worker died.");
    });

    public void NextIsTakenWithoutAnAnswer() => Next(message =>
    {
        Take(message);
        return Task.FromResult<SendOutcome>(new SendOutcome.Unknown("no answer"));
    });

    /// <summary>Forgets the faults that were not used.</summary>
    public void Clear() => _faults.Clear();

    public void OptOut(string number) => _optedOut.Add(number);

    /// <summary>Every text to this number ends so.</summary>
    public void Refuse(string number, SendOutcome outcome) => _refused.Add(number, outcome);

    public async Task<SendOutcome> SendAsync(OutgoingSms message, CancellationToken cancellation)
    {
        Func<OutgoingSms, Task<SendOutcome>>? fault;
        lock (_lock)
        {
            _faults.TryDequeue(out fault);
        }

        fault ??= Fault(message);
        if (fault is not null)
        {
            return await fault(message);
        }

        if (_optedOut.Contains(message.To))
        {
            return new SendOutcome.OptedOut(21610);
        }

        if (_refused.TryGetValue(message.To, out var refused))
        {
            return refused;
        }

        var taken = Take(message);
        await AfterTaking(taken);
        return new SendOutcome.Accepted(taken.Sid, "queued", taken.At);
    }

    public Task<IReadOnlyList<SentSms>> FindAsync(string to, string body, DateTimeOffset? since, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<SentSms>>([.. Messages
            .Where(message => message.Sms.To == to && message.Sms.Body == body)
            .Reverse()
            .Select(message => new SentSms(message.Sid, to, body, Listed.Status, message.At) { ErrorCode = Listed.ErrorCode })]);

    /// <summary>The texts that patients have sent, oldest first; null for a list that cannot be read.</summary>
    public IReadOnlyList<InboundMessage>? Inbound { get; set; } = [];

    public Task<IReadOnlyList<InboundMessage>> ReceivedAsync(DateTimeOffset? since, CancellationToken cancellation) =>
        Task.FromResult(Inbound ?? throw new SmsLookupException("Twilio does not answer."));

    public Taken Take(OutgoingSms message)
    {
        lock (_lock)
        {
            var taken = new Taken($"SM{_taken.Count + 1:d32}", message, clock.GetUtcNow(), _taken.Count + 1);
            _taken.Add(taken);
            return taken;
        }
    }

    /// <param name="Number">How many had been taken with it, from 1.</param>
    public sealed record Taken(string Sid, OutgoingSms Sms, DateTimeOffset At, int Number);
}
