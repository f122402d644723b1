using NodaTime;

namespace FollowUp.Data.Rows;

internal sealed class DeliveryReportRow
{
    public required string MessageSid { get; init; }
    public required string Status { get; init; }
    public int? ErrorCode { get; init; }
    public required Instant ReceivedAt { get; init; }
}
