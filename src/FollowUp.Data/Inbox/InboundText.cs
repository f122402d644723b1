using FollowUp.Data.Rows;

namespace FollowUp.Data.Inbox;

/// <summary>A text that came in, as one clinic has it.</summary>
internal sealed class InboundText
{
    public required InboundMessageRow Message { get; init; }

    /// <summary>The clinic's copy; null for a text that concerns no clinic.</summary>
    public InboundCopyRow? Copy { get; init; }
}
