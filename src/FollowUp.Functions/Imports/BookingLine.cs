using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FollowUp.Core.CarePlans;
using FollowUp.Core.Contacts;
using FollowUp.Data.Imports;
using FollowUp.Functions.Http;
using FollowUp.Functions.Sessions;

namespace FollowUp.Functions.Imports;

/// <summary>
/// Makes a booking of one line's cells: the body of a session PUT is built of them and read by that request's own rules, so that there is one
/// set of rules. An empty cell is a field left out. Nothing is guessed, dates least of all.
/// </summary>
internal sealed partial class BookingLine(string clinic, CarePlanCatalogue catalogue, TimeProvider clock)
{
    private const string NoConsents = "none";
    private static readonly char[] BetweenConsents = [' ', ';', '+', '|', ','];

    private readonly SessionRequest _rules = new(catalogue, clock);

    /// <param name="number">Of the file.</param>
    /// <param name="cells">The cells that hold something, by column.</param>
    public ImportLine Read(int number, IReadOnlyDictionary<string, string> cells)
    {
        var session = cells.GetValueOrDefault(BookingColumns.Session);
        if (session is null)
        {
            return new ImportLine(number, null, [new LineMistake(BookingColumns.Session, "This field is required."), .. MistakesOf(Try("s", cells).Problem)]);
        }

        var (booking, problem) = Try(session, cells);
        return new ImportLine(number, booking, [.. MistakesOf(problem), .. HintsOf(cells, problem)])
        {
            Session = Identifier.IsValid(session) ? session : null,
        };
    }

    private (Data.Sessions.Booking? Booking, ProblemException? Problem) Try(string session, IReadOnlyDictionary<string, string> cells)
    {
        try
        {
            return (_rules.Read(clinic, session, BodyOf(cells)), null);
        }
        catch (ProblemException problem)
        {
            return (null, problem);
        }
    }

    private static JsonElement BodyOf(IReadOnlyDictionary<string, string> cells)
    {
        var patient = new JsonObject();
        var body = new JsonObject { ["patient"] = patient };
        foreach (var (column, text) in cells.Where(cell => cell.Key != BookingColumns.Session))
        {
            var path = BookingColumns.FieldOf(column).Split('.');
            (path.Length == 1 ? body : patient)[path[^1]] = ValueOf(column, text);
        }

        return JsonSerializer.SerializeToElement(body);
    }

    private static JsonNode ValueOf(string column, string text) => column switch
    {
        BookingColumns.Consents when text.Equals(NoConsents, StringComparison.OrdinalIgnoreCase) => new JsonArray(),
        BookingColumns.Consents => new JsonArray([.. text.Split(BetweenConsents, StringSplitOptions.RemoveEmptyEntries).Select(kind => JsonValue.Create(kind))]),

        // A spreadsheet writes TRUE and FALSE.
        BookingColumns.EssentialsOnly when bool.TryParse(text, out var flag) => JsonValue.Create(flag),
        _ when BookingColumns.Numbers.Contains(column) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) =>
            JsonValue.Create(number),
        _ => JsonValue.Create(text),
    };

    private static IEnumerable<LineMistake> MistakesOf(ProblemException? problem) =>
        from error in problem?.Errors ?? new Dictionary<string, string[]>()
        from message in error.Value
        let column = BookingColumns.OfField(error.Key)
        orderby column is null ? -1 : BookingColumns.PlaceOf(column)
        select new LineMistake(column, column is null ? $"{error.Key}: {message}" : message);

    /// <summary>What a spreadsheet does to a number that was not entered as text, and cannot be undone here.</summary>
    private static IEnumerable<LineMistake> HintsOf(IReadOnlyDictionary<string, string> cells, ProblemException? problem)
    {
        if (problem is not null && cells.TryGetValue(BookingColumns.Phone, out var phone) && Rounded().IsMatch(phone))
        {
            yield return new LineMistake(BookingColumns.Phone, "A spreadsheet has rounded this number. Give the column the format Text, and enter the numbers again.");
        }
    }

    [GeneratedRegex(@"\A\+?\d+([.,]\d+)?[eE]\+?\d+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Rounded();
}
