namespace FollowUp.Sms;

/// <summary>Sends texts, and looks up what was sent. Safe for use by many threads.</summary>
public interface ISmsGateway
{
    /// <summary>
    /// Hands a message to Twilio, once: nothing here sends a second time. Every failure comes back as an outcome, so that a caller
    /// cannot take "not known" for "not sent".
    /// </summary>
    /// <exception cref="OperationCanceledException">
    /// Cancelled before anything was sent. From then on a cancellation gives <see cref="SendOutcome.Unknown"/>.
    /// </exception>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">A setting is missing or wrong.</exception>
    Task<SendOutcome> SendAsync(OutgoingSms message, CancellationToken cancellation);

    /// <summary>
    /// The messages that Twilio lists for this recipient with this very body (ordinal), newest first: how an
    /// <see cref="SendOutcome.Unknown"/> is settled. Their status may be a failed one.
    /// </summary>
    /// <param name="to">The recipient as it was sent to, in E.164.</param>
    /// <param name="body">The body as it was sent.</param>
    /// <param name="since">
    /// Only messages that Twilio created since then, give or take a minute; an instant on this machine's clock, put on Twilio's by
    /// the <c>Date</c> of Twilio's answer. Null for no limit, as it must be on a simulated clock.
    /// </param>
    /// <param name="cancellation">Gives up; nothing was changed.</param>
    /// <exception cref="SmsLookupException">The list could not be read to its end, so nothing follows from it.</exception>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">A setting is missing or wrong.</exception>
    Task<IReadOnlyList<SentSms>> FindAsync(string to, string body, DateTimeOffset? since, CancellationToken cancellation);

    /// <summary>The texts that came in, oldest first: how replies are learned of that the webhook has missed.</summary>
    /// <param name="since">Only those since then, give or take an hour. Null for all, as it must be on a simulated clock.</param>
    /// <param name="cancellation">Gives up; nothing was changed.</param>
    /// <exception cref="SmsLookupException">The list could not be read to its end.</exception>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">A setting is missing or wrong.</exception>
    Task<IReadOnlyList<InboundMessage>> ReceivedAsync(DateTimeOffset? since, CancellationToken cancellation);
}

/// <summary>A text to send.</summary>
/// <param name="To">The recipient, in E.164.</param>
/// <param name="Body">The text, 1 to 1,600 characters.</param>
/// <param name="StatusCallback">Where Twilio reports progress; it signs these very characters (<see cref="Uri.OriginalString"/>).</param>
public sealed record OutgoingSms(string To, string Body, Uri? StatusCallback)
{
    /// <summary>What to send it from: a number in E.164 or the SID of a messaging service. Null for the settings' own.</summary>
    public string? Sender { get; init; }

    /// <summary>Neither the number nor the text.</summary>
    public override string ToString() => $"a text of {Body.Length} characters";
}

/// <summary>A text that Twilio knows.</summary>
/// <param name="Sid">Twilio's id of it.</param>
/// <param name="To">The recipient, in E.164.</param>
/// <param name="Body">The text, as Twilio has it.</param>
/// <param name="Status">Twilio's word: queued, accepted, sending, sent, delivered, undelivered, failed and others.</param>
/// <param name="CreatedAt">On Twilio's clock, to the second, in UTC.</param>
public sealed record SentSms(string Sid, string To, string Body, string Status, DateTimeOffset? CreatedAt)
{
    /// <summary>Why it was not delivered.</summary>
    public int? ErrorCode { get; init; }

    /// <summary>Neither the number nor the text.</summary>
    public override string ToString() => $"{Sid} ({Status})";
}

/// <summary>Twilio's list could not be read, or not to its end: whether a message is in it is not known. Try again later.</summary>
public sealed class SmsLookupException : Exception
{
    public SmsLookupException()
    {
    }

    public SmsLookupException(string message)
        : base(message)
    {
    }

    public SmsLookupException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
