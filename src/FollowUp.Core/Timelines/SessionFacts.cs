using System.Collections.Frozen;
using FollowUp.Core.Contacts;
using FollowUp.Core.Sending;
using NodaTime;

namespace FollowUp.Core.Timelines;

/// <summary>All that a timeline depends on besides the plan.</summary>
public sealed record SessionFacts
{
    /// <summary>When the session starts.</summary>
    public required Instant StartsAt { get; init; }

    /// <summary>
    /// When the session got its present start time: at the booking, or when it was last moved. What would have been due before is
    /// caught up or dropped.
    /// </summary>
    public required Instant BookedAt { get; init; }

    /// <summary>The patient's zone: local days, times of day and sending hours are those of this zone.</summary>
    public required DateTimeZone Zone { get; init; }

    /// <summary>Which session of the course this is, from 1 to <see cref="PlannedSessions"/>.</summary>
    public required int SessionNumber { get; init; }

    /// <summary>How many sessions are planned, 1 or more.</summary>
    public required int PlannedSessions { get; init; }

    /// <summary>What became of the session.</summary>
    public SessionOutcome Outcome { get; init; } = SessionOutcome.Booked;

    /// <summary>Whether the patient has a later session of the same plan.</summary>
    public bool Rebooked { get; init; }

    /// <summary>Whether the patient agreed to texts about care.</summary>
    public required bool CareConsent { get; init; }

    /// <summary>Whether the patient agreed to prompts to book, which the law counts as marketing.</summary>
    public required bool MarketingConsent { get; init; }

    /// <summary>Whether the patient asked for the necessary texts only.</summary>
    public bool EssentialsOnly { get; init; }

    /// <summary>Whether the patient missed an earlier session without calling it off.</summary>
    public bool PastNoShow { get; init; }

    /// <summary>Whether the patient has written something since the session began.</summary>
    public bool Replied { get; init; }

    /// <summary>The steps that staff do not want for this session. They take no place in any budget.</summary>
    public IReadOnlySet<string> SkippedByStaff { get; init; } = FrozenSet<string>.Empty;

    /// <summary>The patient's number, whose area code tells which state's law on marketing holds; null leaves that to the zone alone.</summary>
    public PhoneNumber? Phone { get; init; }

    /// <summary>The steps of this session that have left, or may have, each with the time at which it did. They are never moved or repeated.</summary>
    public IReadOnlyDictionary<string, Instant> AlreadySent { get; init; } = FrozenDictionary<string, Instant>.Empty;

    /// <summary>
    /// When the marketing texts of the patient's other sessions and plans left, for the budget. This session's own may be among them; they
    /// count once.
    /// </summary>
    public IReadOnlyList<Instant> SentMarketing { get; init; } = [];

    /// <summary>When the clinic lets texts arrive, and how many.</summary>
    public SendingRules Rules { get; init; } = SendingRules.Default;

    /// <summary>The same hours for care and marketing: short for both of those in <see cref="Rules"/>. Of the two, what is set last counts.</summary>
    public SendingHours Hours
    {
        get => Rules.Care;
        init => Rules = Rules with { Care = value, Marketing = value };
    }
}

/// <summary>What became of a session.</summary>
public enum SessionOutcome
{
    /// <summary>Nothing is known beyond the booking. A clinic chooses whether that counts as held once its end has passed.</summary>
    Booked,

    /// <summary>It took place.</summary>
    Completed,

    /// <summary>It was called off; nothing more is sent for it.</summary>
    Cancelled,

    /// <summary>The patient did not come.</summary>
    NoShow,
}
