using FollowUp.Data.Imports;

namespace FollowUp.Data.Rows;

/// <summary>One booking of a file. It holds personal data only until it has been booked.</summary>
internal sealed class ImportLineRow
{
    public required string ClinicId { get; init; }
    public required string ImportId { get; init; }
    public required int Line { get; init; }
    public string? SessionId { get; init; }
    public string? PatientId { get; set; }
    public string? Booking { get; set; }
    public required ImportLineState State { get; set; }
    public ImportRefusal? Refusal { get; set; }
    public string? Mistakes { get; init; }

    /// <summary>The line has come to its end: whose it was, and their name and number, go.</summary>
    public void End(ImportLineState state, ImportRefusal? refusal = null)
    {
        State = state;
        Refusal = refusal;
        PatientId = null;
        Booking = null;
    }
}
