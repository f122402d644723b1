using FollowUp.Data.Context;
using FollowUp.Data.Planning;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Overview;

/// <summary>How the installation does: what waits, how fast senders go, how large the store is.</summary>
public sealed class SystemOverview
{
    private readonly Store _store;
    private readonly SendRules _rules;
    private readonly IClock _clock;

    internal SystemOverview(Store store, SendRules rules, IClock clock) => (_store, _rules, _clock) = (store, rules, clock);

    public async Task<SystemFacts> ReadAsync(CancellationToken cancellation)
    {
        var bytes = await _store.SizeAsync(cancellation);
        return await _store.ReadAsync(async db =>
        {
            var now = _clock.GetCurrentInstant();
            var clinics = await db.Clinics.OrderBy(row => row.Id).ToListAsync(cancellation);
            var senders = (await db.Senders.ToListAsync(cancellation)).ToDictionary(row => row.Sender, StringComparer.Ordinal);
            return new SystemFacts
            {
                DueNow = await db.Steps.CountAsync(row => row.State == StepState.Planned && !row.AwaitsCompletion && row.DueAt <= now, cancellation),
                BeingSent = await db.Steps.CountAsync(row => row.State == StepState.Sending || row.State == StepState.Unknown, cancellation),
                OtherTexts = await db.DirectMessages.CountAsync(
                    row => row.State == StepState.Planned || row.State == StepState.Sending || row.State == StepState.Unknown, cancellation),
                UnseenChanges = await db.Sessions.CountAsync(row => row.PlannedRevision < row.Revision, cancellation),
                Posts = await db.WebhookPosts.CountAsync(row => row.State == WebhookPostState.Waiting, cancellation),
                FailedSessions = await db.Sessions.CountAsync(row => row.State == SessionState.Failed, cancellation),
                Sessions = await db.Sessions.CountAsync(cancellation),
                Senders =
                [
                    .. clinics.GroupBy(_rules.SenderOf, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group =>
                        new SenderLine(
                            group.Key, [.. group.Select(clinic => clinic.Id)], _rules.MessagesPerSecondOf(group.Key),
                            senders.GetValueOrDefault(group.Key)?.PausedAt, senders.GetValueOrDefault(group.Key)?.PauseCode,
                            senders.GetValueOrDefault(group.Key)?.ProbeAt)),
                ],
                Schema = await db.Database.SqlQuery<int>($"""SELECT MAX(number) AS "Value" FROM schema_versions""").SingleAsync(cancellation),
                Bytes = bytes,
            };
        }, cancellation);
    }
}

/// <summary>How the installation does.</summary>
public sealed record SystemFacts
{
    /// <summary>Texts of plans that are due and that nobody has taken yet.</summary>
    public required int DueNow { get; init; }

    /// <summary>Texts that a worker has claimed and whose outcome is not known yet.</summary>
    public required int BeingSent { get; init; }

    /// <summary>Answers and alerts on their way.</summary>
    public required int OtherTexts { get; init; }

    /// <summary>Sessions that have changed and whose orchestration has not looked since.</summary>
    public required int UnseenChanges { get; init; }

    /// <summary>Posts to clinics' web addresses that have not been taken yet.</summary>
    public required int Posts { get; init; }
    public required int FailedSessions { get; init; }
    public required int Sessions { get; init; }
    public required IReadOnlyList<SenderLine> Senders { get; init; }

    /// <summary>The number of the newest schema script.</summary>
    public required int Schema { get; init; }

    /// <summary>Size of the database.</summary>
    public required long Bytes { get; init; }
}

/// <summary>Something that texts are sent from.</summary>
/// <param name="Clinics">Those that send from it.</param>
/// <param name="PerSecond">Messages a second.</param>
/// <param name="PausedAt">Since when Twilio refuses its texts; null when it does not.</param>
/// <param name="PauseCode">Twilio's code.</param>
/// <param name="ProbeAt">When one text tries whether it works again.</param>
public sealed record SenderLine(
    string Sender, IReadOnlyList<string> Clinics, double PerSecond, Instant? PausedAt, int? PauseCode, Instant? ProbeAt);
