using System.Security.Cryptography;

namespace FollowUp.TwilioEmulator.Messages;

/// <summary>A text, either way, as the account keeps it.</summary>
internal sealed record Message
{
    public required string Sid { get; init; }

    /// <summary>One of <see cref="Directions"/>.</summary>
    public required string Direction { get; init; }

    public required string From { get; init; }

    public required string To { get; init; }

    public required string Body { get; init; }

    public string? MessagingServiceSid { get; init; }

    /// <summary>One of <see cref="Statuses"/>.</summary>
    public required string Status { get; init; }

    public int? ErrorCode { get; init; }

    public string? StatusCallback { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public DateTimeOffset? SentAt { get; init; }

    public Journey Journey { get; init; } = Journey.Ordinary;

    public bool IsInbound => Direction == Directions.Inbound;

    /// <summary>The phone's number, whichever way the text went.</summary>
    public string Handset => IsInbound ? From : To;

    /// <summary>The account's side of the conversation: a number, short code or alphanumeric sender.</summary>
    public string Sender => IsInbound ? To : From;

    /// <summary>A fresh SID: <c>SM</c> and 32 hexadecimal digits.</summary>
    public static string NewSid() => "SM" + RandomNumberGenerator.GetHexString(32, lowercase: true);
}

/// <summary>How a text will travel after it was accepted: always delivered at once, in order, unless a fault says otherwise.</summary>
internal sealed record Journey(string FinalStatus, int? FinalError, int CallbackCopies, bool CallbacksReversed, TimeSpan CallbackDelay)
{
    public static Journey Ordinary { get; } = new(Statuses.Delivered, null, 1, false, TimeSpan.Zero);
}

internal static class Directions
{
    public const string Inbound = "inbound";
    public const string OutboundApi = "outbound-api";
    public const string OutboundReply = "outbound-reply";
}

internal static class Statuses
{
    public const string Accepted = "accepted";
    public const string Queued = "queued";
    public const string Sending = "sending";
    public const string Sent = "sent";
    public const string Delivered = "delivered";
    public const string Undelivered = "undelivered";
    public const string Failed = "failed";
    public const string Received = "received";
}
