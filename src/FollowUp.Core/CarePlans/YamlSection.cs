using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace FollowUp.Core.CarePlans;

/// <summary>A YAML mapping with known keys. Whatever is wrong with it is reported with its line.</summary>
internal sealed class YamlSection
{
    private readonly YamlMappingNode node;
    private readonly string what;

    /// <param name="node">Must be a mapping.</param>
    /// <param name="file">Name of the file, for messages.</param>
    /// <param name="what">What the mapping describes, for messages, such as "a step".</param>
    /// <param name="known">Every key that it may have; null to allow any.</param>
    public YamlSection(YamlNode node, string file, string what, string[]? known)
    {
        File = file;
        this.what = what;
        this.node = node as YamlMappingNode
            ?? throw Wrong(file, node, $"{Sentence(what)} must be a mapping.", "Write it as lines of 'key: value'.");
        foreach (YamlNode key in this.node.Children.Keys)
        {
            string name = Scalar(key, $"A key of {what}");
            if (known is not null && !known.Contains(name, StringComparer.Ordinal))
            {
                throw Wrong(file, key, $"{Sentence(what)} has no key '{name}'.", $"Use only: {string.Join(", ", known)}.");
            }
        }
    }

    public string File { get; }

    public int Line => LineOf(node);

    public bool Has(string key) => node.Children.ContainsKey(key);

    /// <summary>The keys and their values, in the order of the file.</summary>
    public IEnumerable<(string Key, YamlNode Value)> Entries =>
        node.Children.Select(entry => (((YamlScalarNode)entry.Key).Value!, entry.Value));

    public YamlNode Node(string key, string example) =>
        node.Children.TryGetValue(key, out YamlNode? value)
            ? value
            : throw Wrong(File, node, $"{Sentence(what)} lacks the key '{key}'.", $"Add '{key}: {example}'.");

    public string Text(string key, string example)
    {
        YamlNode value = Node(key, example);
        string text = Scalar(value, $"The value of '{key}'").Trim();
        return text.Length > 0 ? text : throw Wrong(File, value, $"'{key}' is empty.", $"Write for example '{key}: {example}'.");
    }

    /// <summary>Reads one value with <paramref name="parse"/>, which returns null for what it does not understand.</summary>
    public T Value<T>(string key, string example, Func<string, T?> parse)
        where T : class => parse(Text(key, example)) ?? throw NotUnderstood(key, example);

    /// <inheritdoc cref="Value{T}(string, string, Func{string, T})"/>
    public T Value<T>(string key, string example, Func<string, T?> parse)
        where T : struct => parse(Text(key, example)) ?? throw NotUnderstood(key, example);

    /// <summary>Reads a value that is one of a few words.</summary>
    public T OneOf<T>(string key, IReadOnlyDictionary<string, T> words)
    {
        string any = string.Join(", ", words.Keys);
        string text = Text(key, words.Keys.First());
        return words.TryGetValue(text, out T? value)
            ? value
            : throw At(key, $"'{key}: {text}' is not understood.", $"Write one of: {any}.");
    }

    public IReadOnlyList<YamlNode> List(string key, string example) =>
        Node(key, example) is YamlSequenceNode list
            ? [.. list.Children]
            : throw At(key, $"'{key}' must be a list.", "Begin each entry with '- '.");

    public CarePlanException NotUnderstood(string key, string example) =>
        At(key, $"'{key}: {Text(key, example)}' is not understood.", $"Write for example '{key}: {example}'.");

    /// <summary>A mistake in the value of a key, or, if it is absent, in the section.</summary>
    public CarePlanException At(string key, string problem, string remedy) =>
        Wrong(File, node.Children.TryGetValue(key, out YamlNode? value) ? value : node, problem, remedy);

    public static CarePlanException Wrong(string file, YamlNode at, string problem, string remedy) => new(file, LineOf(at), problem, remedy);

    private string Scalar(YamlNode value, string subject) =>
        (value as YamlScalarNode)?.Value ?? throw Wrong(File, value, $"{subject} must be plain text.", "Write it on the line of its key.");

    private static int LineOf(YamlNode at) => checked((int)Math.Max(((Mark)at.Start).Line, 1));

    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
