namespace FollowUp.Data.Delivery;

/// <summary>What Twilio's codes mean for a number or a sender. Source: Twilio's error and warning dictionary.</summary>
internal static class TwilioCodes
{
    /// <summary>The recipient has opted out of the sender's texts.</summary>
    public const int OptedOut = 21610;

    /// <summary>The phone was off or out of reach: it may get a text later.</summary>
    public const int Unreachable = 30003;

    /// <summary>A carrier filters the sender's texts as unwanted.</summary>
    public const int Filtered = 30007;

    /// <summary>
    /// The carriers block the sender as not registered (30034) or its toll-free number as not verified (30032), the account is suspended or over its daily cap: Twilio took the text and says so in a report.
    /// </summary>
    public static bool IsAccountTrouble(int code) => code is 30002 or 30032 or 30034 or 63038;

    /// <summary>
    /// Whether a report that a text was not delivered can be believed: it names a cause that keeps a text from its phone. Of any other
    /// (30008, unknown; 30410, a time-out on the way, after which Twilio itself does not try again) the text may have arrived.
    /// </summary>
    public static bool SaysNotDelivered(int? code) => code is
        OptedOut or Unreachable or Filtered
        or 30001 // the sender's queue was full
        or 30004 // the recipient blocks texts
        or 30010 // dearer than allowed
        or 30022 or 30023 // over the carriers' pace or daily cap
        or 30024 // the sender is not provisioned with this carrier
        or 30036 // it waited longer than allowed
        || IsNumberUseless(code) || (code is { } known && IsAccountTrouble(known));

    /// <summary>Texts to this number never arrive: no valid number, no mobile phone, not known, a landline.</summary>
    public static bool IsNumberUseless(int? code) => code is 21211 or 21614 or 30005 or 30006;
}
