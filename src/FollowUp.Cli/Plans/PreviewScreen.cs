using System.Globalization;
using FollowUp.Core.Previews;
using FollowUp.Core.Texts;
using FollowUp.Core.Timelines;
using NodaTime;
using Spectre.Console;

namespace FollowUp.Cli.Plans;

/// <summary>Shows a preview on the console: a row a text, in the order of their times.</summary>
internal static class PreviewScreen
{
    /// <summary>Into a file or a pipe goes a table of this width, whatever the terminal.</summary>
    private const int WidthOfFiles = 160;

    public static void Show(CoursePreview preview, IAnsiConsole console)
    {
        if (Console.IsOutputRedirected)
        {
            console.Profile.Width = WidthOfFiles;
        }

        console.MarkupLineInterpolated($"[bold]{preview.Plan.Treatment}[/], plan {preview.Plan.Id} version {preview.Plan.Version}, times of {preview.Zone.Id}");
        foreach (PreviewSession session in preview.Sessions)
        {
            string next = session is { NextFrom: { } from, NextUntil: { } until } ? $", the next one between {Date(from)} and {Date(until)}" : string.Empty;
            console.MarkupLineInterpolated($"Session {session.Number}: {Local(session.StartsAt)}{next}");
        }

        Table table = new Table().RoundedBorder().Expand();
        table.AddColumn(new TableColumn("local time") { NoWrap = true });
        table.AddColumn(new TableColumn("#").RightAligned());
        table.AddColumn("step");
        table.AddColumn("text");
        table.AddColumn(new TableColumn("segments") { NoWrap = true }.RightAligned());
        table.AddColumn(new TableColumn("cost") { NoWrap = true }.RightAligned());
        table.AddColumn("timing from");
        table.ShowRowSeparators();
        foreach (PreviewRow row in preview.Rows)
        {
            table.AddRow(
                Markup.Escape(Local(row.DueAt)),
                $"{row.Session}",
                Markup.Escape($"{row.Step}\n({StepKinds.NameOf(row.Kind)})"),
                row.Text is null ? $"[grey]not sent: {Markup.Escape(row.Reason!)}[/]" : Markup.Escape(row.Text) + Notes(row),
                row.Size is { } size ? $"{size.Segments} {(size.Encoding is SmsEncoding.Gsm7 ? "GSM-7" : "UCS-2")}" : string.Empty,
                Dollars(row.Cost),
                Markup.Escape($"{row.Grade}: {row.Source}"));
        }

        console.Write(table);
        PreviewTotals totals = preview.Totals;
        string cost = totals.Cost is null ? "of unknown cost" : $"about {Dollars(totals.Cost)} before carrier surcharges";
        console.MarkupLineInterpolated($"{totals.Texts} texts, {totals.Segments} segments, {cost}; {totals.NotSent} not sent.");
        console.WriteLine("Timing from: A a regulator or peer-reviewed work, C a clinic's sheet, J our or the clinic's judgement. A clinician must approve a plan.");
    }

    private static string Notes(PreviewRow row) =>
        (row.Moved is null ? string.Empty : $"\n[grey]{Markup.Escape(row.Moved)}[/]") + string.Concat(row.Warnings.Select(warning => $"\n[yellow]warning: {Markup.Escape(warning)}[/]"));

    private static string Local(OffsetDateTime time) => time.ToString("ddd uuuu-MM-dd HH:mm o<m>", CultureInfo.InvariantCulture);

    private static string Date(LocalDate date) => date.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture);

    private static string Dollars(decimal? cost) => cost is { } known ? "$" + known.ToString("0.0000", CultureInfo.InvariantCulture) : string.Empty;
}
