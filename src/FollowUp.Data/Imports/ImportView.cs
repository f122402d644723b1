using FollowUp.Data.Rows;
using NodaTime;

namespace FollowUp.Data.Imports;

/// <summary>An import as clients see it.</summary>
public sealed record ImportView(
    string Clinic, string Id, ImportState State, int Total, int Done, int Created, int Changed, int Unchanged, int Failed, Instant StartedAt, Instant? EndedAt)
{
    internal static ImportView Of(ImportRow row) => new(
        row.ClinicId, row.Id, row.State, row.Total, row.Done, row.Created, row.Changed, row.Unchanged, row.Failed, row.StartedAt, row.EndedAt);
}

/// <summary>What became of one line of a file.</summary>
/// <param name="Line">Of the file, from 1, the header's included.</param>
/// <param name="Session">The session that it names; null when it names none.</param>
/// <param name="Refusal">Why the store refused a line that is well-formed.</param>
/// <param name="Mistakes">What is wrong with a line that is not.</param>
public sealed record ImportLineView(int Line, string? Session, ImportLineState State, ImportRefusal? Refusal, IReadOnlyList<LineMistake> Mistakes)
{
    internal static ImportLineView Of(ImportLineRow row) => new(row.Line, row.SessionId, row.State, row.Refusal, LineMistake.Read(row.Mistakes));
}
