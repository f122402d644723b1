using System.Text.Json;
using FollowUp.Data.Sessions;

namespace FollowUp.Data.Imports;

/// <summary>A file of bookings, read and checked line by line.</summary>
/// <param name="ContentHash">SHA-256 of the file, hexadecimal.</param>
/// <param name="Lines">In the order of the file.</param>
public sealed record NewImport(string ContentHash, IReadOnlyList<ImportLine> Lines);

/// <summary>One line of a file: a booking, or what is wrong with it.</summary>
/// <param name="Number">Of the file, from 1, the header's included.</param>
/// <param name="Booking">Null when something is wrong.</param>
/// <param name="Mistakes">None when nothing is.</param>
public sealed record ImportLine(int Number, Booking? Booking, IReadOnlyList<LineMistake> Mistakes)
{
    /// <summary>The session that a line with mistakes names, if it can be one; a booking has its own.</summary>
    public string? Session { get; init; }
}

/// <summary>What is wrong with a line, without the value.</summary>
/// <param name="Column">Null for what concerns the line as a whole.</param>
/// <param name="Message">In a reader's words.</param>
public sealed record LineMistake(string? Column, string Message)
{
    internal static string? Write(IReadOnlyList<LineMistake> mistakes) =>
        mistakes.Count == 0 ? null : JsonSerializer.Serialize(mistakes, JsonSerializerOptions.Web);

    internal static IReadOnlyList<LineMistake> Read(string? text) =>
        text is null ? [] : JsonSerializer.Deserialize<IReadOnlyList<LineMistake>>(text, JsonSerializerOptions.Web) ?? [];
}
