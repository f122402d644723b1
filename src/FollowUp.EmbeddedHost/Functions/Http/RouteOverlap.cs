using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing.Template;

namespace FollowUp.EmbeddedHost.Functions.Http;

/// <summary>Says whether one request could match two routes. Where that cannot be told, it says yes.</summary>
internal static class RouteOverlap
{
    public static bool Exists(HttpRoute one, HttpRoute other)
        => one.SharesMethodWith(other) && Lengths(one.Template).Any(a => Lengths(other.Template).Any(b => Overlap(one, a, 0, other, b, 0)));

    // A template with optional segments at its end stands for several lengths.
    private static IEnumerable<IList<TemplateSegment>> Lengths(RouteTemplate template)
    {
        List<TemplateSegment> segments = [.. template.Segments];
        yield return segments;
        while (segments is [.., var last]
            && last.Parts is [{ IsParameter: true, IsCatchAll: false } part]
            && (part.IsOptional || part.DefaultValue is not null))
        {
            segments = segments[..^1];
            yield return segments;
        }
    }

    private static bool Overlap(HttpRoute a, IList<TemplateSegment> left, int i, HttpRoute b, IList<TemplateSegment> right, int j)
    {
        if (IsCatchAll(left, i) || IsCatchAll(right, j))
        {
            return true;
        }

        if (i == left.Count || j == right.Count)
        {
            return i == left.Count && j == right.Count;
        }

        return Share(a, left[i], b, right[j]) && Overlap(a, left, i + 1, b, right, j + 1);
    }

    private static bool IsCatchAll(IList<TemplateSegment> segments, int index)
        => index < segments.Count && segments[index].Parts.Any(part => part.IsCatchAll);

    private static bool Share(HttpRoute a, TemplateSegment left, HttpRoute b, TemplateSegment right)
        => (Literal(left), Literal(right)) switch
        {
            ({ } x, { } y) => string.Equals(x, y, StringComparison.OrdinalIgnoreCase),
            ({ } x, null) => Takes(b, right, x),
            (null, { } y) => Takes(a, left, y),
            _ => true,
        };

    private static string? Literal(TemplateSegment segment) => segment.Parts is [{ IsLiteral: true } part] ? part.Text : null;

    private static bool Takes(HttpRoute route, TemplateSegment segment, string text)
    {
        if (segment.Parts is [{ IsParameter: true } parameter])
        {
            return route.Allows(parameter.Name!, text);
        }

        var pattern = new StringBuilder("^");
        foreach (TemplatePart part in segment.Parts)
        {
            pattern.Append(part.IsParameter ? ".*" : Regex.Escape(part.Text!));
        }

        return Regex.IsMatch(text, pattern.Append('$').ToString(), RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
    }
}
