using NodaTime;

namespace FollowUp.Data.Sessions.Lists;

/// <summary>Which of a clinic's sessions. Everything that is set must hold.</summary>
public sealed record SessionFilter
{
    /// <summary>The longest search, in characters.</summary>
    public const int LongestSearch = 100;

    /// <summary>Empty is every state.</summary>
    public IReadOnlySet<SessionState> States { get; init; } = new HashSet<SessionState>();

    /// <summary>
    /// What somebody typed to find a patient or a session: the beginning of a first name, a phone number in any spelling or its last three
    /// digits or more, the beginning of a session's or a patient's id. Personal data, so it is in no log and is not kept.
    /// </summary>
    public string? Search { get; init; }

    /// <summary>The id of a care plan.</summary>
    public string? Plan { get; init; }

    /// <summary>The step that is next.</summary>
    public string? Step { get; init; }

    /// <summary>The next step is due before this.</summary>
    public Instant? DueBefore { get; init; }

    /// <summary>Nothing of it but its shape: a search may hold a name.</summary>
    public override string ToString() =>
        $"{States.Count} states{(Search is null ? "" : ", a search")}{(Plan is null ? "" : ", a plan")}{(Step is null ? "" : ", a step")}";
}

/// <summary>The order of a list of sessions. Those without a next step come last in both orders by due time.</summary>
public enum SessionOrder
{
    /// <summary>The next step that is due last comes first.</summary>
    DueLastFirst,

    /// <summary>The next step that is due soonest comes first.</summary>
    DueSoonestFirst,

    /// <summary>The session that starts last comes first.</summary>
    StartsLastFirst,

    /// <summary>The session that starts soonest comes first.</summary>
    StartsSoonestFirst,
}

/// <summary>A row of a list of sessions.</summary>
public sealed record SessionListItem
{
    public required SessionKey Key { get; init; }
    public required SessionState State { get; init; }
    public required string Plan { get; init; }
    public required int PlanVersion { get; init; }
    public required Instant StartsAt { get; init; }
    public required int SessionNumber { get; init; }
    public required int PlannedSessions { get; init; }

    /// <summary>Null when nothing is planned any more.</summary>
    public NextStepView? Next { get; init; }
    public required string PatientId { get; init; }
    public required string FirstName { get; init; }

    /// <summary>E.164, or masked such as <c>+1•••••0123</c>, as the list was asked for.</summary>
    public required string Phone { get; init; }

    /// <summary>The zone of the patient, IANA.</summary>
    public required string TimeZone { get; init; }

    /// <summary>Where the list goes on behind this row.</summary>
    public SessionPosition Position => new(Next?.DueAt, StartsAt, Key.Session);

    /// <summary>The ids alone.</summary>
    public override string ToString() => Key.ToString();
}

/// <summary>A place in a list of sessions.</summary>
/// <param name="DueAt">When the row's next step is due.</param>
/// <param name="StartsAt">When its session starts.</param>
/// <param name="Session">Its id.</param>
public sealed record SessionPosition(Instant? DueAt, Instant StartsAt, string Session);
