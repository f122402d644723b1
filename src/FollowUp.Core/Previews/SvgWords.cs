using System.Globalization;
using FollowUp.Core.Texts;
using FollowUp.Core.Timelines;
using NodaTime;

namespace FollowUp.Core.Previews;

/// <summary>What the picture of a course says in words, for staff and for screen readers. It is in English, as the dashboard is.</summary>
internal static class SvgWords
{
    private static readonly LocalWords English = LocalWords.For("en");

    public static string Title(CoursePreview preview) =>
        $"{preview.Plan.Treatment}: {Count(preview.Sessions.Count, "session")}, {Count(preview.Totals.Texts, "text")}";

    public static string Subtitle(CoursePreview preview)
    {
        PreviewTotals totals = preview.Totals;
        string cost = totals.Cost is null ? "" : $", about ${totals.Cost.Value.ToString("0.00", CultureInfo.InvariantCulture)}";
        string dropped = totals.NotSent == 0 ? "" : $", {totals.NotSent} not sent";
        string spacing = preview.Sessions.Count > 1 && English.Spacing(preview.Plan.Series) is string apart ? $"Sessions {apart} apart. " : "";
        return $"{spacing}Local times of {preview.Zone.Id}. {Count(totals.Segments, "segment")}{cost}{dropped}. Plan version {preview.Plan.Version}.";
    }

    /// <summary>The whole picture in sentences: what the marks show to those who see them.</summary>
    public static string Description(CoursePreview preview)
    {
        IEnumerable<string> sessions = preview.Sessions.Select(session => $"{Session(session)}.");
        IEnumerable<string> kinds = preview.Rows
            .Where(row => row.Planned)
            .GroupBy(row => row.Kind)
            .OrderBy(kind => kind.Key)
            .Select(kind => $"{Label(kind.Key)}: {Count(kind.Count(), "text")}, {Days(kind)}.");
        return string.Join(' ', [Subtitle(preview), .. sessions, .. kinds]);
    }

    public static string Session(PreviewSession session)
    {
        string start = $"Session {session.Number}: {Moment(session.StartsAt)}";
        return session switch
        {
            { NextFrom: LocalDate from, NextUntil: LocalDate until } => $"{start}, the next advised from {Day(from)} to {Day(until)}",
            { NextFrom: LocalDate from } => $"{start}, the next advised from {Day(from)}",
            _ => start,
        };
    }

    public static string Window(LocalDate from, LocalDate until) => $"Time advised for the next session: {Day(from)} to {Day(until)}";

    public static string Row(PreviewRow row) => row.Planned
        ? $"{row.Step}, session {row.Session}: {Moment(row.DueAt)}{(row.Moved is null ? "" : $", {row.Moved}")}"
        : $"{row.Step}, session {row.Session}: not sent, {row.Reason}";

    public static string Label(StepKind kind)
    {
        string name = StepKinds.NameOf(kind);
        return char.ToUpperInvariant(name[0]) + name[1..];
    }

    public static string Day(LocalDate date) => date.ToString("MMM d, uuuu", CultureInfo.InvariantCulture);

    private static string Moment(OffsetDateTime time) => $"{Day(time.Date)}, {English.Time(time.TimeOfDay)}";

    private static string Days(IEnumerable<PreviewRow> rows)
    {
        OffsetDateTime[] times = [.. rows.Select(row => row.DueAt)];
        return times[0].Date == times[^1].Date ? Day(times[0].Date) : $"{Day(times[0].Date)} to {Day(times[^1].Date)}";
    }

    private static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
