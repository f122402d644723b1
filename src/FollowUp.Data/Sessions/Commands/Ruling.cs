using FollowUp.Core.Timelines;

namespace FollowUp.Data.Sessions.Commands;

/// <summary>Whether a command may be done. One that may has been done to the rows in memory, to be saved by the caller; any other saves nothing.</summary>
/// <param name="Verdict">Done if it may.</param>
/// <param name="Reason">Why not.</param>
internal sealed record Ruling(CommandVerdict Verdict, string? Reason)
{
    public static Ruling Unchanged { get; } = new(CommandVerdict.Unchanged, null);

    /// <summary>What the audit says was done.</summary>
    public string Action { get; private init; } = "";

    public string? Detail { get; private init; }

    /// <summary>It changes what is true of the patient's other sessions.</summary>
    public bool ConcernsOthers { get; init; }

    public static Ruling Done(string action, string? detail = null) => new(CommandVerdict.Done, null) { Action = action, Detail = detail };

    public static Ruling Refused(string reason) => new(CommandVerdict.Refused, reason);

    public static Ruling Ended(SessionState state) => new(CommandVerdict.Ended, $"The session has ended: it is {EnumText.Of(state)}.");

    public static Ruling UnknownStep(string step) => new(CommandVerdict.UnknownStep, $"The session has no step '{step}'.");

    /// <summary>Why a step is skipped, as the end of a sentence.</summary>
    public static Ruling Skipped(string? reason) => Refused(
        reason == NotPlanned.SkippedByStaff ? "The step is skipped by staff: retry it first." : $"The step is skipped: {reason}.");
}
