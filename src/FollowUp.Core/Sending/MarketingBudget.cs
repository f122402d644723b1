using FollowUp.Core.Timelines;
using NodaTime;

namespace FollowUp.Core.Sending;

/// <summary>
/// The most marketing texts that one patient gets, counted over all sessions and plans by the patient's local days. Texts about care have
/// no budget: they are never dropped for one.
/// </summary>
public sealed record MarketingBudget
{
    /// <summary>One a day, three in seven days, ten in 365 days. Ten texts a year is where a study saw more people opt out (JAMA Netw Open 2021.3479).</summary>
    public static MarketingBudget Default { get; } = new();

    /// <summary>Most on one day; 0 is none at all.</summary>
    public int PerDay { get; init; } = 1;

    /// <summary>Most on any seven days in a row.</summary>
    public int PerWeek { get; init; } = 3;

    /// <summary>Most on any 365 days in a row.</summary>
    public int PerYear { get; init; } = 10;

    /// <summary>Whether one more marketing text may be sent. One that leaves later than <paramref name="at"/> counts as well, so that no stretch of days gets too many.</summary>
    /// <param name="sentMarketing">When the patient's marketing texts left or will leave, in any order.</param>
    /// <param name="at">When the next one would leave.</param>
    /// <param name="zone">The patient's zone, whose days are counted.</param>
    /// <param name="reason">Which limit it would break, for staff; null when the result is true.</param>
    public bool Allows(IReadOnlyList<Instant> sentMarketing, Instant at, DateTimeZone zone, out string? reason)
    {
        ArgumentNullException.ThrowIfNull(sentMarketing);
        ArgumentNullException.ThrowIfNull(zone);
        int today = DayOf(at, zone);
        int[] days = [.. sentMarketing.Select(sent => DayOf(sent, zone)).Append(today).Order()];
        reason = !IsWithin(days, today, PerDay, 1) ? NotPlanned.OverDailyBudget
            : !IsWithin(days, today, PerWeek, 7) ? NotPlanned.OverWeeklyBudget
            : !IsWithin(days, today, PerYear, 365) ? NotPlanned.OverYearlyBudget
            : null;
        return reason is null;
    }

    /// <summary>Whether no stretch of <paramref name="length"/> days that has today in it has more than <paramref name="limit"/> texts.</summary>
    private static bool IsWithin(int[] days, int today, int limit, int length)
    {
        for (int first = 0; first + limit < days.Length; first++)
        {
            int last = days[first + limit];
            if (days[first] <= today && today <= last && last - days[first] < length)
            {
                return false;
            }
        }

        return true;
    }

    private static int DayOf(Instant instant, DateTimeZone zone) => Period.DaysBetween(Epoch, instant.InZone(zone).Date);

    private static LocalDate Epoch { get; } = new(1970, 1, 1);
}
