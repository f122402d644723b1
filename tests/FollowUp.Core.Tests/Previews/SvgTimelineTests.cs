using System.Text.RegularExpressions;
using System.Xml.Linq;
using FollowUp.Core.CarePlans;
using FollowUp.Core.Previews;
using FollowUp.Core.Timelines;
using NodaTime;

namespace FollowUp.Tests.Previews;

public partial class SvgTimelineTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void The_picture_is_the_golden_one()
    {
        // Whitespace may differ; elements, attributes and words may not.
        string expected = Golden.Read("course.svg", SvgTimeline.Draw(CoursePreviewTests.Preview()));

        Assert.True(XNode.DeepEquals(XElement.Parse(expected), XElement.Parse(SvgTimeline.Draw(CoursePreviewTests.Preview()))), "The picture differs from Golden/course.svg.");
    }

    [Fact]
    public void It_says_in_words_what_it_shows()
    {
        XElement picture = Picture(CoursePreviewTests.Preview());

        Assert.Equal("img", (string?)picture.Attribute("role"));
        Assert.Equal("course-title course-desc", (string?)picture.Attribute("aria-labelledby"));
        Assert.Equal("Microneedling for acne scars: 3 sessions, 22 texts", ById(picture, "course-title"));
        string description = ById(picture, "course-desc");
        Assert.Contains("Session 1: Mar 13, 2027, 10:00 AM, the next advised from Apr 10, 2027 to Apr 24, 2027.", description);
        Assert.Contains("Session 3: May 22, 2027, 10:00 AM.", description);
        Assert.Contains("Check-in: 3 texts, Mar 16, 2027 to May 25, 2027.", description);
    }

    [Fact]
    public void Every_text_has_its_mark_in_the_lane_of_its_kind()
    {
        CoursePreview preview = CoursePreviewTests.Preview();
        XElement picture = Picture(preview);
        foreach (IGrouping<StepKind, PreviewRow> kind in preview.Rows.GroupBy(row => row.Kind))
        {
            XElement lane = picture.Elements(Svg + "g").Single(group => (string?)group.Attribute("class") == StepKinds.NameOf(kind.Key));
            string marks = string.Join('\n', lane.Descendants(Svg + "title").Select(title => title.Value));

            Assert.All(kind, row => Assert.Contains($"{row.Step}, session {row.Session}:", marks));
            Assert.Equal(kind.Count(row => row.Planned), Counted(lane, "sent"));
            Assert.Equal(kind.Count(row => !row.Planned), Counted(lane, "dropped"));
        }
    }

    [Fact]
    public void Sessions_and_the_advised_time_between_them_are_drawn()
    {
        XElement picture = Picture(CoursePreviewTests.Preview());

        Assert.Equal(["1", "2", "3"], Texts(picture, "visit-number"));
        Assert.Equal(["Mar 13, 2027", "Apr 17, 2027", "May 22, 2027"], Texts(picture, "visit-date"));
        Assert.Equal(3, picture.Descendants(Svg + "rect").Count(rect => (string?)rect.Attribute("class") == "window")); // two, and the legend's
        Assert.Equal(["Mar 2027", "Apr 2027", "May 2027", "Jun 2027", "Jul 2027", "Aug 2027", "Sep 2027", "Oct 2027", "Nov 2027"], Texts(picture, "tick"));

        // The second session lies within the time advised after the first.
        XElement band = picture.Descendants(Svg + "rect").First(rect => (string?)rect.Attribute("class") == "window");
        double session = (double)picture.Descendants(Svg + "circle").Where(circle => (string?)circle.Attribute("class") == "visit").ElementAt(1).Attribute("cx")!;
        Assert.InRange(session, (double)band.Attribute("x")!, (double)band.Attribute("x")! + (double)band.Attribute("width")!);
    }

    [Fact]
    public void Everything_stands_within_the_picture()
    {
        foreach (CarePlan plan in CarePlanCatalogue.BuiltIn.Plans)
        {
            SessionFacts first = CoursePreviewTests.First with { PlannedSessions = plan.Series.MaxSessions ?? 1 };
            XElement picture = Picture(CoursePreview.Build(plan, first, Some.TextFacts, "en"));
            double height = double.Parse(((string)picture.Attribute("viewBox")!).Split(' ')[3]);

            foreach (XElement circle in picture.Descendants(Svg + "circle"))
            {
                double radius = (double)circle.Attribute("r")!;
                Assert.InRange((double)circle.Attribute("cx")!, radius, 1000 - radius);
                Assert.InRange((double)circle.Attribute("cy")!, radius, height - radius);
            }
        }
    }

    [Fact]
    public void The_date_of_a_session_at_the_edge_stays_within_the_picture()
    {
        CarePlan plan = Some.Plan with { Steps = [.. Some.Plan.Steps.Where(step => step.Kind is StepKind.Preparation)] };

        XElement picture = Picture(CoursePreview.Build(plan, CoursePreviewTests.First with { PlannedSessions = 1 }, Some.TextFacts, "en"));

        XElement date = picture.Descendants(Svg + "text").Single(text => (string?)text.Attribute("class") == "visit-date");
        Assert.Equal(954, (double)date.Attribute("x")!); // 46 to either side
    }

    [Fact]
    public void It_follows_the_readers_scheme_and_has_no_script_and_nothing_from_elsewhere()
    {
        string picture = SvgTimeline.Draw(CoursePreviewTests.Preview());

        Assert.Contains("@media (prefers-color-scheme: dark)", picture);
        Assert.DoesNotMatch("(?i)<script|javascript:| on[a-z]+=|href|url\\(|@import|foreignObject", picture);
        Assert.DoesNotContain("Ada", picture); // what is in the texts stays out of the picture
    }

    [Fact]
    public void Names_cannot_break_out_of_the_picture()
    {
        CarePlan plan = Some.Plan with { Treatment = "</title><script>alert(\"x\")</script>&\u0001" };

        XElement picture = Picture(CoursePreview.Build(plan, CoursePreviewTests.First, Some.TextFacts, "en"));

        Assert.Empty(picture.Descendants(Svg + "script"));
        Assert.StartsWith("</title><script>alert(\"x\")</script>&: 3 sessions", ById(picture, "course-title"));
    }

    [Fact]
    public void Several_pictures_in_one_page_have_ids_of_their_own()
    {
        XElement picture = XElement.Parse(SvgTimeline.Draw(CoursePreviewTests.Preview(), "plan-7"));

        Assert.Equal("plan-7-title plan-7-desc", (string?)picture.Attribute("aria-labelledby"));
        Assert.All(picture.Descendants().Attributes("id"), id => Assert.StartsWith("plan-7-", id.Value));
    }

    [Theory]
    [InlineData("light")]
    [InlineData("dark")]
    public void Words_can_be_read_in_both_schemes(string scheme)
    {
        string css = Picture(CoursePreviewTests.Preview()).Element(Svg + "style")!.Value;
        int dark = css.IndexOf("@media", StringComparison.Ordinal);
        Dictionary<string, string> colours = Colour().Matches(scheme == "dark" ? css[dark..] : css[..dark]).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);

        Assert.All(["ink", "soft", .. Enum.GetValues<StepKind>().Select(StepKinds.NameOf)], name => Assert.True(Contrast(colours[name], colours["page"]) >= 4.5, name));
        Assert.All(Enum.GetValues<StepKind>().Select(StepKinds.NameOf), name => Assert.True(Contrast(colours["on-mark"], colours[name]) >= 4.5, name));
        Assert.True(Contrast(colours["visit"], colours["on-visit"]) >= 4.5);
    }

    private static XElement Picture(CoursePreview preview) => XElement.Parse(SvgTimeline.Draw(preview));

    private static string ById(XElement picture, string id) => picture.Descendants().Single(element => (string?)element.Attribute("id") == id).Value;

    private static IEnumerable<string> Texts(XElement picture, string style) =>
        picture.Descendants(Svg + "text").Where(text => (string?)text.Attribute("class") == style).Select(text => text.Value);

    /// <summary>Texts that the marks stand for: a mark without a number is one.</summary>
    private static int Counted(XElement lane, string style) => lane.Elements(Svg + "g")
        .Where(mark => mark.Elements(Svg + "circle").Any(circle => (string?)circle.Attribute("class") == style))
        .Sum(mark => mark.Element(Svg + "text") is XElement number ? int.Parse(number.Value) : 1);

    /// <summary>WCAG 2.2, contrast ratio.</summary>
    private static double Contrast(string one, string other)
    {
        double[] luminance = [.. new[] { Luminance(one), Luminance(other) }.Order()];
        return (luminance[1] + 0.05) / (luminance[0] + 0.05);
    }

    private static double Luminance(string colour)
    {
        double[] parts =
        [
            .. Enumerable.Range(0, 3)
                .Select(index => Convert.ToInt32(colour.Substring(1 + (2 * index), 2), 16) / 255.0)
                .Select(part => part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4)),
        ];
        return (0.2126 * parts[0]) + (0.7152 * parts[1]) + (0.0722 * parts[2]);
    }

    [GeneratedRegex(@"--([a-z-]+): (#[0-9a-f]{6})")]
    private static partial Regex Colour();
}
