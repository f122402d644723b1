namespace FollowUp.Sms;

/// <summary>What became of one attempt to send. No reason holds a phone number or a text.</summary>
public abstract record SendOutcome
{
    private SendOutcome()
    {
    }

    /// <summary>Twilio has the message, and will report on it.</summary>
    /// <param name="Sid">Twilio's id of the message.</param>
    /// <param name="Status">Twilio's first word for it, such as queued or accepted.</param>
    /// <param name="TwilioDate">When, on Twilio's clock: the answer's <c>Date</c>, else the message's; null when it gave neither.</param>
    public sealed record Accepted(string Sid, string Status, DateTimeOffset? TwilioDate) : SendOutcome;

    /// <summary>Not sent, and sending the same again would not help.</summary>
    /// <param name="Code">Twilio's error code (five digits), or the HTTP status (three) when the answer carried none.</param>
    /// <param name="Reason">Twilio's explanation.</param>
    public sealed record Refused(int Code, string Reason) : SendOutcome;

    /// <summary>Not sent, because Twilio was busy or never reached: safe to send again.</summary>
    /// <param name="Code">Twilio's error code, or the HTTP status, or 0 when Twilio was not reached.</param>
    /// <param name="Reason">Why.</param>
    /// <param name="After">How long Twilio asks to wait, when it says.</param>
    public sealed record RetryLater(int Code, string Reason, TimeSpan? After) : SendOutcome;

    /// <summary>Not sent: the recipient has told Twilio to stop.</summary>
    /// <param name="Code">Twilio's error code, 21610.</param>
    public sealed record OptedOut(int Code) : SendOutcome;

    /// <summary>
    /// Not sent, and nothing else from this sender will be for now: the account cannot sign in, or may not send from this number, to this region,
    /// or any more today. Safe to send again when that is mended.
    /// </summary>
    /// <param name="Code">Twilio's error code, or the HTTP status.</param>
    /// <param name="Reason">Twilio's explanation.</param>
    public sealed record AccountTrouble(int Code, string Reason) : SendOutcome;

    /// <summary>
    /// It may have been sent or not: a time-out, a lost connection, an answer that makes no sense, or any 5xx. Never send again
    /// before the status callback or <see cref="ISmsGateway.FindAsync"/> has settled it.
    /// </summary>
    /// <param name="Reason">What was seen.</param>
    public sealed record Unknown(string Reason) : SendOutcome;
}
