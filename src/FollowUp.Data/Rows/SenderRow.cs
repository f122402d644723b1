using NodaTime;

namespace FollowUp.Data.Rows;

/// <summary>The pace and the trouble of one sender.</summary>
internal sealed class SenderRow
{
    public required string Sender { get; init; }
    public Instant? NextSlotAt { get; set; }
    public Instant? PausedAt { get; set; }
    public int? PauseCode { get; set; }

    /// <summary>Twilio took the texts and reported afterwards that carriers refuse them: that it takes one more proves nothing.</summary>
    public bool PauseReported { get; set; }

    /// <summary>In a row.</summary>
    public int Pauses { get; set; }

    /// <summary>When one text may try whether it works again.</summary>
    public Instant? ProbeAt { get; set; }

    /// <summary>Twilio has taken the one that tried, and has reported no failure of it.</summary>
    public bool ProbeTaken { get; set; }
}
