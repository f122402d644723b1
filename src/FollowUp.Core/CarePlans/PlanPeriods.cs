using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace FollowUp.Core.CarePlans;

/// <summary>The periods and numbers of a plan file.</summary>
internal static class PlanPeriods
{
    /// <summary>An ISO 8601 period, also with the sign in front of the P, as in <c>-P7D</c>; null if it is not one.</summary>
    public static Period? Parse(string text)
    {
        bool negative = text.StartsWith('-');
        ParseResult<Period> result = PeriodPattern.NormalizingIso.Parse(negative ? text[1..] : text);
        if (!result.Success)
        {
            return null;
        }

        return negative ? Period.Zero - result.Value : result.Value;
    }

    /// <summary>A spacing, which texts say ("4 to 6 weeks"): a number of days, weeks or months.</summary>
    public static Period? ParseSpacing(string text) =>
        SingleUnit(text) is { HasTimeComponent: false } period && RoughDays(period) <= 731 ? period : null;

    /// <summary>The value of a field, which texts say ("48 hours"): a number of hours, days, weeks or months.</summary>
    public static Period? ParseLength(string text) => SingleUnit(text) is { } period && IsLength(period) ? period : null;

    /// <summary>Whether a period is what <see cref="ParseLength"/> gives, up to a year.</summary>
    public static bool IsLength(Period period) => IsSingleUnit(period) && RoughDays(period) <= 366;

    /// <summary>A whole number from 1 to 999; null if it is not one.</summary>
    public static int? ParseCount(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is >= 1 and <= 999 ? number : null;

    /// <summary>Length in days, taking a month as 31 and a year as 366 of them: enough for the sign and for bounds.</summary>
    public static double RoughDays(Period period) =>
        (period.Years * 366.0) + (period.Months * 31.0) + (period.Weeks * 7.0) + period.Days
        + (period.Hours / 24.0) + (period.Minutes / 1440.0) + (period.Seconds / 86_400.0)
        + (period.Milliseconds / 86_400e3) + (period.Ticks / 864e9) + (period.Nanoseconds / 86_400e9);

    /// <summary>The period as a plan file writes it.</summary>
    public static string Write(Period period)
    {
        bool negative = RoughDays(period) < 0;
        string text = PeriodPattern.Roundtrip.Format(negative ? Period.Zero - period : period);
        return text == "P" ? "P0D" : (negative ? "-" : "") + text;
    }

    private static Period? SingleUnit(string text) =>
        PeriodPattern.Roundtrip.Parse(text).TryGetValue(Period.Zero, out Period period) && IsSingleUnit(period) ? period : null;

    private static bool IsSingleUnit(Period period)
    {
        long[] sayable = [period.Months, period.Weeks, period.Days, period.Hours];
        return sayable.Count(count => count != 0) == 1 && sayable.Max() is > 0 and <= 9999
            && period == new PeriodBuilder { Months = period.Months, Weeks = period.Weeks, Days = period.Days, Hours = period.Hours }.Build();
    }
}
