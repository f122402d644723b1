using NodaTime;

namespace FollowUp.Data.Rows;

/// <summary>The pace and the trouble of one sender.</summary>
internal sealed class SenderRow
{
    public required string Sender { get; init; }
    public Instant? NextSlotAt { get; set; }
    public Instant? PausedAt { get; set; }
    public int? PauseCode { get; set; }
    public int Pauses { get; set; }
    public Instant? ProbeAt { get; set; }
}
