using NodaTime;

namespace FollowUp.Data.Rows;

/// <summary>Something that is true of a phone number, for one sender or (an empty one) for all.</summary>
internal sealed class NumberMarkRow
{
    public const string EverySender = "";

    public required string NumberKey { get; init; }
    public required string Sender { get; init; }
    public required NumberMark Mark { get; init; }
    public string? Reason { get; set; }
    public required Instant At { get; set; }
}
