using System.Globalization;
using System.Text.RegularExpressions;
using FollowUp.Core.Contacts;
using NodaTime;
using NodaTime.Text;

namespace FollowUp.Functions.Http;

/// <summary>What the fields of requests may hold. Each rule answers with what is wrong, or null; no answer repeats the value.</summary>
internal static partial class FieldRules
{
    private static readonly string[] MomentFormats = ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];
    private static readonly LocalTimePattern TimeOfDay = LocalTimePattern.CreateWithInvariantCulture("HH':'mm");

    public static string? Id(string text) => Identifier.IsValid(text) ? null : $"Must be {Identifier.Rule}.";

    public static string? Phone(string text) => PhoneNumber.TryParse(text, out _, out var reason) ? null : reason;

    public static string? TimeZone(string text) =>
        Zones.Find(text) is null ? "Must be an IANA time zone, such as America/Los_Angeles." : null;

    public static string? Language(string text) =>
        LanguageTag.IsWellFormed(text) ? null : "Must be a well-formed BCP 47 language tag, such as en or es-MX.";

    /// <summary>A text that people will read: not empty, not too long, no control characters.</summary>
    public static Func<string, string?> Words(int longest) => text =>
        string.IsNullOrWhiteSpace(text) ? "Must not be empty."
        : text.Length > longest ? $"Must have {longest} characters at most."
        : text.Any(char.IsControl) ? "Must not hold control characters."
        : null;

    /// <summary>The same for words that may have several lines.</summary>
    public static Func<string, string?> Paragraphs(int longest) => text =>
        Words(longest)(text.Replace('\n', ' ').Replace('\r', ' '));

    public static string? WebAddress(string text) =>
        text.Length <= 200 && Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http"
            ? null
            : "Must be an http or https address of 200 characters at most.";

    /// <summary>An ISO 8601 period, also with the sign in front.</summary>
    public static string? Period(string text) => TryParsePeriod(text, out _) ? null : "Must be an ISO 8601 period, such as P7D, PT48H or -P3D.";

    public static Period ParsePeriod(string text) => TryParsePeriod(text, out var period) ? period : throw new FormatException("No period.");

    private static bool TryParsePeriod(string text, out Period period)
    {
        var negative = text.StartsWith('-');
        var result = PeriodPattern.NormalizingIso.Parse(negative ? text[1..] : text);
        period = !result.Success ? NodaTime.Period.Zero : negative ? NodaTime.Period.Zero - result.Value : result.Value;
        return result.Success;
    }

    public static string? Time(string text) => TimeOfDay.Parse(text).Success ? null : "Must be a time of day such as 08:00.";

    public static LocalTime ParseTime(string text) => TimeOfDay.Parse(text).Value;

    public static Func<string, string?> OneOf(IEnumerable<string> choices) =>
        text => choices.Contains(text, StringComparer.Ordinal) ? null : $"Must be one of: {string.Join(", ", choices)}.";

    /// <summary>An ISO 8601 moment with its offset, from two years ago to two years ahead.</summary>
    public static Func<string, string?> Moment(DateTimeOffset now) => text =>
        !TryParseMoment(text, out var moment)
            ? "Must be a date and time with an offset, such as 2026-12-01T10:00:00-08:00."
            : moment < now.AddYears(-2) || moment > now.AddYears(2)
                ? "Must lie between two years ago and two years ahead."
                : null;

    /// <summary>An ISO 8601 moment with its offset, whenever it is.</summary>
    public static string? AnyMoment(string text) =>
        TryParseMoment(text, out _) ? null : "Must be a date and time with an offset, such as 2026-12-01T10:00:00-08:00.";

    public static Instant ParseMoment(string text) =>
        TryParseMoment(text, out var moment) ? Instant.FromDateTimeOffset(moment) : throw new FormatException("No moment.");

    private static bool TryParseMoment(string text, out DateTimeOffset moment)
    {
        moment = default;
        return Offset().IsMatch(text)
            && DateTimeOffset.TryParseExact(text, MomentFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out moment);
    }

    [GeneratedRegex(@"(Z|[+-]\d\d:\d\d)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Offset();
}
