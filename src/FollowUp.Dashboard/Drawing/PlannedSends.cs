using FollowUp.Dashboard.Words;
using FollowUp.Data.Overview;
using NodaTime;

namespace FollowUp.Dashboard.Drawing;

/// <summary>How many texts are to leave in each hour of each of the next days, on the clinic's clock.</summary>
public sealed record PlannedSends(IReadOnlyList<PlannedDay> Days)
{
    public const int DayCount = 14;

    /// <summary>The hours that are drawn: the usual ones, and others in which something leaves.</summary>
    public int FirstHour => Math.Min(8, Days.SelectMany(day => day.Hours.Keys).DefaultIfEmpty(8).Min());

    public int LastHour => Math.Max(20, Days.SelectMany(day => day.Hours.Keys).DefaultIfEmpty(20).Max());

    public int Most => Days.SelectMany(day => day.Hours.Values).DefaultIfEmpty(0).Max();

    public int Total => Days.Sum(day => day.Total);

    public static PlannedSends Of(IEnumerable<TextCount> counts, ClinicTime time)
    {
        var byDay = counts.ToLookup(count => time.DateOf(count.At));
        return new PlannedSends(
        [
            .. Enumerable.Range(0, DayCount).Select(offset => time.Today.PlusDays(offset)).Select(date => new PlannedDay(
                date,
                byDay[date].GroupBy(count => time.HourOf(count.At)).ToDictionary(hour => hour.Key, hour => hour.Sum(count => count.Number)))),
        ]);
    }

    /// <summary>0 for none, then 1 to 5.</summary>
    public int Heat(int number) => Most <= 5 ? number : number == 0 ? 0 : 1 + (int)Math.Min(4, Math.Floor(4.999 * Math.Log(number) / Math.Log(Most)));
}

/// <param name="Hours">How many, by the hour of the day; hours without any are not there.</param>
public sealed record PlannedDay(LocalDate Date, IReadOnlyDictionary<int, int> Hours)
{
    public int Total => Hours.Values.Sum();
}
