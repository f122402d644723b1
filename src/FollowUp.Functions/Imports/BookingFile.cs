using System.Globalization;
using System.Text.Unicode;
using CsvHelper;
using FollowUp.Core.CarePlans;
using FollowUp.Data.Imports;
using FollowUp.Functions.Http;

namespace FollowUp.Functions.Imports;

/// <summary>
/// Reads a file of bookings: CSV with a header line, separated by commas, semicolons or tabs, in UTF-8 or UTF-16, as spreadsheets write it.
/// What is wrong with the file as a whole refuses it; what is wrong with a line is that line's.
/// </summary>
internal sealed class BookingFile(CarePlanCatalogue catalogue, TimeProvider clock)
{
    private const string NeverClosed = "A quotation mark is opened in this line and never closed: nothing from here on could be read.";
    private const string Misquoted =
        "A quotation mark stands where none may be. Put the whole field in quotation marks, and double those within it.";

    /// <summary>The lines in the order of the file, blank ones left out.</summary>
    /// <exception cref="ProblemException">400: the file cannot be read, its columns are not those of bookings, or it holds no line.</exception>
    public IReadOnlyList<ImportLine> Read(string clinic, byte[] content)
    {
        RefuseOtherEncodings(content);
        CsvMalformedReason? malformed = null;
        using var csv = CsvReader.Create(content, new CsvReaderOptions
        {
            TrackLineNumbers = true,
            TrimWhitespace = true,
            DetectSeparatorHint = true,
            OnMalformedRecord = record => malformed = record.Reason,
        });
        csv.ReadHeader();
        var columns = ReadColumns(csv.Headers);
        if (malformed is not null)
        {
            throw Problems.Invalid("columns", "The header line cannot be read: a quotation mark stands where none may be.");
        }

        var line = new BookingLine(clinic, catalogue, clock);
        List<ImportLine> lines = [];
        while (csv.Read())
        {
            var number = (int)csv.LineNumber;
            var reason = malformed;
            malformed = null;
            var cells = Enumerable.Range(0, csv.FieldCount).Select(csv.GetString).ToList();
            if (reason is not null)
            {
                lines.Add(Wrong(number, reason == CsvMalformedReason.UnterminatedQuote ? NeverClosed : Misquoted));
            }
            else if (cells.FindLastIndex(cell => cell.Length > 0) is var last && last >= columns.Count)
            {
                lines.Add(Wrong(number, string.Create(
                    CultureInfo.InvariantCulture, $"The line has {last + 1} fields, and the header {columns.Count}. Put a field that holds a separator in quotation marks.")));
            }
            else if (last >= 0)
            {
                lines.Add(line.Read(number, columns.Zip(cells).Where(pair => pair.Second.Length > 0).ToDictionary(StringComparer.Ordinal)));
            }
        }

        return lines.Count > 0
            ? lines
            : throw Problems.Invalid("$", $"The file holds no bookings. It needs a header line ({string.Join(", ", BookingColumns.All)}) and a line for each booking.");
    }

    private static ImportLine Wrong(int number, string message) => new(number, null, [new LineMistake(null, message)]);

    /// <summary>The columns of the file, as they are spelled here; a file may write them in any case and order.</summary>
    private static List<string> ReadColumns(IReadOnlyList<string> header)
    {
        List<string> problems = [];
        List<string> columns = [];
        foreach (var name in header.Select(name => name.Trim()).Reverse().SkipWhile(name => name.Length == 0).Reverse())
        {
            if (BookingColumns.All.FirstOrDefault(column => column.Equals(name, StringComparison.OrdinalIgnoreCase)) is not { } known)
            {
                problems.Add(name.Length == 0 ? "A column has no name." : $"There is no column '{Shown(name)}'.");
            }
            else if (columns.Contains(known))
            {
                problems.Add($"The column '{known}' stands there twice.");
            }
            else
            {
                columns.Add(known);
            }
        }

        problems.AddRange(BookingColumns.Required.Except(columns).Select(missing => $"The column '{missing}' is missing."));
        return problems.Count == 0
            ? columns
            : throw Problems.Invalid(new Dictionary<string, string[]>
            {
                ["columns"] = [.. problems, $"The columns are: {string.Join(", ", BookingColumns.All)}."],
            });
    }

    /// <summary>A file without a header begins with somebody's booking: no more of it is repeated than a reader needs to find it.</summary>
    private static string Shown(string name) => name.Length > 20 ? name[..20] + "…" : name;

    private static void RefuseOtherEncodings(byte[] content)
    {
        if (content is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] || Utf8.IsValid(content))
        {
            return;
        }

        // No character of several bytes holds a line feed, so that each line can be looked at by itself.
        var line = 1;
        var rest = content.AsSpan();
        while (rest.IndexOf((byte)'\n') is var end and >= 0 && Utf8.IsValid(rest[..end]))
        {
            rest = rest[(end + 1)..];
            line++;
        }

        throw Problems.Invalid("$", string.Create(
            CultureInfo.InvariantCulture, $"Line {line} is not UTF-8. In a spreadsheet, save the file as 'CSV UTF-8'."));
    }
}
