using System.Globalization;
using FollowUp.Core.Sending;
using FollowUp.Data.Planning;
using FollowUp.Sms;
using Microsoft.Extensions.Configuration;

namespace FollowUp.Workflows.Sending;

/// <summary>What the settings say about sending.</summary>
internal static class SendSettings
{
    /// <exception cref="InvalidOperationException">A setting is wrong; the message names it.</exception>
    public static SendRules Read(IConfiguration configuration, TwilioOptions twilio) => new(UnapprovedPlans: twilio.IsLoopback)
    {
        ClinicsWithoutAlerts = twilio.IsLoopback,
        DefaultSender = twilio.Sender,
        StopCountsForAllSenders = Read<bool>("FollowUp:StopCountsForAllSenders", configuration, bool.TryParse, "must be true or false"),
        MessagesPerSecond = Read<double>("FollowUp:MessagesPerSecond", configuration, IsPace, $"must be a number from {SenderPace.Slowest} to {SenderPace.Fastest}") is var pace and > 0
            ? pace
            : null,
    };

    private delegate bool Parse<T>(string? text, out T value);

    private static T Read<T>(string name, IConfiguration configuration, Parse<T> parse, string rule) where T : struct =>
        configuration[name] is not { Length: > 0 } text ? default
        : parse(text, out var value) ? value
        : throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"The setting {name} {rule}; it is '{text}'."));

    private static bool IsPace(string? text, out double pace) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out pace) && pace is >= SenderPace.Slowest and <= SenderPace.Fastest;
}
