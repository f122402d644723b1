using System.Globalization;
using FollowUp.Core.Timelines;
using NodaTime;

namespace FollowUp.Core.Previews;

/// <summary>Where everything in the picture stands. A day is as wide as any other, in the local calendar.</summary>
internal sealed class SvgLayout
{
    public const double Width = 1000;
    public const double Margin = 24;
    public const double PlotLeft = 136;
    public const double PlotRight = Width - Margin;
    public const double SessionsY = 112;
    public const double LanesTop = 138;
    private const double LaneHeight = 32;

    // Marks nearer than this would hide each other and become one with a number.
    private const double MarkDistance = 15;
    private const double DateWidth = 92;
    private const double MonthWidth = 66;

    private readonly LocalDateTime from;
    private readonly double days;

    public SvgLayout(CoursePreview preview)
    {
        List<LocalDateTime> moments =
        [
            .. preview.Rows.Select(row => row.DueAt.LocalDateTime),
            .. preview.Sessions.Select(session => session.StartsAt.LocalDateTime),
            .. preview.Sessions.Select(session => session.NextUntil).OfType<LocalDate>().Select(date => date.AtMidnight()),
        ];
        LocalDateTime to = moments.Max();
        from = moments.Min();
        days = Math.Max(DaysFrom(from, to), 7);
        Lanes = [.. preview.Rows.GroupBy(row => row.Kind).OrderBy(kind => kind.Key).Select(Lane)];
        Sessions = [.. SessionLines(preview)];
        Windows = [.. preview.Sessions.SelectMany(Bands)];
        Months = [.. MonthTicks(to.Date)];
        HasDropped = preview.Rows.Any(row => !row.Planned);
    }

    public IReadOnlyList<SvgLane> Lanes { get; }

    public IReadOnlyList<SessionLine> Sessions { get; }

    public IReadOnlyList<WindowBand> Windows { get; }

    public IReadOnlyList<MonthTick> Months { get; }

    public bool HasDropped { get; }

    public bool HasGroups => Lanes.Any(lane => lane.Marks.Any(mark => mark.Count > 1));

    public double LanesBottom => LanesTop + (Lanes.Count * LaneHeight);

    public double LegendY => LanesBottom + 48;

    public double Height => LegendY + 28;

    private static double DaysFrom(LocalDateTime start, LocalDateTime end) => Period.Between(start, end, PeriodUnits.Minutes).Minutes / 1440.0;

    // Half a mark's room at both ends.
    private double X(LocalDateTime time) => PlotLeft + 14 + (DaysFrom(from, time) / days * (PlotRight - PlotLeft - 28));

    private SvgLane Lane(IGrouping<StepKind, PreviewRow> rows, int index) =>
        new(rows.Key, SvgWords.Label(rows.Key), LanesTop + ((index + 0.5) * LaneHeight), [.. Marks(rows)]);

    private IEnumerable<SvgMark> Marks(IEnumerable<PreviewRow> rows)
    {
        // What is sent and what is not never share a mark, so that the numbers in the marks add up to the total.
        foreach (IGrouping<bool, PreviewRow> side in rows.GroupBy(row => row.Planned).OrderBy(side => side.Key))
        {
            List<PreviewRow> near = [];
            foreach (PreviewRow row in side)
            {
                if (near.Count > 0 && X(row.DueAt.LocalDateTime) - X(near[0].DueAt.LocalDateTime) >= MarkDistance)
                {
                    yield return Mark(near);
                    near = [];
                }

                near.Add(row);
            }

            yield return Mark(near);
        }
    }

    private SvgMark Mark(List<PreviewRow> rows) => new(
        rows.Average(row => X(row.DueAt.LocalDateTime)),
        rows.Count,
        rows[0].Planned,
        string.Join('\n', rows.Select(SvgWords.Row)));

    private IEnumerable<SessionLine> SessionLines(CoursePreview preview)
    {
        double free = double.NegativeInfinity;
        foreach (PreviewSession session in preview.Sessions)
        {
            double x = X(session.StartsAt.LocalDateTime);
            bool room = x - (DateWidth / 2) >= free;
            free = room ? x + (DateWidth / 2) : free;
            double labelX = Math.Min(x, Width - (DateWidth / 2));
            yield return new SessionLine(x, session.Number, room ? SvgWords.Day(session.StartsAt.Date) : "", labelX, SvgWords.Session(session));
        }
    }

    private IEnumerable<WindowBand> Bands(PreviewSession session)
    {
        if (session is { NextFrom: LocalDate start, NextUntil: LocalDate end })
        {
            yield return new WindowBand(X(start.AtMidnight()), X(end.PlusDays(1).AtMidnight()), SvgWords.Window(start, end));
        }
    }

    private IEnumerable<MonthTick> MonthTicks(LocalDate to)
    {
        // The month that is under way at the left edge has a name but no line.
        LocalDate first = from.Date.With(DateAdjusters.StartOfMonth);
        double next = X(first.PlusMonths(1).AtMidnight());
        yield return new MonthTick(PlotLeft - 4, next - PlotLeft >= MonthWidth ? Month(first) : "", HasLine: false);
        double free = double.NegativeInfinity;
        for (first = first.PlusMonths(1); first <= to; first = first.PlusMonths(1))
        {
            double x = X(first.AtMidnight());
            bool room = x >= free && x + MonthWidth <= Width;
            free = room ? x + MonthWidth : free;
            yield return new MonthTick(x, room ? Month(first) : "", HasLine: true);
        }
    }

    private static string Month(LocalDate first) => first.ToString("MMM uuuu", CultureInfo.InvariantCulture);
}

/// <summary>The texts of one kind.</summary>
internal sealed record SvgLane(StepKind Kind, string Label, double Y, IReadOnlyList<SvgMark> Marks);

/// <summary>One text, or several that stand too close to be told apart.</summary>
internal sealed record SvgMark(double X, int Count, bool Planned, string Words);

/// <summary>A session; the label is empty where it would run into another, and stays within the picture.</summary>
internal sealed record SessionLine(double X, int Number, string Label, double LabelX, string Words);

/// <summary>The time that is advised for the next session.</summary>
internal sealed record WindowBand(double Left, double Right, string Words);

/// <summary>The first of a month; the label is empty where there is no room for it.</summary>
internal sealed record MonthTick(double X, string Label, bool HasLine);
