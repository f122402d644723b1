using FollowUp.Data.Consents;
using NodaTime;

namespace FollowUp.Data.Rows;

internal sealed class InboundMessageRow
{
    public required string MessageSid { get; init; }
    public required string Sender { get; init; }
    public required string Recipient { get; init; }
    public required string Body { get; init; }
    public required InboundMeaning Meaning { get; init; }
    public required Instant ReceivedAt { get; init; }
}
