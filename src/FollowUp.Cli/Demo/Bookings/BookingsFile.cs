using System.Globalization;
using CsvHelper;

namespace FollowUp.Cli.Demo.Bookings;

/// <summary>A bookings file that cannot be played; the message names the file, the line and the field.</summary>
internal sealed class BookingsException(string message) : Exception(message);

/// <summary>
/// Reads bookings from CSV: a header line with the fields of a session PUT (<c>session, patientId, firstName, phone, language,
/// timeZone, consents, essentialsOnly, plan, startsAt, sessionNumber, plannedSessions</c>), and <c>at</c>, when the booking system
/// says it (default: 14 days before <c>startsAt</c>), <c>action</c> (<c>book</c>, <c>cancelled</c>, <c>no-show</c>,
/// <c>completed</c>, <c>reply</c>; default <c>book</c>) and <c>text</c>, a patient's reply.
/// </summary>
internal static class BookingsFile
{
    public const string Columns =
        "at, action, session, patientId, firstName, phone, language, timeZone, consents, essentialsOnly, plan, startsAt, sessionNumber, plannedSessions, text";

    private const string DefaultPlan = "microneedling-acne-scars";
    private static readonly TimeSpan s_bookedAhead = TimeSpan.FromDays(14);

    /// <summary>The file's bookings in the order of their instants.</summary>
    /// <exception cref="BookingsException">The file is not there or a line is wrong.</exception>
    public static IReadOnlyList<Booking> Read(string path)
    {
        List<Booking> bookings = [];
        try
        {
            using CsvReader csv = CsvReader.FromFile(path, new CsvReaderOptions { TrackLineNumbers = true, TrimWhitespace = true });
            csv.ReadHeader();
            RefuseUnknownColumns(path, csv.Headers);
            while (csv.Read())
            {
                bookings.Add(new BookingReader(path, csv, bookings).Read());
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BookingsException($"{path} cannot be read: {e.Message}");
        }
        catch (CsvFormatException e)
        {
            throw new BookingsException($"{path}, line {e.LineNumber}: {e.Message}");
        }

        return bookings.Count > 0
            ? [.. bookings.OrderBy(booking => booking.At)]
            : throw new BookingsException($"{path} holds no bookings. It needs a header line ({Columns}) and a line for each booking.");
    }

    private static void RefuseUnknownColumns(string path, IEnumerable<string> header)
    {
        string[] known = Columns.Split(", ");
        if (header.FirstOrDefault(name => !known.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } unknown)
        {
            throw new BookingsException($"{path}, line 1: there is no column '{unknown}'. The columns are: {Columns}.");
        }
    }

    /// <summary>Reads one line; the field named in an error is the column's name.</summary>
    private sealed class BookingReader(string path, CsvReader csv, IReadOnlyList<Booking> before)
    {
        public Booking Read()
        {
            BookingAction action = ReadAction();
            return action == BookingAction.Book ? ReadBooking() : ReadEvent(action);
        }

        private Booking ReadBooking()
        {
            DateTimeOffset startsAt = Instant("startsAt");
            string firstName = Required("firstName");
            string phone = Required("phone");
            return new Booking
            {
                Line = Line,
                At = Field("at").Length == 0 ? startsAt - s_bookedAhead : Instant("at"),
                Action = BookingAction.Book,
                Session = Required("session"),
                FirstName = firstName,
                Phone = phone,
                Body = new
                {
                    patient = new
                    {
                        id = Required("patientId"),
                        firstName,
                        phone,
                        language = Or("language", "en"),
                        timeZone = Required("timeZone"),
                        consents = Or("consents", "care marketing").Split([' ', ';', '+', '|'], StringSplitOptions.RemoveEmptyEntries),
                        essentialsOnly = Or("essentialsOnly", "false").Equals("true", StringComparison.OrdinalIgnoreCase),
                    },
                    plan = Or("plan", DefaultPlan),
                    startsAt = startsAt.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture),
                    sessionNumber = Number("sessionNumber"),
                    plannedSessions = Number("plannedSessions"),
                },
            };
        }

        private Booking ReadEvent(BookingAction action)
        {
            string session = Required("session");
            Booking booking = before.LastOrDefault(earlier => earlier.Session == session && earlier.Action == BookingAction.Book)
                ?? throw Wrong("session", $"no line above books the session '{session}'");
            return booking with
            {
                Line = Line,
                At = Instant("at"),
                Action = action,
                Body = null,
                Text = action == BookingAction.Reply ? Required("text") : null,
            };
        }

        private int Line => (int)csv.LineNumber;

        private BookingAction ReadAction() => Or("action", "book").ToLowerInvariant() switch
        {
            "book" => BookingAction.Book,
            "cancelled" => BookingAction.Cancelled,
            "no-show" => BookingAction.NoShow,
            "completed" => BookingAction.Completed,
            "reply" => BookingAction.Reply,
            _ => throw Wrong("action", $"'{Field("action")}' is none of book, cancelled, no-show, completed, reply"),
        };

        private DateTimeOffset Instant(string column) =>
            DateTimeOffset.TryParseExact(
                Required(column),
                ["yyyy-MM-ddTHH:mm:sszzz", "yyyy-MM-ddTHH:mmzzz", "yyyy-MM-ddTHH:mm:ssZ", "yyyy-MM-ddTHH:mmZ"],
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
                out DateTimeOffset instant)
                ? instant
                : throw Wrong(column, $"'{Field(column)}' is no instant with an offset; write 2027-03-01T10:00:00-05:00");

        private int Number(string column) =>
            int.TryParse(Required(column), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                ? number
                : throw Wrong(column, $"'{Field(column)}' is no whole number");

        private string Required(string column) => Field(column) is { Length: > 0 } text ? text : throw Wrong(column, "it is empty");

        private string Or(string column, string fallback) => Field(column) is { Length: > 0 } text ? text : fallback;

        private string Field(string column) => csv.TryGetFieldIndex(column, out int index) && index < csv.FieldCount ? csv.GetString(index) : string.Empty;

        private BookingsException Wrong(string column, string reason) => new($"{path}, line {Line}, {column}: {reason}.");
    }
}
