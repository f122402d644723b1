using System.Globalization;
using FollowUp.Core.CarePlans;
using FollowUp.Core.Contacts;
using NodaTime;

namespace FollowUp.Core.Texts;

/// <summary>
/// Dates, times and ranges in a language. The tables are our own: the app runs without a culture database, and what a patient reads must
/// not depend on the machine that sends it.
/// </summary>
internal abstract class LocalWords
{
    private static readonly Dictionary<string, LocalWords> Languages = new() { ["en"] = new English(), ["es"] = new Spanish() };

    /// <summary>Languages that dates can be written in; a plan's texts must be in one of them.</summary>
    public static IReadOnlyCollection<string> Known => Languages.Keys;

    public static bool IsKnown(string language) => LanguageTag.Lookup(language, Known) is not null;

    public static LocalWords For(string language) => Languages[LanguageTag.Lookup(language, Known)!];

    public abstract string Date(LocalDate date);

    public abstract string Time(LocalTime time);

    /// <summary>A number of one unit, such as "2 weeks".</summary>
    public string Length(Period period)
    {
        (int count, PeriodUnits unit) = SingleUnit(period);
        return $"{Number(count)} {Unit(unit, count)}";
    }

    /// <summary>Null for a course without both ends of a spacing.</summary>
    public string? Spacing(Series series)
    {
        if (series.SpacingMin is null || series.SpacingMax is null)
        {
            return null;
        }

        (int min, PeriodUnits unit) = SingleUnit(series.SpacingMin);
        (int max, PeriodUnits maxUnit) = SingleUnit(series.SpacingMax);
        return unit == maxUnit
            ? $"{Range(min, max)} {Unit(unit, max)}"
            : $"{min} {Unit(unit, min)} {To} {max} {Unit(maxUnit, max)}";
    }

    /// <summary>Null for a course whose number of sessions is not known.</summary>
    public string? Range(int? min, int? max) => min is null || max is null ? null : Range(min.Value, max.Value);

    private string Range(int min, int max) => min == max ? Number(min) : $"{Number(min)} {To} {Number(max)}";

    protected abstract string To { get; }

    protected abstract string Unit(PeriodUnits unit, int count);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static (int Count, PeriodUnits Unit) SingleUnit(Period spacing) => spacing switch
    {
        { Months: > 0 } => (spacing.Months, PeriodUnits.Months),
        { Weeks: > 0 } => (spacing.Weeks, PeriodUnits.Weeks),
        { Hours: > 0 } => (checked((int)spacing.Hours), PeriodUnits.Hours),
        _ => (spacing.Days, PeriodUnits.Days),
    };

    private sealed class English : LocalWords
    {
        private static readonly string[] Months =
        [
            "January", "February", "March", "April", "May", "June",
            "July", "August", "September", "October", "November", "December",
        ];

        protected override string To => "to";

        public override string Date(LocalDate date) => $"{date.DayOfWeek}, {Months[date.Month - 1]} {Number(date.Day)}";

        public override string Time(LocalTime time) =>
            $"{Number(time.ClockHourOfHalfDay)}:{time.Minute:00} {(time.Hour < 12 ? "AM" : "PM")}";

        protected override string Unit(PeriodUnits unit, int count) => (unit, count) switch
        {
            (PeriodUnits.Months, 1) => "month",
            (PeriodUnits.Months, _) => "months",
            (PeriodUnits.Weeks, 1) => "week",
            (PeriodUnits.Weeks, _) => "weeks",
            (PeriodUnits.Hours, 1) => "hour",
            (PeriodUnits.Hours, _) => "hours",
            (_, 1) => "day",
            _ => "days",
        };
    }

    private sealed class Spanish : LocalWords
    {
        private static readonly string[] Months =
        [
            "enero", "febrero", "marzo", "abril", "mayo", "junio",
            "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
        ];

        protected override string To => "a";

        // Without the day of the week: "sábado" has a letter that GSM-7 lacks, and would double the cost of every text on that day.
        public override string Date(LocalDate date) => $"{Number(date.Day)} de {Months[date.Month - 1]}";

        public override string Time(LocalTime time) => $"{Number(time.Hour)}:{time.Minute:00}";

        protected override string Unit(PeriodUnits unit, int count) => (unit, count) switch
        {
            (PeriodUnits.Months, 1) => "mes",
            (PeriodUnits.Months, _) => "meses",
            (PeriodUnits.Weeks, 1) => "semana",
            (PeriodUnits.Weeks, _) => "semanas",
            (PeriodUnits.Hours, 1) => "hora",
            (PeriodUnits.Hours, _) => "horas",
            (_, 1) => "día",
            _ => "días",
        };
    }
}
