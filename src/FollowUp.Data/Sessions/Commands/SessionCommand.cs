namespace FollowUp.Data.Sessions.Commands;

/// <summary>What staff can order for a session; spelled in kebab case in JSON.</summary>
public enum SessionCommandKind
{
    /// <summary>Nothing planned is sent until it is resumed. Time runs on: what ceases to be useful meanwhile is skipped, and staff learn of it.</summary>
    Pause,

    /// <summary>Ends a pause: what is still useful is sent.</summary>
    Resume,

    /// <summary>The session is called off, as by the event.</summary>
    Cancel,

    /// <summary>A planned step is due at once, within everything that restrains texts.</summary>
    SendNow,

    /// <summary>A step is not sent, whatever the plan says from then on.</summary>
    Skip,

    /// <summary>A step that was not delivered, or was skipped by staff, is planned again; without a step, a session that has failed goes on.</summary>
    Retry,

    /// <summary>What has not been sent yet follows another version of the plan.</summary>
    MoveToPlan,
}

/// <summary>An order for a session.</summary>
/// <param name="Kind">What to do.</param>
public sealed record SessionCommand(SessionCommandKind Kind)
{
    /// <summary>The step that it is about. Send-now and skip need one; retry takes one.</summary>
    public string? Step { get; init; }

    /// <summary>The version to move to. Move-to-plan needs one.</summary>
    public int? PlanVersion { get; init; }

    /// <summary>Whether a command of this kind is about a step: it must name one, it may, or it must not.</summary>
    public static bool? TakesStep(SessionCommandKind kind) => kind switch
    {
        SessionCommandKind.SendNow or SessionCommandKind.Skip => true,
        SessionCommandKind.Retry => null,
        _ => false,
    };
}

/// <summary>What became of a command.</summary>
public enum CommandVerdict
{
    Done,

    /// <summary>It had been done already, or there is nothing to do; nothing was stored.</summary>
    Unchanged,
    UnknownClinic,
    UnknownSession,

    /// <summary>The session has no such step.</summary>
    UnknownStep,

    /// <summary>The session's plan has no such version at the clinic.</summary>
    UnknownVersion,

    /// <summary>The session has ended, and the command does not open it again.</summary>
    Ended,

    /// <summary>Something forbids it; the reason says what.</summary>
    Refused,
}

/// <summary>What became of a command.</summary>
/// <param name="Verdict">What happened. Nothing was stored unless it is Done.</param>
/// <param name="Reason">Why it was refused, in a sentence for staff, without names, numbers and texts; null when it was not.</param>
/// <param name="Session">The session as it is now; null when there is none.</param>
/// <param name="Affected">Sessions whose orchestrations must look again. Raise signals only now that the store has committed.</param>
public sealed record CommandResult(
    CommandVerdict Verdict, string? Reason, SessionView? Session, IReadOnlyList<ChangedSession> Affected)
{
    internal static CommandResult Nothing(CommandVerdict verdict, string? reason) => new(verdict, reason, null, []);
}
