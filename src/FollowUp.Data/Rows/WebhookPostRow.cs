using NodaTime;

namespace FollowUp.Data.Rows;

/// <summary>An event on its way to a web address of a clinic.</summary>
internal sealed class WebhookPostRow
{
    public required string Id { get; init; }
    public required string ClinicId { get; init; }
    public required string Url { get; init; }
    public required string Body { get; init; }
    public required WebhookPostState State { get; set; }
    public int Attempts { get; set; }
    public Instant? NextAt { get; set; }
    public string? LastError { get; set; }
    public required Instant CreatedAt { get; init; }
}
