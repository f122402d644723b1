namespace FollowUp.Dashboard.Words;

/// <summary>What is said after an act. The address names one of these, so that nothing that somebody puts into an address is ever shown.</summary>
internal static class Notices
{
    private static readonly Dictionary<string, string> Texts = new(StringComparer.Ordinal)
    {
        ["signed-out"] = "You are signed out.",
        ["acknowledged"] = "The alert is acknowledged.",
        ["read"] = "The text is marked as read.",
        ["replied"] = "Your reply is on its way.",
        ["may-not-reply"] = "Not sent: the number has opted out or is somebody else's. Call the patient.",
        ["resumed"] = "Sending goes on.",
        ["not-paused"] = "The sender was not paused.",
        ["user-added"] = "The user can sign in now.",
        ["user-changed"] = "The role is changed. The user has to sign in again.",
        ["password-set"] = "The password is set. The user has to sign in with it.",
        ["sessions-ended"] = "The user is signed out everywhere.",
        ["user-removed"] = "The user is removed.",
        ["password-changed"] = "Your password is changed. Sign in with it.",
    };

    public static string? Find(string? code) => code is not null && Texts.TryGetValue(code, out var text) ? text : null;
}
