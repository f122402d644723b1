using System.Globalization;
using Spectre.Console;

namespace FollowUp.Cli.Replays;

/// <summary>Shows what a replay has come to.</summary>
internal static class ReplayScreen
{
    private const int Shown = 20;

    public static void Show(ReplayRun run, IAnsiConsole screen)
    {
        if (run.Replayed.Count == 0)
        {
            screen.MarkupLine("No orchestration is under way: any release can go on here.");
            return;
        }

        Table table = new Table().RoundedBorder().AddColumns("Orchestrator", "Version", "Histories");
        foreach (((string orchestrator, string version), int count) in run.Replayed)
        {
            table.AddRow(Markup.Escape(orchestrator), version.Length == 0 ? "none" : Markup.Escape(version), count.ToString(CultureInfo.InvariantCulture));
        }

        screen.Write(table);
        int replayed = run.Replayed.Values.Sum();
        if (run.Differences.Count == 0)
        {
            screen.MarkupLine($"[green]All {replayed} replayed:[/] this release goes on where they stand.");
            return;
        }

        foreach ((string where, string difference) in run.Differences.Take(Shown))
        {
            screen.MarkupLine($"[red]{Markup.Escape(where)}[/]: {Markup.Escape(difference)}");
        }

        if (run.Differences.Count > Shown)
        {
            screen.MarkupLine($"... and {run.Differences.Count - Shown} more.");
        }

        screen.MarkupLine(
            $"[red]{run.Differences.Count} of {replayed} would fail.[/] Go on with the release that they were begun with, and see \"Changing an orchestrator\" in docs/operations.md.");
    }
}
