using YamlDotNet.RepresentationModel;

namespace FollowUp.Core.CarePlans;

/// <summary>A YAML mapping with known keys. What is wrong with it is collected, and read as null.</summary>
internal sealed class YamlSection
{
    private readonly YamlMappingNode node;
    private readonly PlanProblems problems;
    private readonly string what;

    /// <summary>Known keys that an unknown one was probably meant to be; that they are missing is said with the unknown one.</summary>
    private readonly HashSet<string> misspelt = new(StringComparer.Ordinal);

    private YamlSection(YamlMappingNode node, PlanProblems problems, string what)
    {
        this.node = node;
        this.problems = problems;
        this.what = what;
    }

    /// <summary>Reads a mapping; null if the node is not one.</summary>
    /// <param name="node">The mapping.</param>
    /// <param name="problems">Where problems go.</param>
    /// <param name="what">What it describes, for messages, such as "a step".</param>
    /// <param name="known">Every key that it may have; null to allow any.</param>
    public static YamlSection? Of(YamlNode node, PlanProblems problems, string what, IReadOnlyCollection<string>? known)
    {
        if (node is not YamlMappingNode mapping)
        {
            problems.Add(node, $"{Sentence(what)} must be a mapping.", "Write it as lines of 'key: value'.");
            return null;
        }

        YamlSection section = new(mapping, problems, what);
        foreach (YamlNode key in mapping.Children.Keys)
        {
            if (section.Scalar(key, $"A key of {what}") is { } name && known?.Contains(name) is false)
            {
                section.misspelt.UnionWith(DidYouMean.Nearest(name, known) is { } meant ? [meant] : []);
                problems.Add(
                    key,
                    $"{Sentence(what)} has no key '{name}'.",
                    $"{DidYouMean.Hint(name, known)}Use only: {string.Join(", ", known)}.");
            }
        }

        return section;
    }

    /// <summary>The mapping itself, for a problem with all of it.</summary>
    public YamlNode Root => node;

    /// <summary>The keys and their values, in the order of the file.</summary>
    public IEnumerable<(string Key, YamlNode Value)> Entries =>
        node.Children.Where(entry => entry.Key is YamlScalarNode).Select(entry => (((YamlScalarNode)entry.Key).Value!, entry.Value));

    /// <summary>The section of a required key; null if it is absent or no mapping.</summary>
    public YamlSection? Section(string key, string example, string name, IReadOnlyCollection<string>? known) =>
        Required(key, example) is { } value ? Of(value, problems, name, known) : null;

    public bool Has(string key) => node.Children.ContainsKey(key);

    /// <summary>Whether the key has a value. One with nothing behind it is there, but has none.</summary>
    public bool HasValue(string key) =>
        node.Children.TryGetValue(key, out YamlNode? value) && value is not YamlScalarNode { Value: null or "" };

    /// <summary>The value of a required key, which must be some text.</summary>
    public string? Text(string key, string example)
    {
        if (Required(key, example) is not { } value || Scalar(value, $"The value of '{key}'")?.Trim() is not { } text)
        {
            return null;
        }

        if (text.Length == 0)
        {
            problems.Add(value, $"'{key}' is empty.", $"Write for example '{key}: {example}'.");
        }

        return text.Length > 0 ? text : null;
    }

    /// <summary>Reads one value with <paramref name="parse"/>, which returns null for what it does not understand.</summary>
    public T? Value<T>(string key, string example, Func<string, T?> parse)
        where T : class => Text(key, example) is { } text ? parse(text) ?? NotUnderstood<T>(key, text, example) : null;

    /// <inheritdoc cref="Value{T}(string, string, Func{string, T})"/>
    public T? Value<T>(string key, string example, Func<string, T?> parse)
        where T : struct => Text(key, example) is { } text ? parse(text) ?? NotUnderstood<T?>(key, text, example) : null;

    /// <summary>Reads a value that is one of a few words.</summary>
    public T? OneOf<T>(string key, IReadOnlyDictionary<string, T> words)
        where T : struct
    {
        if (Text(key, words.Keys.First()) is not { } text)
        {
            return null;
        }

        if (words.TryGetValue(text, out T value))
        {
            return value;
        }

        Wrong(
            key,
            $"'{key}: {text}' is not understood.",
            $"{DidYouMean.Hint(text, words.Keys)}Write one of: {string.Join(", ", words.Keys)}.");
        return null;
    }

    /// <summary>The value of an optional key; <paramref name="absent"/> where it is not there.</summary>
    public T? OneOf<T>(string key, IReadOnlyDictionary<string, T> words, T absent)
        where T : struct => Has(key) ? OneOf(key, words) : absent;

    /// <summary>The entries of a required list; null if there is none.</summary>
    public IReadOnlyList<YamlNode>? List(string key, string example)
    {
        if (Required(key, example) is not { } value)
        {
            return null;
        }

        if (value is YamlSequenceNode { Children.Count: > 0 } list)
        {
            return [.. list.Children];
        }

        Wrong(key, $"'{key}' must be a list with at least one entry.", "Begin each entry with '- '.");
        return null;
    }

    /// <summary>A mistake in the value of a key, or, if it is absent, in the section.</summary>
    public void Wrong(string key, string problem, string remedy) => problems.Add(At(key), problem, remedy);

    /// <summary>A doubt about the value of a key, or, if it is absent, about the section.</summary>
    public void Doubt(string key, string problem, string remedy) => problems.Warn(At(key), problem, remedy);

    private YamlNode At(string key) => node.Children.TryGetValue(key, out YamlNode? value) ? value : node;

    private YamlNode? Required(string key, string example)
    {
        if (node.Children.TryGetValue(key, out YamlNode? value))
        {
            return value;
        }

        if (!misspelt.Contains(key))
        {
            problems.Add(node, $"{Sentence(what)} lacks the key '{key}'.", $"Add '{key}: {example}'.");
        }

        return null;
    }

    private T? NotUnderstood<T>(string key, string text, string example)
    {
        Wrong(key, $"'{key}: {text}' is not understood.", $"Write for example '{key}: {example}'.");
        return default;
    }

    private string? Scalar(YamlNode value, string subject)
    {
        // A key with nothing behind it is a scalar too, without any text.
        if (value is YamlScalarNode scalar)
        {
            return scalar.Value ?? "";
        }

        problems.Add(value, $"{subject} must be plain text.", "Write it on the line of its key.");
        return null;
    }

    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
