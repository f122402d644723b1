namespace FollowUp.Core.Timelines;

/// <summary>What a text is for.</summary>
public enum StepKind
{
    /// <summary>How to get ready for a session.</summary>
    Preparation,

    /// <summary>When and where the session is.</summary>
    Reminder,

    /// <summary>What to do and to avoid after a session, and when to call.</summary>
    Aftercare,

    /// <summary>Whether healing goes well.</summary>
    CheckIn,

    /// <summary>A prompt to book the next session: marketing in law.</summary>
    Rebooking,

    /// <summary>What to expect of the result, months later.</summary>
    Results,

    /// <summary>A prompt to keep up the result: marketing in law.</summary>
    Maintenance,
}

/// <summary>What follows from a step's kind, and its name in JSON and YAML.</summary>
public static class StepKinds
{
    /// <summary>The name used in care plans and in the HTTP contract, such as <c>check-in</c>.</summary>
    public static string NameOf(StepKind kind) => kind switch
    {
        StepKind.Preparation => "preparation",
        StepKind.Reminder => "reminder",
        StepKind.Aftercare => "aftercare",
        StepKind.CheckIn => "check-in",
        StepKind.Rebooking => "rebooking",
        StepKind.Results => "results",
        StepKind.Maintenance => "maintenance",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>Whether the text needs consent to marketing; every other needs consent to care.</summary>
    public static bool IsMarketing(StepKind kind) => kind is StepKind.Rebooking or StepKind.Maintenance;

    /// <summary>Whether the text is only true before the session starts.</summary>
    public static bool IsBeforeSession(StepKind kind) => kind is StepKind.Preparation or StepKind.Reminder;

    /// <summary>
    /// Whether the text is only true when the session took place. A prompt to book the next one is not among them: somebody who missed
    /// a session is welcome to book again.
    /// </summary>
    public static bool NeedsHeldSession(StepKind kind) =>
        kind is StepKind.Aftercare or StepKind.CheckIn or StepKind.Results or StepKind.Maintenance;

    /// <summary>Whether a patient who wants essentials only gets such a text, unless the plan says otherwise.</summary>
    public static bool IsEssentialByDefault(StepKind kind) => kind is StepKind.Preparation or StepKind.Reminder or StepKind.Aftercare;
}
