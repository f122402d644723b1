using System.Globalization;

namespace FollowUp.Sms;

/// <summary>
/// Twilio's report on a message that was sent. Reports come in any order and may repeat, and a failure in one does not mean that the
/// phone did not get the text (30008).
/// </summary>
/// <param name="MessageSid">Which message.</param>
/// <param name="MessageStatus">Twilio's word in lower case: sent, delivered, undelivered, failed and others, new ones perhaps.</param>
/// <param name="ErrorCode">Why it failed; null when it did not.</param>
public sealed record StatusCallback(string MessageSid, string MessageStatus, int? ErrorCode)
{
    /// <summary>Null when the form is no status report. Fields that are not known are ignored. Check the signature first.</summary>
    public static StatusCallback? Read(IReadOnlyDictionary<string, string> form)
    {
        ArgumentNullException.ThrowIfNull(form);
        // The Sms... names are the older ones, which Twilio still sends beside the newer.
        if (form.Value("MessageSid", "SmsSid") is not { } sid || form.Value("MessageStatus", "SmsStatus") is not { } status)
        {
            return null;
        }

        int? code = int.TryParse(form.Value("ErrorCode"), NumberStyles.None, CultureInfo.InvariantCulture, out int given) && given != 0
            ? given
            : null;
        return new StatusCallback(sid, status.ToLowerInvariant(), code);
    }
}
