using System.Globalization;
using NodaTime;

namespace FollowUp.Core.Sending;

/// <summary>A public holiday, which comes back every year.</summary>
public sealed class Holiday
{
    private static readonly string[] Ordinals = ["first", "second", "third", "fourth", "last"];

    private static readonly Lazy<IReadOnlyList<Holiday>> BuiltIn = new(() => [.. Table.Read("Sending/us-holidays").Select(Parse)]);

    private readonly int month;
    private readonly int day;
    private readonly IsoDayOfWeek? weekday;

    /// <param name="day">The day of the month; or, with a weekday, which one of the month, where 5 is the last.</param>
    private Holiday(string jurisdiction, string name, int month, int day, IsoDayOfWeek? weekday)
    {
        Jurisdiction = jurisdiction;
        Name = name;
        this.month = month;
        this.day = day;
        this.weekday = weekday;
    }

    /// <summary>The holidays of the United States as a whole.</summary>
    public static IReadOnlyList<Holiday> UsFederal { get; } = Of("US");

    /// <summary>Where it is one: <c>US</c>, or a state such as <c>RI</c> for a holiday that only this state has.</summary>
    public string Jurisdiction { get; }

    /// <summary>Its name in English, for staff.</summary>
    public string Name { get; }

    /// <summary>The holidays that a country (<c>US</c>) or one of its states has to itself.</summary>
    public static IReadOnlyList<Holiday> Of(string jurisdiction) => [.. BuiltIn.Value.Where(holiday => holiday.Jurisdiction == jurisdiction)];

    /// <summary>Whether it is kept on this date: on its own day, and for one at the weekend on the Friday before or the Monday after as well.</summary>
    public bool IsOn(LocalDate date) =>
        IsItself(date)
        || (date.DayOfWeek is IsoDayOfWeek.Monday && IsItself(date.PlusDays(-1)))
        || (date.DayOfWeek is IsoDayOfWeek.Friday && IsItself(date.PlusDays(1)));

    private bool IsItself(LocalDate date) => date.Month == month && (weekday is null
        ? date.Day == day
        : date.DayOfWeek == weekday && (day == Ordinals.Length ? date.PlusWeeks(1).Month != month : (date.Day + 6) / 7 == day));

    private static Holiday Parse(string[] row)
    {
        string on = row[2];
        if (on.Split(' ') is [string ordinal, string weekday, "of", string month])
        {
            return new Holiday(row[0], row[1], Number(month), Array.IndexOf(Ordinals, ordinal) + 1, Enum.Parse<IsoDayOfWeek>(weekday, ignoreCase: true));
        }

        return new Holiday(row[0], row[1], Number(on[..2]), Number(on[3..]), weekday: null);
    }

    private static int Number(string digits) => int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
}
