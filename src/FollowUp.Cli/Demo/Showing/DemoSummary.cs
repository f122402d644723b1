using FollowUp.Cli.Demo.Playing;
using Spectre.Console;

namespace FollowUp.Cli.Demo.Showing;

/// <summary>What became of every session and of every text that was planned for it.</summary>
internal sealed class DemoSummary(IReadOnlyList<(string Patient, SessionView Session)> sessions)
{
    private static readonly string[] s_sent = ["sent", "delivered"];
    private static readonly string[] s_dropped = ["skipped", "cancelled"];
    private static readonly string[] s_wrong = ["undelivered", "unknown", "sending", "planned"];

    /// <summary>Whether the carrier has still to say what became of a text.</summary>
    public bool HasTextsUnderWay => sessions.Any(row => row.Session.Timeline.Any(step => step.State is "sending" or "sent"));

    /// <summary>What is not as it should be at the end; empty when all went well.</summary>
    public IReadOnlyList<string> Problems =>
    [
        .. sessions.Where(row => !row.Session.HasEnded || row.Session.State == "failed")
            .Select(row => $"{row.Session.Session} of {row.Patient} has ended as '{row.Session.State}'."),
        .. sessions.SelectMany(row => row.Session.Timeline.Where(step => s_wrong.Contains(step.State))
            .Select(step => $"{step.Step} of {row.Session.Session} is '{step.State}'{(step.Reason is null ? string.Empty : $": {step.Reason}")}.")),
    ];

    public void Show(IAnsiConsole console)
    {
        Table table = new Table().RoundedBorder().Title("[bold]Summary[/]");
        table.AddColumns("patient", "session", "ended as");
        foreach (string column in (string[])["planned", "sent", "delivered", "skipped"])
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        foreach ((string patient, SessionView session) in sessions)
        {
            table.AddRow(
                Markup.Escape(patient),
                Markup.Escape($"{session.Session} ({session.SessionNumber} of {session.PlannedSessions})"),
                session.State,
                $"{session.Timeline.Count}",
                $"{Count(session, s_sent)}",
                $"{Count(session, ["delivered"])}",
                $"{Count(session, s_dropped)}");
        }

        table.AddEmptyRow();
        table.AddRow(
            "[bold]all[/]",
            sessions.Count == 1 ? "1 session" : $"{sessions.Count} sessions",
            string.Empty,
            $"{sessions.Sum(row => row.Session.Timeline.Count)}",
            $"{sessions.Sum(row => Count(row.Session, s_sent))}",
            $"{sessions.Sum(row => Count(row.Session, ["delivered"]))}",
            $"{sessions.Sum(row => Count(row.Session, s_dropped))}");
        console.WriteLine();
        console.Write(table);
        ShowReasons(console);
    }

    private void ShowReasons(IAnsiConsole console)
    {
        var reasons = sessions
            .SelectMany(row => row.Session.Timeline.Where(step => s_dropped.Contains(step.State)))
            .GroupBy(step => step.Reason ?? step.State)
            .OrderByDescending(group => group.Count())
            .ToList();
        if (reasons.Count > 0)
        {
            console.MarkupLine("Texts that were skipped, and why:");
            foreach (var reason in reasons)
            {
                console.MarkupLineInterpolated($"  {reason.Count(),3}  {reason.Key}");
            }
        }
    }

    private static int Count(SessionView session, string[] states) => session.Timeline.Count(step => states.Contains(step.State));
}
