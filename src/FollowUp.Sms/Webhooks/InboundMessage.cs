namespace FollowUp.Sms;

/// <summary>A text that came in.</summary>
/// <param name="MessageSid">Twilio's id of it; the same again when Twilio repeats the request.</param>
/// <param name="From">Who sent it, in E.164.</param>
/// <param name="To">The clinic's number that it was sent to.</param>
/// <param name="Body">The text, as typed; empty when there was only a picture.</param>
/// <param name="OptOutType">STOP, START or HELP when Twilio has taken the text as such a word and answered it; else null.</param>
public sealed record InboundMessage(string MessageSid, string From, string To, string Body, string? OptOutType)
{
    /// <summary>The messaging service that the clinic's number belongs to, if any.</summary>
    public string? MessagingServiceSid { get; init; }

    /// <summary>Null when the form is no incoming message. Fields that are not known are ignored. Check the signature first.</summary>
    public static InboundMessage? Read(IReadOnlyDictionary<string, string> form)
    {
        ArgumentNullException.ThrowIfNull(form);
        return form.Value("MessageSid", "SmsSid", "SmsMessageSid") is { } sid
            && form.Value("From") is { } from && form.Value("To") is { } to
            ? new InboundMessage(sid, from, to, form.GetValueOrDefault("Body", ""), form.Value("OptOutType")?.ToUpperInvariant())
            {
                MessagingServiceSid = form.Value("MessagingServiceSid"),
            }
            : null;
    }

    /// <summary>Neither the number nor the text.</summary>
    public override string ToString() => $"{MessageSid} ({OptOutType ?? "text"})";
}
