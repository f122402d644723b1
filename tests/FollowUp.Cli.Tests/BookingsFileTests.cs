using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using FollowUp.Cli.Demo.Bookings;
using FollowUp.Testing;

namespace FollowUp.Cli.Tests;

/// <summary>A clinic's own file of bookings: what it may leave out, and what it is told when a line is wrong.</summary>
public sealed class BookingsFileTests : IDisposable
{
    private const string Header = "at,action,session,patientId,firstName,phone,timeZone,startsAt,sessionNumber,plannedSessions,text";
    private const string Ada = "2027-01-11T09:12:00-05:00,book,ada-1,p-ada,Ada,+12125550101,UTC,2027-01-20T10:00:00-05:00,1,4,";
    private static readonly JsonSerializerOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_line_is_a_booking_with_the_fields_of_a_session_PUT()
    {
        Booking booking = Assert.Single(Read(Header, Ada));
        Assert.Equal(
            (2, BookingAction.Book, "ada-1", "Ada", "+12125550101"),
            (booking.Line, booking.Action, booking.Session, booking.FirstName, booking.Phone));
        Assert.Equal(At("2027-01-11T09:12:00-05:00"), booking.At);
        Assert.Equal(
            """
            {"patient":{"id":"p-ada","firstName":"Ada","phone":"+12125550101","language":"en","timeZone":"America/New_York",
            "consents":["care","marketing"],"essentialsOnly":false},"plan":"microneedling-acne-scars",
            "startsAt":"2027-01-20T10:00:00-05:00","sessionNumber":1,"plannedSessions":4}
            """.ReplaceLineEndings(""),
            JsonSerializer.Serialize(booking.Body, s_plain));
    }

    [Fact]
    public void Without_at_a_session_is_booked_two_weeks_ahead()
    {
        string withoutAt = Ada[Ada.IndexOf(',', StringComparison.Ordinal)..];
        Assert.Equal(At("2027-01-06T10:00:00-05:00"), Assert.Single(Read(Header, withoutAt)).At);
    }

    [Fact]
    public void Lines_are_played_in_the_order_of_their_instants_and_those_that_are_no_bookings_take_the_patient_from_the_booking()
    {
        IReadOnlyList<Booking> bookings = Read(
            Header,
            Ada,
            "2027-01-20T12:00:00-05:00,reply,ada-1,,,,,,,,STOP",
            "2027-01-12T12:00:00-05:00,no-show,ada-1,,,,,,,,");
        Assert.Equal([BookingAction.Book, BookingAction.NoShow, BookingAction.Reply], bookings.Select(booking => booking.Action));
        Assert.All(bookings, booking => Assert.Equal("+12125550101", booking.Phone));
        Assert.Equal("STOP", bookings[2].Text);
        Assert.Null(bookings[2].Body);
    }

    [Fact]
    public void Quoted_text_may_hold_commas_quotes_and_spaces()
    {
        IReadOnlyList<Booking> bookings = Read(Header, Ada, "2027-01-20T12:00:00-05:00,reply,ada-1,,,,,,,,\"Thanks, I said \"\"fine\"\"\"");
        Assert.Equal("Thanks, I said \"fine\"", bookings[1].Text);
    }

    [Theory]
    [InlineData("yesterday,book,ada-1,p-ada,Ada,+12125550101,UTC,2027-01-20T10:00:00-05:00,1,4,", "at", "'yesterday' is no instant with an offset")]
    [InlineData(",lunch,ada-1,p-ada,Ada,+12125550101,UTC,2027-01-20T10:00:00-05:00,1,4,", "action", "'lunch' is none of book")]
    [InlineData(",,,p-ada,Ada,+12125550101,UTC,2027-01-20T10:00:00-05:00,1,4,", "session", "it is empty")]
    [InlineData(",,ada-1,,Ada,+12125550101,UTC,2027-01-20T10:00:00-05:00,1,4,", "patientId", "it is empty")]
    [InlineData(",,ada-1,p-ada,,+12125550101,UTC,2027-01-20T10:00:00-05:00,1,4,", "firstName", "it is empty")]
    [InlineData(",,ada-1,p-ada,Ada,,UTC,2027-01-20T10:00:00-05:00,1,4,", "phone", "it is empty")]
    [InlineData(",,ada-1,p-ada,Ada,+12125550101,,2027-01-20T10:00:00-05:00,1,4,", "timeZone", "it is empty")]
    [InlineData(",,ada-1,p-ada,Ada,+12125550101,UTC,2027-01-20T10:00:00,1,4,", "startsAt", "'2027-01-20T10:00:00' is no instant with an offset")]
    [InlineData(",,ada-1,p-ada,Ada,+12125550101,UTC,2027-01-20T10:00:00-05:00,one,4,", "sessionNumber", "'one' is no whole number")]
    [InlineData(",,ada-1,p-ada,Ada,+12125550101,UTC,2027-01-20T10:00:00-05:00,1,-4,", "plannedSessions", "'-4' is no whole number")]
    [InlineData("2027-01-20T10:00:00-05:00,cancelled,ben-1,,,,,,,,", "session", "no line above books the session 'ben-1'")]
    [InlineData("2027-01-20T10:00:00-05:00,reply,ada-1,,,,,,,,", "text", "it is empty")]
    [InlineData(",completed,ada-1,,,,,,,,", "at", "it is empty")]
    public void A_line_that_is_wrong_is_named_with_its_file_and_column(string line, string column, string reason)
    {
        string message = Refused(Header, Ada, line);
        Assert.StartsWith($"{Path}, line 3, {column}: {reason}", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_that_is_not_known_is_named_together_with_those_that_are()
    {
        string message = Refused(Header + ",colour", Ada + ",red");
        Assert.Equal($"{Path}, line 1: there is no column 'colour'. The columns are: {BookingsFile.Columns}.", message);
    }

    [Theory]
    [InlineData("")]
    [InlineData(Header + "\n")]
    public void A_file_without_bookings_says_what_it_needs(string content)
    {
        File.WriteAllText(Path, content);
        string message = Assert.Throws<BookingsException>(() => BookingsFile.Read(Path)).Message;
        Assert.StartsWith($"{Path} holds no bookings.", message, StringComparison.Ordinal);
        Assert.Contains(BookingsFile.Columns, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        BookingsException refusal = Assert.Throws<BookingsException>(() => BookingsFile.Read(Path));
        Assert.StartsWith($"{Path} cannot be read: ", refusal.Message, StringComparison.Ordinal);
    }

    private string Path => _directory.File("bookings.csv");

    private IReadOnlyList<Booking> Read(params string[] lines)
    {
        File.WriteAllLines(Path, lines);
        return BookingsFile.Read(Path);
    }

    private string Refused(params string[] lines) => Assert.Throws<BookingsException>(() => Read(lines)).Message;

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
