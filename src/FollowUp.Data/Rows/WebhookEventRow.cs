using NodaTime;

namespace FollowUp.Data.Rows;

/// <summary>An event for one address of a clinic, until it is taken or given up.</summary>
internal sealed class WebhookEventRow
{
    public required string ClinicId { get; init; }
    public required string FeedId { get; init; }
    public required long Sequence { get; init; }

    /// <summary>The same at every try, and for every address.</summary>
    public required string EventId { get; init; }
    public required string Body { get; init; }

    /// <summary>Whom it is about.</summary>
    public string? PatientId { get; init; }
    public required Instant CreatedAt { get; init; }
}
