using NodaTime;

namespace FollowUp.Data.Ledger;

/// <summary>What became of one attempt to send, as it is recorded.</summary>
public abstract record SendRecord
{
    private SendRecord()
    {
    }

    /// <summary>Twilio has the text under this SID: it answered so, or its list has shown it.</summary>
    public sealed record Sent(string MessageSid) : SendRecord;

    /// <summary>Twilio refused the text for good.</summary>
    public sealed record Refused(int Code) : SendRecord;

    /// <summary>Twilio certainly did not take the text; it may be offered again after the delay, if it is still useful then.</summary>
    public sealed record Retry(int Code, Duration Delay) : SendRecord;

    /// <summary>Twilio refused the text because the number has opted out of the sender's texts.</summary>
    public sealed record OptedOut(int Code) : SendRecord;

    /// <summary>Twilio refuses everything from this sender for now. The text was not taken.</summary>
    public sealed record AccountTrouble(int Code) : SendRecord;

    /// <summary>Nobody knows whether Twilio took the text. It may be settled when the grace has passed.</summary>
    public sealed record Unknown(Duration Grace) : SendRecord;

    /// <summary>
    /// Twilio does not have the text: its list, asked after the grace, does not show it, or the last look forbade the call. It may be claimed
    /// again, under a new attempt.
    /// </summary>
    public sealed record NotSent : SendRecord;
}
