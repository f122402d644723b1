using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace FollowUp.TwilioEmulator.Api;

/// <summary>An error as Twilio's API reports it: a JSON object of code, message, more_info and status.</summary>
internal sealed record TwilioError(int Status, int Code, string Message)
{
    public static TwilioError Authenticate { get; } = new(401, 20003, "Authenticate");

    public static TwilioError MethodNotAllowed { get; } = new(405, 20004, "Method not allowed");

    public static TwilioError TooManyRequests { get; } = new(429, 20429, "Too Many Requests");

    public static TwilioError Internal { get; } = new(500, 20500, "An internal server error has occurred");

    public static TwilioError ToMissing { get; } = new(400, 21604, "A 'To' phone number is required.");

    public static TwilioError FromMissing { get; } = new(400, 21603, "A 'From' phone number is required.");

    public static TwilioError BodyMissing { get; } = new(400, 21602, "Message body is required.");

    public static TwilioError BodyTooLong { get; } = new(400, 21617, "The concatenated message body exceeds the 1600 character limit");

    public static TwilioError QueueFull { get; } = new(400, 21611, "This 'From' number has exceeded the maximum number of queued messages");

    public static TwilioError OptedOut { get; } = new(400, 21610, "Attempt to send to unsubscribed recipient");

    public static TwilioError PageTooLarge { get; } = new(400, 20007, "Page size too large");

    public static TwilioError NotFound(string path) => new(404, 20404, $"The requested resource {path} was not found");

    public static TwilioError ToInvalid(string to) => new(400, 21211, $"Invalid 'To' Phone Number: {Masked(to)}");

    public static TwilioError ToUnreachable(string to, string from) => new(
        400, 21612, $"The 'To' phone number: {Masked(to)}, is not currently reachable using the 'From' phone number: {Masked(from)} via SMS.");

    public static TwilioError RegionOff(string to) => new(
        400, 21408, $"Permission to send an SMS has not been enabled for the region indicated by the 'To' number: {Masked(to)}");

    public static TwilioError NotMobile(string to) => new(400, 21614, $"To number: {Masked(to)}, is not a mobile number");

    public static TwilioError FromInvalid(string from) => new(
        400, 21212, $"The 'From' number {from} is not a valid phone number, shortcode, or alphanumeric sender ID.");

    public static TwilioError FromNotOurs(string from) => new(
        400, 21606, $"The From phone number {from} is not a valid, SMS-capable inbound phone number or short code for your account.");

    public static TwilioError ServiceInvalid(string sid) => new(400, 21705, $"The Messaging Service Sid {sid} is invalid.");

    public static TwilioError CallbackInvalid(string url) => new(400, 21609, $"The 'StatusCallback' URL {url} is not a valid URL.");

    /// <summary>The emulator's own: better refused than silently done otherwise.</summary>
    public static TwilioError Unsupported(string parameter) => new(
        400, 20001, $"The emulator does not support the parameter '{parameter}'.");

    /// <summary>Any refusal of a create, by its code alone.</summary>
    public static TwilioError Of(int code) => new(
        code switch { 20003 => 401, 20429 or 63038 => 429, _ => 400 }, code, Describe(code) ?? "The message was refused.");

    /// <summary>What the <c>error_message</c> of a message says; null for a code that this emulator has no words for.</summary>
    public static string? Describe(int? code) => code switch
    {
        20003 => Authenticate.Message,
        21408 => "Permission to send an SMS has not been enabled for the region",
        21610 => OptedOut.Message,
        30001 => "Queue overflow",
        30002 => "Account suspended",
        30003 => "Unreachable destination handset",
        30004 => "Message blocked",
        30005 => "Unknown destination handset",
        30006 => "Landline or unreachable carrier",
        30007 => "Message filtered",
        30008 => "Unknown error",
        30032 => "Toll-Free Number Has Not Been Verified",
        30034 => "Message from an Unregistered Number",
        63038 => "Account exceeded the daily messages limit",
        _ => null,
    };

    public IResult ToResult()
    {
        var code = Code.ToString(CultureInfo.InvariantCulture);
        return Results.Json(
            new JsonObject
            {
                ["code"] = Code,
                ["message"] = Message,
                ["more_info"] = "https://www.twilio.com/docs/errors/" + code,
                ["status"] = Status,
            },
            statusCode: Status);
    }

    // Twilio hides the end of the patient's number, and so do these texts, which end up in logs.
    private static string Masked(string number) => number.Length > 4 ? number[..^4] + "XXXX" : "XXXX";
}
