using FollowUp.Data.Inbox;
using NodaTime;

namespace FollowUp.Data.Rows;

/// <summary>A text that came in. Whom it concerns is said by its <see cref="InboundCopyRow"/>s.</summary>
internal sealed class InboundMessageRow
{
    public required string MessageSid { get; init; }
    public required string Sender { get; init; }
    public required string Recipient { get; init; }
    public required string Body { get; init; }
    public required InboundMeaning Meaning { get; init; }
    public bool RedFlag { get; init; }
    public int? Rating { get; init; }
    public required Instant ReceivedAt { get; init; }
}
