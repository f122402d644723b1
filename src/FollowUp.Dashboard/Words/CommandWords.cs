using FollowUp.Data.Sessions.Commands;

namespace FollowUp.Dashboard.Words;

/// <summary>Commands on sessions as staff read them.</summary>
internal static class CommandWords
{
    /// <summary>What a button says.</summary>
    public static string Of(SessionCommandKind kind) => kind switch
    {
        SessionCommandKind.Cancel => "Call off",
        SessionCommandKind.SendNow => "Send now",
        SessionCommandKind.MoveToPlan => "Move to another version of the plan",
        _ => kind.ToString(),
    };

    /// <summary>The command with its step or version, such as <c>Skip remind-3d</c>.</summary>
    public static string Of(SessionCommand command) => command switch
    {
        { Step: { } step } => $"{Of(command.Kind)} {step}",
        { PlanVersion: { } version } => $"Move to version {version} of the plan",
        { Kind: SessionCommandKind.Retry } => "Retry failed sessions",
        _ => Of(command.Kind),
    };

    /// <summary>What it does, for whoever is about to give it.</summary>
    public static string About(SessionCommandKind kind) => kind switch
    {
        SessionCommandKind.Pause => "Nothing is sent until it is resumed. What ceases to be useful meanwhile is skipped.",
        SessionCommandKind.Resume => "Ends the pause. What is still useful is sent.",
        SessionCommandKind.Cancel => "The session is called off: no text of it is sent any more. The patient is not told by FollowUp.",
        SessionCommandKind.SendNow => "The text leaves at once, if quiet hours, consent and the plan's own limits allow it.",
        SessionCommandKind.Skip => "The text is not sent, whatever the plan says.",
        SessionCommandKind.Retry => "A text that did not arrive, or was skipped by staff, is planned again. Without a step, a failed session goes on.",
        _ => "What has not been sent yet follows the other version.",
    };
}
