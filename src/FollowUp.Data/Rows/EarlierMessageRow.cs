using NodaTime;

namespace FollowUp.Data.Rows;

/// <summary>A message of a step whose text was sent again.</summary>
internal sealed class EarlierMessageRow
{
    public required string MessageSid { get; init; }
    public required string ClinicId { get; init; }
    public required string SessionId { get; init; }
    public required string Step { get; init; }
    public required int Attempt { get; init; }
    public required StepState State { get; set; }
    public int? ErrorCode { get; set; }
    public required string Text { get; init; }
    public required Instant SentAt { get; init; }
}
