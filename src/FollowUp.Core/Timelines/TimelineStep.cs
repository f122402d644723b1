using NodaTime;

namespace FollowUp.Core.Timelines;

/// <summary>One step of a session's timeline.</summary>
public sealed record TimelineStep
{
    /// <summary>Id of the step in the plan.</summary>
    public required string Step { get; init; }

    /// <summary>What the text is for.</summary>
    public required StepKind Kind { get; init; }

    /// <summary>
    /// When to send, after every move into the sending window and the budget. For a step that has left, when it did; for any other that is
    /// not planned, when it would have been due.
    /// </summary>
    public required Instant DueAt { get; init; }

    /// <summary>The text is no longer true from this instant on: a sender that comes too late drops it. Later than <see cref="DueAt"/> for every planned step.</summary>
    public required Instant UsefulUntil { get; init; }

    /// <summary>What to give to <see cref="Texts.TextRenderer.Render"/>; opaque to the sender. See <see cref="Texts.TextKey"/>.</summary>
    public required string TextKey { get; init; }

    /// <summary>Whether the step is to be sent.</summary>
    public required bool Planned { get; init; }

    /// <summary>Why it is not planned, one of <see cref="NotPlanned"/>; null when it is.</summary>
    public string? Reason { get; init; }

    /// <summary>Why it is due later than the plan says, one of <see cref="Timelines.Moved"/>; null when it is due at the plan's time.</summary>
    public string? Moved { get; init; }

    /// <summary>Whether the text is only true of a session that took place: where a clinic confirms its sessions, such a step waits for that.</summary>
    public required bool NeedsCompletion { get; init; }
}

/// <summary>Why a step is due later than the plan says, in words for staff.</summary>
public static class Moved
{
    /// <summary>The plan's time is outside of the sending window.</summary>
    public const string IntoSendingHours = "moved into the sending hours";

    /// <summary>The session was booked, or moved, after the plan's time, and the text is still of use.</summary>
    public const string CaughtUp = "caught up after a late booking";

    /// <summary>The patient gets, or got, other marketing texts around the plan's time.</summary>
    public const string IntoBudget = "moved to a day with fewer marketing texts";
}

/// <summary>Why a step is not planned, in words for staff.</summary>
public static class NotPlanned
{
    /// <summary>The session was called off.</summary>
    public const string Cancelled = "the session was cancelled";

    /// <summary>The patient did not come.</summary>
    public const string NotHeld = "the session was not held";

    /// <summary>The patient has a later session, so there is nothing to prompt for.</summary>
    public const string Rebooked = "a later session is booked";

    /// <summary>The patient has not agreed to texts about care, or has withdrawn.</summary>
    public const string NoCareConsent = "no consent to care texts";

    /// <summary>The patient has not agreed to prompts to book, or has withdrawn.</summary>
    public const string NoMarketingConsent = "no consent to marketing texts";

    /// <summary>The patient asked for the necessary texts only.</summary>
    public const string EssentialsOnly = "the patient wants essentials only";

    /// <summary>Staff do not want it for this session.</summary>
    public const string SkippedByStaff = "skipped by staff";

    /// <summary>The session was booked, or moved, after the time for this text.</summary>
    public const string BookedTooLate = "booked after this step's time";

    /// <summary>The next moment within the sending hours comes after the text has ceased to be true.</summary>
    public const string OutsideSendingHours = "the sending hours would deliver it too late";

    /// <summary>The clinic's hours and the law have no time of the week in common.</summary>
    public const string NoSendingHours = "the sending hours and the law leave no time for it";

    /// <summary>It has left already; it is never moved or repeated, whatever changes afterwards.</summary>
    public const string AlreadySent = "already sent";

    /// <summary>The text is for patients who missed a session, and this one did not.</summary>
    public const string NoMissedSession = "only for patients who missed a session";

    /// <summary>The patient has answered, so the clinic is in touch.</summary>
    public const string Replied = "the patient has replied";

    /// <summary>On every day on which it would be useful, the patient gets as many marketing texts as a day may have.</summary>
    public const string OverDailyBudget = "the patient has enough marketing texts for a day";

    /// <summary>On every day on which it would be useful, the seven days around have as many marketing texts as they may.</summary>
    public const string OverWeeklyBudget = "the patient has enough marketing texts for a week";

    /// <summary>The patient got as many marketing texts as a year may have.</summary>
    public const string OverYearlyBudget = "the patient has enough marketing texts for a year";
}
