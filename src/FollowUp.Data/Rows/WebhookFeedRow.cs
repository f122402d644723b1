using NodaTime;

namespace FollowUp.Data.Rows;

/// <summary>How a web address of a clinic does that gets events.</summary>
internal sealed class WebhookFeedRow
{
    public required string ClinicId { get; init; }
    public required string Id { get; init; }
    public required string Url { get; init; }

    /// <summary>The number of the newest event; the first is 1.</summary>
    public long LastSequence { get; set; }

    /// <summary>Tries in a row that were not taken.</summary>
    public int Failures { get; set; }
    public Instant? FailingSince { get; set; }
    public string? LastError { get; set; }

    /// <summary>Nothing is tried before; null when nothing is waited for.</summary>
    public Instant? NextAt { get; set; }
    public Instant? TakenAt { get; set; }

    /// <summary>Events given up lately, <see cref="LostAt"/> the last of them.</summary>
    public int Lost { get; set; }
    public Instant? LostAt { get; set; }

    /// <summary>The address has said that nobody is there any more.</summary>
    public Instant? GoneAt { get; set; }
}
