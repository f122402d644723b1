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

    /// <summary>When texts may arrive, in the patient's local time.</summary>
    public SendingHours Hours { get; init; } = SendingHours.Default;
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
