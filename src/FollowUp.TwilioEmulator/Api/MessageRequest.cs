using FollowUp.TwilioEmulator.Delivery;
using FollowUp.TwilioEmulator.Messages;
using Microsoft.AspNetCore.Http;

namespace FollowUp.TwilioEmulator.Api;

/// <summary>A create whose form was found in order. From is null if a messaging service chooses the sender.</summary>
internal sealed record MessageRequest(string To, string? From, string? MessagingServiceSid, string Body, string? StatusCallback)
{
    /// <summary>Characters (UTF-16) that Twilio takes in one text.</summary>
    public const int MaxBody = 1600;

    // These would change what is sent or when.
    private static readonly string[] s_unsupported = ["SendAt", "ScheduleType", "MediaUrl", "ContentSid"];

    /// <summary>Checks in Twilio's order, with Twilio's magic numbers: they act here as they do for Twilio's test credentials.</summary>
    public static (MessageRequest? Request, TwilioError? Error) Read(IFormCollection form)
    {
        var (to, from, service, body, callback) = (
            form["To"].ToString().Trim(), form["From"].ToString().Trim(), form["MessagingServiceSid"].ToString().Trim(),
            form["Body"].ToString(), form["StatusCallback"].ToString().Trim());
        var (handset, sender) = (Addresses.ReadNumber(to), Addresses.ReadSender(from));
        var error = CheckTo(to, handset) ?? CheckFrom(from, sender, service) ?? CheckContent(form, body, callback)
            ?? CheckReach(handset!, sender ?? service);
        return error is null
            ? (new MessageRequest(handset!, sender, NullIfEmpty(service), body, NullIfEmpty(callback)), null)
            : (null, error);
    }

    private static TwilioError? CheckTo(string to, string? handset) =>
        to.Length == 0 ? TwilioError.ToMissing
        : handset is null or "+15005550001" ? TwilioError.ToInvalid(to)
        : null;

    private static TwilioError? CheckFrom(string from, string? sender, string service) =>
        from.Length == 0 && service.Length == 0 ? TwilioError.FromMissing
        : service.Length > 0 && !Addresses.IsMessagingServiceSid(service) ? TwilioError.ServiceInvalid(service)
        : from.Length == 0 ? null
        : sender switch
        {
            null or "+15005550001" => TwilioError.FromInvalid(from),
            "+15005550007" => TwilioError.FromNotOurs(from),
            "+15005550008" => TwilioError.QueueFull,
            _ => null,
        };

    private static TwilioError? CheckContent(IFormCollection form, string body, string callback) =>
        s_unsupported.FirstOrDefault(form.ContainsKey) is { } parameter ? TwilioError.Unsupported(parameter)
        : string.IsNullOrWhiteSpace(body) ? TwilioError.BodyMissing
        : body.Length > MaxBody ? TwilioError.BodyTooLong
        : callback.Length > 0 && OwnAddress.ReadAbsolute(callback) is null ? TwilioError.CallbackInvalid(callback)
        : null;

    private static TwilioError? CheckReach(string handset, string sender) => handset switch
    {
        "+15005550002" => TwilioError.ToUnreachable(handset, sender),
        "+15005550003" => TwilioError.RegionOff(handset),
        "+15005550004" => TwilioError.OptedOut,
        "+15005550009" => TwilioError.NotMobile(handset),
        _ => null,
    };

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
