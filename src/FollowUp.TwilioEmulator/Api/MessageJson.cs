using System.Globalization;
using System.Text.Json.Nodes;
using FollowUp.TwilioEmulator.Delivery;
using FollowUp.TwilioEmulator.Messages;

namespace FollowUp.TwilioEmulator.Api;

/// <summary>A message in Twilio's JSON. Addresses in it start at the API version: clients put the host, and the emulator's prefix, before them.</summary>
internal static class MessageJson
{
    public static JsonObject Write(Message message, string accountSid)
    {
        var uri = $"/{WebhookClient.ApiVersion}/Accounts/{accountSid}/Messages/{message.Sid}";
        // Until a messaging service has chosen the sender there is none, and nothing has been counted.
        var open = message.Status == Statuses.Accepted;
        return new JsonObject
        {
            ["body"] = message.Body,
            ["num_segments"] = open ? "0" : Segments.Count(message.Body).ToString(CultureInfo.InvariantCulture),
            ["direction"] = message.Direction,
            ["from"] = open ? null : message.From,
            ["date_updated"] = Rfc2822(message.UpdatedAt),
            ["price"] = null,
            ["error_message"] = TwilioError.Describe(message.ErrorCode),
            ["uri"] = uri + ".json",
            ["account_sid"] = accountSid,
            ["num_media"] = "0",
            ["to"] = message.To,
            ["date_created"] = Rfc2822(message.CreatedAt),
            ["status"] = message.Status,
            ["sid"] = message.Sid,
            ["date_sent"] = message.SentAt is { } sent ? Rfc2822(sent) : null,
            ["messaging_service_sid"] = message.MessagingServiceSid,
            ["error_code"] = message.ErrorCode,
            ["price_unit"] = "USD",
            ["api_version"] = WebhookClient.ApiVersion,
            ["subresource_uris"] = new JsonObject { ["media"] = uri + "/Media.json" },
        };
    }

    private static string Rfc2822(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture);
}
