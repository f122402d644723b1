using System.Collections.Frozen;
using FollowUp.Core.Contacts;
using FollowUp.Core.Timelines;
using NodaTime;
using NodaTime.Text;

namespace FollowUp.Core.Sending;

/// <summary>
/// The table of the hours in which United States law lets marketing texts arrive, by state. Tables/us-marketing-hours.csv holds it, each
/// row with its source and date. It is no legal advice.
/// </summary>
public static class MarketingHours
{
    private const string Federal = "US";

    private static readonly LocalTimePattern TimeOfDay = LocalTimePattern.CreateWithInvariantCulture("HH:mm");

    private static readonly SendingHours AnyTime = new(LocalTime.Midnight, LocalTime.MaxValue);

    /// <summary>Every row of the table.</summary>
    public static IReadOnlyList<MarketingRule> Rules { get; } = [.. Table.Read("Sending/us-marketing-hours").Select(Parse)];

    private static readonly FrozenDictionary<string, string> StateByAreaCode = Table.Read("Sending/us-area-codes")
        .SelectMany(row => row[1].Split(' ').Select(code => KeyValuePair.Create(code, row[0])))
        .ToFrozenDictionary();

    private static readonly FrozenDictionary<string, string[]> StatesByZone = Table.Read("Sending/us-zones")
        .SelectMany(row => row[1].Split(' ').Select(zone => KeyValuePair.Create(zone, row[0].Split(' '))))
        .ToFrozenDictionary();

    /// <summary>
    /// The law for a patient, in the local time of the patient's zone. Where the number and the zone point to different states, every rule
    /// of either holds: people keep their number when they move. Where the area code names one of the states of the zone, that state alone
    /// counts; where it says nothing (another country, toll-free, too new for the table), each state of the zone does.
    /// </summary>
    /// <param name="phone">The patient's number, or null if it is not known.</param>
    /// <param name="zone">The patient's zone.</param>
    public static MarketingLaw For(PhoneNumber? phone, DateTimeZone zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        HashSet<string> jurisdictions = [.. StatesOf(zone)];
        if (StateOf(phone) is string state)
        {
            if (jurisdictions.Contains(state))
            {
                jurisdictions = [];
            }

            jurisdictions.Add(state);
        }

        if (jurisdictions.Count > 0)
        {
            jurisdictions.Add(Federal);
        }

        List<MarketingRule> rules = [.. Rules.Where(rule => jurisdictions.Contains(rule.Jurisdiction))];
        return new MarketingLaw(HoursOf(rules), HolidaysOf(rules), jurisdictions, rules);
    }

    /// <summary>The state or territory of a number's area code, such as <c>TX</c>; null for other countries and for codes that are not in the table.</summary>
    public static string? StateOf(PhoneNumber? phone) =>
        phone is { E164: ['+', '1', ..] and { Length: 12 } } ? StateByAreaCode.GetValueOrDefault(phone.E164[2..5]) : null;

    /// <summary>The states and territories that have places in a zone; none for a zone of other countries.</summary>
    public static IReadOnlyList<string> StatesOf(DateTimeZone zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        return StatesByZone.GetValueOrDefault(zone.Id) ?? [];
    }

    private static WeeklyHours HoursOf(List<MarketingRule> rules)
    {
        WeeklyHours hours = WeeklyHours.EveryDay(AnyTime);
        foreach (MarketingRule rule in rules)
        {
            WeeklyHours allowed = WeeklyHours.EveryDay(AnyTime);
            foreach (IsoDayOfWeek day in rule.Weekdays)
            {
                allowed = allowed.With(day, rule.Hours);
            }

            hours = hours.And(allowed);
        }

        return hours;
    }

    private static List<Holiday> HolidaysOf(List<MarketingRule> rules)
    {
        List<string> states = [.. rules.Where(rule => rule.IsAboutHolidays).Select(rule => rule.Jurisdiction)];
        return states.Count == 0 ? [] : [.. Holiday.UsFederal, .. states.SelectMany(Holiday.Of)];
    }

    private static MarketingRule Parse(string[] row) => new(
        row[0],
        row[1] switch
        {
            "all" => [.. Days(IsoDayOfWeek.Monday, IsoDayOfWeek.Sunday)],
            "mon-fri" => [.. Days(IsoDayOfWeek.Monday, IsoDayOfWeek.Friday)],
            "mon-sat" => [.. Days(IsoDayOfWeek.Monday, IsoDayOfWeek.Saturday)],
            "sat" => [IsoDayOfWeek.Saturday],
            "sun" => [IsoDayOfWeek.Sunday],
            "holidays" => [],
            _ => throw new InvalidDataException($"The table of marketing hours does not know the days '{row[1]}'."),
        },
        row[2] == "closed" ? null : new SendingHours(TimeOfDay.Parse(row[2]).Value, TimeOfDay.Parse(row[3]).Value),
        row[4],
        LocalDatePattern.Iso.Parse(row[5]).Value);

    private static IEnumerable<IsoDayOfWeek> Days(IsoDayOfWeek from, IsoDayOfWeek to)
    {
        for (IsoDayOfWeek day = from; day <= to; day++)
        {
            yield return day;
        }
    }
}
