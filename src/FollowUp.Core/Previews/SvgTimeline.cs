using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using FollowUp.Core.Timelines;

namespace FollowUp.Core.Previews;

/// <summary>
/// Draws a previewed course as one picture: a lane for each kind of text, sessions and the advised time for the next one across the lanes,
/// months along the bottom. The picture has no script, follows the reader's light or dark scheme, and holds no text of a message.
/// </summary>
public static class SvgTimeline
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    /// <summary>The looks of the picture, for a page that has its styles in a file of their own.</summary>
    public static string Css => SvgStyle.Css;

    /// <summary>Draws the course, 1,000 units wide.</summary>
    /// <param name="preview">What to draw.</param>
    /// <param name="id">Prefix of the ids in the picture, so that several can stand in one page. Letters, digits and hyphens.</param>
    /// <param name="styled">Whether the picture holds its own looks; without, the page around it must have <see cref="Css"/>.</param>
    /// <returns>A well-formed SVG document without an XML declaration, fit for a file or inline in HTML.</returns>
    public static string Draw(CoursePreview preview, string id = "course", bool styled = true)
    {
        ArgumentNullException.ThrowIfNull(preview);
        ArgumentNullException.ThrowIfNull(id);
        SvgLayout layout = new(preview);
        XElement picture = new(
            Svg + "svg",
            new XAttribute("viewBox", $"0 0 {Number(SvgLayout.Width)} {Number(layout.Height)}"),
            new XAttribute("class", "course-timeline"),
            new XAttribute("role", "img"),
            new XAttribute("aria-labelledby", $"{id}-title {id}-desc"),
            new XElement(Svg + "title", new XAttribute("id", $"{id}-title"), Clean(SvgWords.Title(preview))),
            new XElement(Svg + "desc", new XAttribute("id", $"{id}-desc"), Clean(SvgWords.Description(preview))),
            styled ? new XElement(Svg + "style", SvgStyle.Css) : null,
            Rectangle(0, 0, SvgLayout.Width, layout.Height, "page"),
            Heading(preview),
            layout.Windows.Select(window => Window(window, layout)),
            Axis(layout),
            layout.Sessions.Select(session => Line(session.X, SvgLayout.SessionsY + 13, session.X, layout.LanesBottom, "visit-line")),
            layout.Lanes.Select(lane => Lane(lane, layout)),
            layout.Sessions.Select(Session),
            Legend(layout));
        return picture.ToString();
    }

    private static XElement Heading(CoursePreview preview) => new(
        Svg + "g",
        Text(SvgLayout.Margin, 34, "heading", SvgWords.Title(preview)),
        Text(SvgLayout.Margin, 56, "note", SvgWords.Subtitle(preview)));

    private static XElement Window(WindowBand band, SvgLayout layout) => new(
        Svg + "g",
        new XElement(Svg + "title", Clean(band.Words)),
        Rectangle(band.Left, SvgLayout.LanesTop, band.Right - band.Left, layout.LanesBottom - SvgLayout.LanesTop, "window"));

    private static XElement Axis(SvgLayout layout) => new(
        Svg + "g",
        layout.Months.Where(month => month.HasLine).Select(month => Line(month.X, SvgLayout.LanesTop, month.X, layout.LanesBottom + 6, "month")),
        layout.Months.Where(month => month.Label.Length > 0).Select(month => Text(month.X + 4, layout.LanesBottom + 17, "tick", month.Label)),
        Line(SvgLayout.PlotLeft, layout.LanesBottom, SvgLayout.PlotRight, layout.LanesBottom, "axis"));

    private static XElement Lane(SvgLane lane, SvgLayout layout) => new(
        Svg + "g",
        new XAttribute("class", StepKinds.NameOf(lane.Kind)),
        Line(SvgLayout.PlotLeft, lane.Y, SvgLayout.PlotRight, lane.Y, "lane"),
        Text(SvgLayout.PlotLeft - 14, lane.Y + 4.5, "kind", lane.Label),
        lane.Marks.Select(mark => Mark(mark, lane.Y)));

    private static XElement Mark(SvgMark mark, double y)
    {
        XElement group = new(
            Svg + "g",
            new XElement(Svg + "title", Clean(mark.Words)),
            Circle(mark.X, y, mark.Count > 1 ? 8.5 : 6, mark.Planned ? "sent" : "dropped"));
        if (mark.Count > 1)
        {
            group.Add(Text(mark.X, y + 3.8, mark.Planned ? "count" : "count-dropped", mark.Count.ToString(CultureInfo.InvariantCulture)));
        }

        return group;
    }

    private static XElement Session(SessionLine session) => new(
        Svg + "g",
        new XElement(Svg + "title", Clean(session.Words)),
        Circle(session.X, SvgLayout.SessionsY, 13, "visit"),
        Text(session.X, SvgLayout.SessionsY + 5, "visit-number", session.Number.ToString(CultureInfo.InvariantCulture)),
        session.Label.Length == 0 ? null : Text(session.LabelX, SvgLayout.SessionsY - 20, "visit-date", session.Label));

    private static XElement Legend(SvgLayout layout)
    {
        double y = layout.LegendY;
        XElement legend = new(Svg + "g", Circle(SvgLayout.PlotLeft + 8, y, 8, "visit"), Text(SvgLayout.PlotLeft + 23, y + 4.5, "legend", "session"));
        double x = SvgLayout.PlotLeft + 100;
        if (layout.Windows.Count > 0)
        {
            legend.Add(Rectangle(x, y - 8, 26, 16, "window"), Text(x + 34, y + 4.5, "legend", "time advised for the next session"));
            x += 290;
        }

        legend.Add(Circle(x + 6, y, 6, "sent legend-mark"), Text(x + 19, y + 4.5, "legend", "text"));
        x += 70;
        if (layout.HasGroups)
        {
            legend.Add(
                Circle(x + 8.5, y, 8.5, "sent legend-mark"),
                Text(x + 8.5, y + 3.8, "count", "2"),
                Text(x + 24, y + 4.5, "legend", "texts close together"));
            x += 180;
        }

        if (layout.HasDropped)
        {
            legend.Add(Circle(x + 6, y, 6, "dropped legend-mark"), Text(x + 19, y + 4.5, "legend", "not sent"));
        }

        return legend;
    }

    private static XElement Text(double x, double y, string style, string words) =>
        new(Svg + "text", new XAttribute("x", Number(x)), new XAttribute("y", Number(y)), new XAttribute("class", style), Clean(words));

    private static XElement Line(double x1, double y1, double x2, double y2, string style) => new(
        Svg + "line",
        new XAttribute("x1", Number(x1)),
        new XAttribute("y1", Number(y1)),
        new XAttribute("x2", Number(x2)),
        new XAttribute("y2", Number(y2)),
        new XAttribute("class", style));

    private static XElement Rectangle(double x, double y, double width, double height, string style) => new(
        Svg + "rect",
        new XAttribute("x", Number(x)),
        new XAttribute("y", Number(y)),
        new XAttribute("width", Number(width)),
        new XAttribute("height", Number(height)),
        new XAttribute("class", style));

    private static XElement Circle(double x, double y, double radius, string style) => new(
        Svg + "circle",
        new XAttribute("cx", Number(x)),
        new XAttribute("cy", Number(y)),
        new XAttribute("r", Number(radius)),
        new XAttribute("class", style));

    private static string Number(double value) => Math.Round(value, 1).ToString(CultureInfo.InvariantCulture);

    /// <summary>Without the control characters that XML cannot have at all; everything else is escaped by the writer.</summary>
    private static string Clean(string words) => string.Concat(words.Where(character => XmlConvert.IsXmlChar(character) || char.IsSurrogate(character)));
}
