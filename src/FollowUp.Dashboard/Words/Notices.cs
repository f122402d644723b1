namespace FollowUp.Dashboard.Words;

/// <summary>What is said after an act. The address names one of these, so that nothing that somebody puts into an address is ever shown.</summary>
internal static class Notices
{
    private static readonly Dictionary<string, string> Texts = new(StringComparer.Ordinal)
    {
        ["not-done"] = "Nothing was done: your sign-in had ended. Sign in and do it again.",
        ["signed-out"] = "You are signed out.",
        ["acknowledged"] = "The alert is acknowledged.",
        ["acknowledged-raised-again"] = "The alert is acknowledged. Texts have come in since it was told: they are a new alert, which is told at once.",
        ["read"] = "The text is marked as read.",
        ["replied"] = "Your reply is on its way.",
        ["replied-before"] = "The same reply was sent before: it is not sent twice.",
        ["resumed"] = "Sending goes on.",
        ["not-paused"] = "The sender was not paused.",
        ["command-pause"] = "The session is paused: nothing is sent until it is resumed.",
        ["command-resume"] = "The session goes on.",
        ["command-cancel"] = "The session is called off: no text of it is sent any more.",
        ["command-send-now"] = "The text is due now. It leaves as soon as its sender and the hours for texts allow.",
        ["command-skip"] = "The text will not be sent.",
        ["command-retry"] = "It is tried again: below stands when.",
        ["command-waits"] = "It is planned again, and waits: the session is paused.",
        ["command-move-to-plan"] = "What has not been sent yet follows the other version of the plan.",
        ["command-unchanged"] = "There was nothing to do.",
        ["bulk-stopped"] = "Stopped. What was done stays done.",
        ["key-ended"] = "The key is ended: it opens nothing any more.",
        ["user-added"] = "The user can sign in now.",
        ["user-changed"] = "The role is changed. The user has to sign in again.",
        ["password-set"] = "The password is set. The user has to sign in with it.",
        ["sessions-ended"] = "The user is signed out everywhere.",
        ["user-removed"] = "The user is removed.",
        ["password-changed"] = "Your password is changed. Sign in with it.",
    };

    public static string? Find(string? code) => code is not null && Texts.TryGetValue(code, out var text) ? text : null;
}
