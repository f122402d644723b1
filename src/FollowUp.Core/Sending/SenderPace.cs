using FollowUp.Core.Contacts;

namespace FollowUp.Core.Sending;

/// <summary>
/// How many messages a second a sender may hand to Twilio before they queue up there, by its kind. Source: Twilio's published throughput, 1 a
/// second for a long code in the United States and Canada, 3 for a toll-free number, 100 for a short code; 10 for what follows no such limit.
/// </summary>
public static class SenderPace
{
    /// <summary>The least that can be set: one message in ten seconds.</summary>
    public const double Slowest = 0.1;

    /// <summary>The most that can be set.</summary>
    public const double Fastest = 1000;

    private static readonly string[] TollFree = ["+1800", "+1833", "+1844", "+1855", "+1866", "+1877", "+1888"];

    /// <summary>Messages a second.</summary>
    /// <param name="sender">A number in E.164, a short code, or the SID of a messaging service.</param>
    public static double Of(string sender)
    {
        ArgumentNullException.ThrowIfNull(sender);
        return sender switch
        {
            { Length: >= 5 and <= 6 } when sender.All(char.IsAsciiDigit) => 100,
            _ when TollFree.Any(prefix => sender.StartsWith(prefix, StringComparison.Ordinal)) => 3,
            _ when sender.StartsWith("+1", StringComparison.Ordinal) && PhoneNumber.TryParse(sender, out _, out _) => 1,
            _ => 10,
        };
    }
}
