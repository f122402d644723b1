using NodaTime;

namespace FollowUp.Data.Rows;

/// <summary>A clinic's copy of a text that came in: each clinic that it concerns reads and answers it by itself.</summary>
internal sealed class InboundCopyRow
{
    public required string ClinicId { get; init; }
    public required string MessageSid { get; init; }
    public string? PatientId { get; init; }
    public string? SessionId { get; init; }

    /// <summary>The red flag that it belongs to; several texts in quick succession share one.</summary>
    public long? AlertId { get; set; }

    /// <summary>When staff were first told of it by that alert.</summary>
    public Instant? ToldAt { get; set; }

    /// <summary>It stands in the clinic's inbox until somebody has read it.</summary>
    public required bool WantsReader { get; init; }
    public required Instant ReceivedAt { get; init; }
    public Instant? ReadAt { get; set; }
    public string? ReadBy { get; set; }
}
