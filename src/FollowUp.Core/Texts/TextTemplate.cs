using System.Text;
using FollowUp.Core.CarePlans;

namespace FollowUp.Core.Texts;

/// <summary>
/// A text with placeholders. <c>{name}</c> is filled in. <c>[with {name}|without]</c> is its first part, or, where a placeholder in that
/// is unknown for this clinic, its second, which may be left out. Brackets do not nest and cannot be written otherwise.
/// </summary>
internal sealed class TextTemplate
{
    /// <summary>Every placeholder, and whether a clinic may lack it, so that it must stand within brackets.</summary>
    public static readonly IReadOnlyDictionary<string, bool> Placeholders = new Dictionary<string, bool>
    {
        ["firstName"] = false,
        ["clinic"] = false,
        ["phone"] = false,
        ["emergency"] = true,
        ["bookingUrl"] = true,
        ["date"] = false,
        ["time"] = false,
        ["session"] = false,
        ["sessions"] = false,
        ["series"] = false,
        ["spacing"] = false,
        ["treatment"] = true,
        [PlanField.Sunscreen] = true,
        [PlanField.MakeUp] = true,
        [PlanField.Exercise] = true,
        [PlanField.Retinoids] = true,
        [PlanField.Sun] = true,
    };

    private readonly List<Choice> choices;

    private TextTemplate(List<Choice> choices) => this.choices = choices;

    /// <summary>The placeholders that the template uses.</summary>
    public HashSet<string> Names =>
        [.. choices.SelectMany(choice => choice.First.Concat(choice.Second ?? [])).Where(piece => piece.IsPlaceholder).Select(piece => piece.Text)];

    /// <summary>Reads a template.</summary>
    /// <exception cref="TemplateException">A brace or bracket is wrong, or a placeholder is not known or not allowed where it stands.</exception>
    public static TextTemplate Parse(string template)
    {
        List<Choice> choices = [];
        int position = 0;
        while (position < template.Length)
        {
            int open = template.IndexOf('[', position);
            int end = open < 0 ? template.Length : open;
            choices.Add(new Choice(Pieces(template[position..end], optional: false), null));
            if (open < 0)
            {
                break;
            }

            int close = template.IndexOf(']', open);
            string inside = close < 0
                ? throw new TemplateException("A '[' has no ']'.", "Write '[text with {bookingUrl}|text without]'.")
                : template[(open + 1)..close];
            string[] parts = inside.Split('|');
            if (parts.Length > 2 || inside.Contains('['))
            {
                throw new TemplateException("Brackets hold at most two parts and do not nest.", "Write '[text with {bookingUrl}|text without]'.");
            }

            choices.Add(new Choice(Pieces(parts[0], optional: true), Pieces(parts.Length == 2 ? parts[1] : "", optional: false)));
            position = close + 1;
        }

        return new TextTemplate(choices);
    }

    /// <summary>Fills in the values; <paramref name="value"/> returns null for what is not known. Values are not read as templates.</summary>
    public string Fill(Func<string, string?> value)
    {
        StringBuilder text = new();
        foreach (Choice choice in choices)
        {
            text.Append(Fill(choice.First, value) ?? (choice.Second is null ? null : Fill(choice.Second, value)));
        }

        // A part that was left out leaves the blanks around it behind.
        return text.Replace("  ", " ").ToString().Trim();
    }

    private static string? Fill(IReadOnlyList<Piece> pieces, Func<string, string?> value)
    {
        StringBuilder text = new();
        foreach (Piece piece in pieces)
        {
            string? part = piece.IsPlaceholder ? value(piece.Text) : piece.Text;
            if (part is null)
            {
                return null;
            }

            text.Append(part);
        }

        return text.ToString();
    }

    private static List<Piece> Pieces(string text, bool optional)
    {
        List<Piece> pieces = [];
        string[] parts = text.Split('{');
        pieces.Add(new Piece(Literal(parts[0]), IsPlaceholder: false));
        foreach (string part in parts.Skip(1))
        {
            int close = part.IndexOf('}');
            if (close < 0)
            {
                throw new TemplateException("A '{' has no '}'.", "Write placeholders as {firstName}.");
            }

            pieces.Add(new Piece(Checked(part[..close], optional), IsPlaceholder: true));
            pieces.Add(new Piece(Literal(part[(close + 1)..]), IsPlaceholder: false));
        }

        return pieces;
    }

    private static string Literal(string text) =>
        text.AsSpan().IndexOfAny("}]|") < 0
            ? text
            : throw new TemplateException("A '}', ']' or '|' stands alone.", "Write placeholders as {firstName} and choices as '[with {bookingUrl}|without]'.");

    private static string Checked(string placeholder, bool optional)
    {
        if (!Placeholders.TryGetValue(placeholder, out bool mayBeUnknown))
        {
            throw new TemplateException(
                $"There is no placeholder '{{{placeholder}}}'.",
                $"{DidYouMean.Hint(placeholder, Placeholders.Keys)}Use only: {string.Join(", ", Placeholders.Keys.Select(name => $"{{{name}}}"))}.");
        }

        if (mayBeUnknown && !optional)
        {
            throw new TemplateException(
                $"A clinic may have no '{{{placeholder}}}'.",
                $"Write it in brackets with what to say without it: '[... {{{placeholder}}}|...]'.");
        }

        return placeholder;
    }

    private sealed record Choice(IReadOnlyList<Piece> First, IReadOnlyList<Piece>? Second);

    private sealed record Piece(string Text, bool IsPlaceholder);
}

/// <summary>A mistake in a template, and what to write instead.</summary>
internal sealed class TemplateException(string problem, string remedy) : Exception($"{problem} {remedy}")
{
    public string Problem { get; } = problem;

    public string Remedy { get; } = remedy;
}
