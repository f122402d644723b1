using System.Globalization;
using System.Text.RegularExpressions;

namespace FollowUp.Cli.Tests.Support;

/// <summary>Reads what the demo printed, as a person would.</summary>
internal sealed partial class DemoOutput(IReadOnlyList<string> lines)
{
    /// <summary>Every text: its simulated date, who got it, and why.</summary>
    public IReadOnlyList<(string Date, string Name, string Why)> Texts { get; } =
    [
        .. lines.Select(line => TextLine().Match(line)).Where(match => match.Success)
            .Select(match => (match.Groups["date"].Value, match.Groups["name"].Value, match.Groups["why"].Value)),
    ];

    /// <summary>The rows of the summary, one for each session, and the last one for all.</summary>
    public IReadOnlyList<SummaryRow> Rows { get; } =
    [
        .. lines.Where(line => line.StartsWith('│') || line.StartsWith('|'))
            .Select(line => line.Split('│', '|').Skip(1).SkipLast(1).Select(cell => cell.Trim()).ToList())
            .Where(cells => cells.Count == 7 && cells[3].Length > 0 && char.IsAsciiDigit(cells[3][0]))
            .Select(cells => new SummaryRow(
                cells[0], cells[1], cells[2], Number(cells[3]), Number(cells[4]), Number(cells[5]), Number(cells[6]))),
    ];

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?<date>\w{3} \d{4}-\d\d-\d\d \d\d:\d\d)  to (?<name>.+?) \((?<why>.+)\)\s*$")]
    private static partial Regex TextLine();
}

/// <summary>A line of the summary.</summary>
internal sealed record SummaryRow(string Patient, string Session, string EndedAs, int Planned, int Sent, int Delivered, int Skipped);
