namespace FollowUp.TwilioEmulator;

/// <summary>How one emulated Twilio account behaves. Everything else about it is changed at run time through its control API.</summary>
public sealed record EmulatorOptions
{
    /// <summary>The account's SID: <c>AC</c> and 32 hexadecimal digits. User name of Basic authentication and part of every address.</summary>
    public required string AccountSid { get; init; }

    /// <summary>Password of Basic authentication, and the key with which webhooks are signed. Never logged.</summary>
    public required string AuthToken { get; init; }

    /// <summary>The SQLite file that keeps messages, opt-outs and undelivered webhooks; made if absent. Null keeps them in memory.</summary>
    public string? DatabasePath { get; init; }

    /// <summary>
    /// Where a text from a phone is posted: an absolute http or https URL, or a path (<c>/api/twilio/inbound</c>) on the server that
    /// hosts the emulator. Null means that nobody listens: the text is kept and keywords are still answered.
    /// </summary>
    public string? InboundUrl { get; init; }

    /// <summary>
    /// The account's own number, in E.164: the sender for a messaging service, and where a phone that has never had a text sends its first.
    /// The default is Twilio's magic valid number.
    /// </summary>
    public string PhoneNumber { get; init; } = "+15005550006";

    /// <summary>
    /// Called when there is a message to advance or a webhook to post now; the result is disposed once there is none. A simulated clock
    /// stands still meanwhile. It is not held while the emulator only waits for a later instant (a retry, a delay fault).
    /// </summary>
    public Func<IDisposable>? HoldClock { get; init; }

    /// <summary>How long a webhook may take to answer, in real time; above zero. Twilio gives 15 seconds.</summary>
    public TimeSpan WebhookTimeout { get; init; } = TimeSpan.FromSeconds(15);
}
