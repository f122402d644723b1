using System.Text.Json.Serialization;

namespace FollowUp.TwilioEmulator.Faults;

/// <summary>
/// One switch of the control API. A PUT to <c>{prefix}/emulator/faults</c> with a JSON array of these replaces all that are set,
/// GET reads them, DELETE removes them. They are kept in the database and survive a restart.
/// <code>
/// [ { "kind": "too-many-requests", "count": 3 },
///   { "kind": "undelivered", "to": "+14155550123", "code": 30003 },
///   { "kind": "callback-delay", "delaySeconds": 90 } ]
/// </code>
/// A create uses up at most one fault that spoils its answer (the first that matches), and, if it is accepted, one of each other kind.
/// </summary>
internal sealed record Fault
{
    public required FaultKind Kind { get; init; }

    /// <summary>Only messages to this number (E.164); null: to any.</summary>
    public string? To { get; init; }

    /// <summary>For this many messages, at least 1; null: until removed.</summary>
    public int? Count { get; init; }

    /// <summary>
    /// Twilio's error code, for <see cref="FaultKind.Undelivered"/> and <see cref="FaultKind.Failed"/>, 30008 if absent, and for
    /// <see cref="FaultKind.Refused"/>, which needs it.
    /// </summary>
    public int? Code { get; init; }

    /// <summary>For <see cref="FaultKind.CallbackDelay"/>: above 0 and at most 30 days, by the emulator's clock.</summary>
    public double? DelaySeconds { get; init; }
}

/// <summary>What can go wrong. In JSON the names are kebab-case: <c>too-many-requests</c>.</summary>
[JsonConverter(typeof(FaultKindConverter))]
internal enum FaultKind
{
    /// <summary>429 with code 20429; nothing was processed.</summary>
    TooManyRequests,

    /// <summary>Refused with the code, such as 20003, 30034 or 63038, under the status that Twilio gives with it; nothing was processed.</summary>
    Refused,

    /// <summary>500; nothing was processed.</summary>
    ErrorBeforeAccepting,

    /// <summary>500, although the message was accepted and travels on.</summary>
    ErrorAfterAccepting,

    /// <summary>No answer until the client gives up; nothing was processed.</summary>
    NoAnswerBeforeAccepting,

    /// <summary>No answer until the client gives up, although the message was accepted and travels on.</summary>
    NoAnswerAfterAccepting,

    /// <summary>The message is sent and ends <c>undelivered</c>.</summary>
    Undelivered,

    /// <summary>The message is never sent and ends <c>failed</c>.</summary>
    Failed,

    /// <summary>Every status callback comes twice, with the same idempotency token.</summary>
    DuplicateCallbacks,

    /// <summary>The final status is called back first, <c>sent</c> after it.</summary>
    OutOfOrderCallbacks,

    /// <summary>Status callbacks come later than the status.</summary>
    CallbackDelay,

    /// <summary>Status callbacks never come.</summary>
    LostCallbacks,
}

internal sealed class FaultKindConverter()
    : JsonStringEnumConverter<FaultKind>(System.Text.Json.JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false);
