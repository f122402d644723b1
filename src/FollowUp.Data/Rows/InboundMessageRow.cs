using FollowUp.Data.Inbox;
using NodaTime;

namespace FollowUp.Data.Rows;

internal sealed class InboundMessageRow
{
    public required string MessageSid { get; init; }
    public required string Sender { get; init; }
    public required string Recipient { get; init; }
    public required string Body { get; init; }
    public required InboundMeaning Meaning { get; init; }
    public bool RedFlag { get; init; }
    public int? Rating { get; init; }
    public string? ClinicId { get; init; }
    public string? PatientId { get; init; }
    public string? SessionId { get; init; }

    /// <summary>It stands in the clinic's inbox until somebody has read it.</summary>
    public bool WantsReader { get; init; }
    public required Instant ReceivedAt { get; init; }
    public Instant? ReadAt { get; set; }
    public string? ReadBy { get; set; }
}
