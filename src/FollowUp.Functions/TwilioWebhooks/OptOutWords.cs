using FollowUp.Data.Consents;
using FollowUp.Sms;

namespace FollowUp.Functions.TwilioWebhooks;

/// <summary>The words that Twilio itself answers: a text that is one of them and nothing else.</summary>
internal static class OptOutWords
{
    private static readonly HashSet<string> Stop = new(StringComparer.OrdinalIgnoreCase)
    {
        "STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT", "CANCEL",
    };

    private static readonly HashSet<string> Start = new(StringComparer.OrdinalIgnoreCase) { "START", "YES", "UNSTOP" };

    private static readonly HashSet<string> Help = new(StringComparer.OrdinalIgnoreCase) { "HELP", "INFO" };

    /// <summary>Twilio's own reading, if it gives one: a messaging service can have words of its own.</summary>
    public static InboundMeaning Read(InboundMessage message)
    {
        var word = message.Body.Trim();
        return message.OptOutType switch
        {
            "STOP" => InboundMeaning.OptOut,
            "START" => InboundMeaning.OptIn,
            "HELP" => InboundMeaning.Help,
            _ when Stop.Contains(word) => InboundMeaning.OptOut,
            _ when Start.Contains(word) => InboundMeaning.OptIn,
            _ when Help.Contains(word) => InboundMeaning.Help,
            _ => InboundMeaning.Other,
        };
    }
}
