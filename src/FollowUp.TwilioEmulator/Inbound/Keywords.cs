namespace FollowUp.TwilioEmulator.Inbound;

/// <summary>What Twilio itself understands: a text that is one of its words and nothing else, in any case.</summary>
internal enum Keyword
{
    None,
    Stop,
    Start,
    Help,
}

internal static class Keywords
{
    public const string StopReply =
        "You have successfully been unsubscribed. You will not receive any more messages from this number. Reply START to resubscribe.";

    public const string StartReply =
        "You have successfully been re-subscribed to messages from this number. Reply HELP for help. Reply STOP to unsubscribe. Msg&Data Rates May Apply.";

    public const string HelpReply = "Reply STOP to unsubscribe. Msg&Data Rates May Apply.";

    public static Keyword Find(string body) => body.Trim().ToUpperInvariant() switch
    {
        "STOP" or "UNSUBSCRIBE" or "END" or "QUIT" or "STOPALL" or "REVOKE" or "OPTOUT" or "CANCEL" => Keyword.Stop,
        "START" or "YES" or "UNSTOP" => Keyword.Start,
        "HELP" or "INFO" => Keyword.Help,
        _ => Keyword.None,
    };
}
