using FollowUp.Data.Imports;
using NodaTime;

namespace FollowUp.Data.Rows;

/// <summary>A file of bookings that a clinic has sent. Counts alone.</summary>
internal sealed class ImportRow
{
    public required string ClinicId { get; init; }
    public required string Id { get; init; }
    public required string ContentHash { get; init; }
    public required ImportState State { get; set; }
    public required int Total { get; init; }
    public int Created { get; set; }
    public int Changed { get; set; }
    public int Unchanged { get; set; }
    public int Failed { get; set; }
    public required string Actor { get; init; }
    public required Instant StartedAt { get; init; }
    public Instant? EndedAt { get; set; }

    public int Done => Created + Changed + Unchanged + Failed;

    /// <summary>One more line has come to its end.</summary>
    public void Count(ImportLineState state)
    {
        switch (state)
        {
            case ImportLineState.Created:
                Created++;
                break;
            case ImportLineState.Changed:
                Changed++;
                break;
            case ImportLineState.Unchanged:
                Unchanged++;
                break;
            case ImportLineState.Failed:
                Failed++;
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(state), state, "The line has not come to its end.");
        }
    }
}
