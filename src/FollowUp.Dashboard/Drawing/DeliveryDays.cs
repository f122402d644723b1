using FollowUp.Dashboard.Words;
using FollowUp.Data;
using FollowUp.Data.Overview;
using NodaTime;

namespace FollowUp.Dashboard.Drawing;

/// <summary>What became of the texts of each of the last days, by the day on which they left.</summary>
public sealed record DeliveryDays(IReadOnlyList<DeliveryDay> Days)
{
    public const int DayCount = 14;

    public int Most => Days.Max(day => day.Total);

    public int Total => Days.Sum(day => day.Total);

    /// <summary>Of the texts whose end is known, how many were delivered, in percent; null when there are none.</summary>
    public int? Rate
    {
        get
        {
            var (delivered, failed) = (Days.Sum(day => day.Delivered), Days.Sum(day => day.Failed));
            return delivered + failed == 0 ? null : (int)Math.Floor(100.0 * delivered / (delivered + failed));
        }
    }

    public static DeliveryDays Of(IEnumerable<TextCount> counts, ClinicTime time)
    {
        var byDay = counts.ToLookup(count => time.DateOf(count.At));
        return new DeliveryDays(
        [
            .. Enumerable.Range(1 - DayCount, DayCount).Select(offset => time.Today.PlusDays(offset)).Select(date => new DeliveryDay(
                date,
                Sum(date, StepState.Delivered),
                Sum(date, StepState.Sent, StepState.Unknown, StepState.Sending),
                Sum(date, StepState.Undelivered))),
        ]);

        int Sum(LocalDate date, params StepState[] states) => byDay[date].Where(count => states.Contains(count.State)).Sum(count => count.Number);
    }
}

/// <param name="OnTheirWay">Sent, and nothing is known of their delivery.</param>
public sealed record DeliveryDay(LocalDate Date, int Delivered, int OnTheirWay, int Failed)
{
    public int Total => Delivered + OnTheirWay + Failed;
}
