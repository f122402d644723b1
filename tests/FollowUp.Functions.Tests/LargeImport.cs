using System.Globalization;
using System.Text;

namespace FollowUp.Functions.Tests;

/// <summary>A large file of bookings of different patients, with one bad line of every kind at known places, and the report that it must give.</summary>
internal sealed class LargeImport
{
    private const string Header = "session,patientId,firstName,phone,language,timeZone,consents,essentialsOnly,plan,startsAt,sessionNumber,plannedSessions";
    private const string Phone = "Write the number in international form, such as +14155550123.";
    private const string Id = "Must be 1 to 64 of A-Z a-z 0-9 . _ - that begin with a letter or digit.";
    private const string Required = "This field is required.";
    private const string Moment = "Must be a date and time with an offset, such as 2026-12-01T10:00:00-08:00.";
    private const string Range = "Must lie between two years ago and two years ahead.";
    private const string Misquoted = "A quotation mark stands where none may be. Put the whole field in quotation marks, and double those within it.";

    /// <summary>What is put into which column, and what is said of it. An empty column stands for the line as a whole.</summary>
    private static readonly (string Column, string Cell, string Message)[] Mistakes =
    [
        ("session", "", Required),
        ("session", "-b", Id),
        ("session", "b 1", Id),
        ("session", "a/b", Id),
        ("patientId", "", Required),
        ("patientId", "p 1", Id),
        ("patientId", new string('p', 65), Id),
        ("firstName", "", Required),
        ("firstName", new string('a', 101), "Must have 100 characters at most."),
        ("firstName", "\"A\nB\"", "Must not hold control characters."),
        ("phone", "", Required),
        ("phone", "4155550101", $"The phone number does not begin with + and a country code. {Phone}"),
        ("phone", "+1 415 555 0101", $"The phone number has something other than digits after the +. {Phone}"),
        ("phone", "+0155550101", $"No country code begins with 0. {Phone}"),
        ("phone", "+1415", $"A phone number has 8 to 15 digits. {Phone}"),
        ("language", "english!", "Must be a well-formed BCP 47 language tag, such as en or es-MX."),
        ("timeZone", "Mars/Olympus", "Must be an IANA time zone, such as America/Los_Angeles."),
        ("timeZone", "UTC+2", "Must be an IANA time zone, such as America/Los_Angeles."),
        ("consents", "care,sms", "Must be one of: care, marketing."),
        ("essentialsOnly", "yes", "Must be true or false."),
        ("essentialsOnly", "1", "Must be true or false."),
        ("plan", "", Required),
        ("plan", "no-such-plan", "There is no such care plan."),
        ("startsAt", "", Required),
        ("startsAt", "2026-12-01", Moment),
        ("startsAt", "2026-12-01T10:00:00", Moment),
        ("startsAt", "12/1/2026 10:00 AM", Moment),
        ("startsAt", "46357.42", Moment),
        ("startsAt", "2026-02-30T10:00:00Z", Moment),
        ("startsAt", "2023-12-01T10:00:00Z", Range),
        ("startsAt", "2029-12-01T10:00:00Z", Range),
        ("sessionNumber", "one", "Must be a whole number."),
        ("sessionNumber", "5", "Must be 1 to plannedSessions."),
        ("plannedSessions", "", Required),
        ("plannedSessions", "99", "Must be 1 to 6, the most that the plan has."),
        ("", "x\"y", Misquoted),
        ("", "Ada,", "The line has 13 fields, and the header 12. Put a field that holds a separator in quotation marks."),
    ];

    public LargeImport(int lines)
    {
        var columns = Header.Split(',');
        var text = new StringBuilder(Header).Append("\r\n");
        var every = lines / Mistakes.Length;
        List<string> expected = [];
        var line = 1;
        for (var index = 0; index < lines; index++)
        {
            line++;
            var cells = Cells(index);
            if (index % every == every / 2 && index / every < Mistakes.Length)
            {
                var (column, cell, message) = Mistakes[index / every];
                cells[column.Length == 0 ? 2 : Array.IndexOf(columns, column)] = cell.Contains(',', StringComparison.Ordinal) && column.Length > 0 ? $"\"{cell}\"" : cell;
                var session = column == "session" ? "-" : column.Length == 0 ? "-" : cells[0];
                expected.Add($"{line} {session} {(column.Length == 0 ? "-" : column)}: {message}");
            }

            var row = string.Join(',', cells);
            text.Append(row).Append("\r\n");
            line += row.Count(character => character == '\n');
        }

        Content = [.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(text.ToString())];
        Expected = expected;
    }

    public byte[] Content { get; }

    /// <summary>As the report says it: line, session, column, message.</summary>
    public IReadOnlyList<string> Expected { get; }

    private static string[] Cells(int index) =>
    [
        $"b-{index}", $"p-{index}", "Ada", string.Create(CultureInfo.InvariantCulture, $"+1415{5_550_000 + index:0000000}"), "en", "America/Los_Angeles", "care marketing", "false",
        "microneedling-acne-scars", $"2026-12-{1 + (index % 28):00}T{9 + (index % 9):00}:00:00-08:00", "1", "4",
    ];
}
