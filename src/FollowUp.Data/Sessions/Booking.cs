using NodaTime;

namespace FollowUp.Data.Sessions;

/// <summary>A session as a clinic books it. Already checked: ids, numbers and zones are valid.</summary>
public sealed record Booking
{
    public required SessionKey Key { get; init; }
    public required BookedPatient Patient { get; init; }

    /// <summary>The plan. A new session is pinned to the version that the clinic has at that moment; a session that exists keeps its own.</summary>
    public required string PlanId { get; init; }
    public required Instant StartsAt { get; init; }
    public required int SessionNumber { get; init; }
    public required int PlannedSessions { get; init; }
}

/// <summary>The patient of a booking.</summary>
public sealed record BookedPatient
{
    public required string Id { get; init; }
    public required string FirstName { get; init; }

    /// <summary>E.164.</summary>
    public required string Phone { get; init; }

    /// <summary>Null is the clinic's first language.</summary>
    public string? Language { get; init; }

    /// <summary>IANA name. Null is the clinic's zone.</summary>
    public string? TimeZone { get; init; }

    /// <summary>All that the patient agrees to. Null says nothing: what is known of the patient stays.</summary>
    public IReadOnlySet<ConsentKind>? Consents { get; init; }

    /// <summary>How the patient agreed, such as "booking form". It goes into the history with every entry that this makes.</summary>
    public string? ConsentMethod { get; init; }

    /// <summary>The words that the patient was shown.</summary>
    public string? ConsentWording { get; init; }

    /// <summary>
    /// What staff know the patient's new word from. Only with it are consents given back that were withdrawn; a booking has none.
    /// </summary>
    public string? ConsentEvidence { get; init; }
    public bool EssentialsOnly { get; init; }

    /// <summary>The id alone.</summary>
    public override string ToString() => Id;
}

/// <summary>What became of a booking or of an event about a session.</summary>
public enum BookingVerdict
{
    Created,
    Changed,

    /// <summary>All was known already; nothing was stored.</summary>
    Unchanged,
    UnknownClinic,
    UnknownSession,

    /// <summary>The session has ended, and the change does not open it again.</summary>
    Ended,

    /// <summary>The session belongs to another patient, whom a booking cannot exchange.</summary>
    OtherPatient,

    UnknownPlan,

    /// <summary>The session runs on another plan, which a booking cannot exchange.</summary>
    OtherPlan,
}

/// <param name="Verdict">What happened. Nothing was stored unless it is Created or Changed.</param>
/// <param name="Session">The session as it is now; null when there is none.</param>
/// <param name="Affected">Every session whose orchestration must look again, this one among them. Raise signals only now that the store has committed.</param>
public sealed record BookingResult(BookingVerdict Verdict, SessionView? Session, IReadOnlyList<ChangedSession> Affected)
{
    internal static BookingResult Nothing(BookingVerdict verdict, SessionView? session = null) => new(verdict, session, []);
}
