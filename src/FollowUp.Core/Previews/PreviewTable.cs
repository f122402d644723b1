using System.Globalization;
using FollowUp.Core.Texts;
using FollowUp.Core.Timelines;
using NodaTime;

namespace FollowUp.Core.Previews;

/// <summary>A preview as cells of text, for a console or a page to lay out.</summary>
/// <param name="Columns">The headings.</param>
/// <param name="Rows">As many cells in each row as there are columns.</param>
/// <param name="Summary">One sentence with the totals.</param>
public sealed record PreviewTable(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows, string Summary)
{
    private static readonly string[] Headings = ["Session", "Step", "Kind", "Local time", "Text", "Alphabet", "Segments", "Cost", "Source"];

    /// <summary>Makes the table. In place of a text that would not be sent stands "not sent:" and the reason.</summary>
    public static PreviewTable Of(CoursePreview preview)
    {
        ArgumentNullException.ThrowIfNull(preview);
        return new PreviewTable(Headings, [.. preview.Rows.Select(Cells)], Summarise(preview.Totals));
    }

    /// <summary>A local time with its offset, such as <c>Sat 2027-03-13 10:00 -05:00</c>.</summary>
    internal static string Local(OffsetDateTime time) => time.ToString("ddd uuuu-MM-dd HH:mm o<m>", CultureInfo.InvariantCulture);

    private static string[] Cells(PreviewRow row) =>
    [
        row.Session.ToString(CultureInfo.InvariantCulture),
        row.Step,
        StepKinds.NameOf(row.Kind),
        Local(row.DueAt),
        row.Text ?? $"not sent: {row.Reason}",
        row.Size is null ? "" : row.Size.Encoding is SmsEncoding.Gsm7 ? "GSM-7" : "UCS-2",
        row.Size?.Segments.ToString(CultureInfo.InvariantCulture) ?? "",
        Dollars(row.Cost),
        $"{row.Grade}: {row.Source}",
    ];

    private static string Summarise(PreviewTotals totals)
    {
        string cost = totals.Cost is null ? "cost unknown" : $"about {Dollars(totals.Cost)} before carrier surcharges";
        return $"{totals.Texts} texts, {totals.Segments} segments, {cost}; {totals.NotSent} not sent.";
    }

    private static string Dollars(decimal? cost) => cost is null ? "" : "$" + cost.Value.ToString("0.0000", CultureInfo.InvariantCulture);
}
