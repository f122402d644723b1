using System.Text.Json;

namespace FollowUp.Functions.Http;

/// <summary>
/// Reads the fields of one JSON object and collects everything that is wrong, by path, so that a client learns of all mistakes at once. A field
/// that nobody asked for is a mistake too: a misspelled name must not be ignored in silence.
/// </summary>
internal sealed class JsonFields
{
    private readonly JsonElement _object;
    private readonly string _prefix;
    private readonly SortedDictionary<string, List<string>> _errors;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly List<JsonFields> _inner = [];

    public JsonFields(JsonElement root)
        : this(root, "", new SortedDictionary<string, List<string>>(StringComparer.Ordinal))
    {
    }

    private JsonFields(JsonElement @object, string prefix, SortedDictionary<string, List<string>> errors) =>
        (_object, _prefix, _errors) = (@object, prefix, errors);

    public void Error(string name, string message)
    {
        if (!_errors.TryGetValue(_prefix + name, out var messages))
        {
            _errors[_prefix + name] = messages = [];
        }

        messages.Add(message);
    }

    /// <summary>Whether nothing is wrong with a field so far.</summary>
    public bool IsFine(string name) => !_errors.ContainsKey(_prefix + name);

    /// <summary>Whether anything is wrong so far, here or in any other part of the body.</summary>
    public bool IsWrong => _errors.Count > 0;

    /// <param name="check">What is wrong with the text, or null.</param>
    /// <returns>Null when the field is absent or wrong; a wrong one is on record.</returns>
    public string? Text(string name, bool required, Func<string, string?> check)
    {
        if (Value(name, required) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            Error(name, "Must be a text.");
            return null;
        }

        var text = value.GetString()!;
        if (check(text) is { } mistake)
        {
            Error(name, mistake);
            return null;
        }

        return text;
    }

    public int? Integer(string name, bool required)
    {
        if (Value(name, required) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number))
        {
            return number;
        }

        Error(name, "Must be a whole number.");
        return null;
    }

    public bool? Flag(string name)
    {
        switch (Value(name, required: false))
        {
            case null:
                return null;
            case { ValueKind: JsonValueKind.True }:
                return true;
            case { ValueKind: JsonValueKind.False }:
                return false;
            default:
                Error(name, "Must be true or false.");
                return null;
        }
    }

    /// <param name="check">What is wrong with one text of the list, or null.</param>
    public IReadOnlyList<string>? Texts(string name, Func<string, string?> check)
    {
        if (Value(name, required: false) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String))
        {
            Error(name, "Must be a list of texts.");
            return null;
        }

        var texts = value.EnumerateArray().Select(item => item.GetString()!).ToList();
        foreach (var mistake in texts.Select(check).OfType<string>())
        {
            Error(name, mistake);
        }

        return texts;
    }

    /// <summary>A list of texts, or one text for a list of one.</summary>
    /// <param name="check">What is wrong with one text, or null.</param>
    public IReadOnlyList<string> OneOrMore(string name, Func<string, string?> check) =>
        _object.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? Text(name, required: false, check) is { } text ? [text] : []
            : Texts(name, check) ?? [];

    /// <returns>The object's own fields; empty ones, already on record as wrong, when it is missing but required or is no object.</returns>
    public JsonFields? Object(string name, bool required)
    {
        if (Value(name, required) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            Error(name, "Must be an object.");
            return null;
        }

        var inner = new JsonFields(value, $"{_prefix}{name}.", _errors);
        _inner.Add(inner);
        return inner;
    }

    /// <returns>The fields of each object of a list; none, with the list on record as wrong, when it holds anything else.</returns>
    public IReadOnlyList<JsonFields> Objects(string name)
    {
        if (Value(name, required: false) is not { } value)
        {
            return [];
        }

        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.Object))
        {
            Error(name, "Must be a list of objects.");
            return [];
        }

        var items = value.EnumerateArray().Select((item, index) => new JsonFields(item, $"{_prefix}{name}[{index}].", _errors)).ToList();
        _inner.AddRange(items);
        return items;
    }

    /// <summary>The names of all fields that are there, for an object whose names are the client's own.</summary>
    public IEnumerable<string> Names => _object.EnumerateObject().Select(property => property.Name);

    /// <summary>Ends the reading.</summary>
    /// <exception cref="ProblemException">400 with everything that is wrong, unknown fields among it.</exception>
    public void ThrowIfWrong()
    {
        RefuseUnknown();
        if (_errors.Count > 0)
        {
            throw Problems.Invalid(_errors.ToDictionary(error => error.Key, error => error.Value.ToArray()));
        }
    }

    private void RefuseUnknown()
    {
        foreach (var property in _object.EnumerateObject().Where(property => !_known.Contains(property.Name)))
        {
            Error(property.Name, "This field is not known.");
        }

        _inner.ForEach(inner => inner.RefuseUnknown());
    }

    private JsonElement? Value(string name, bool required)
    {
        _known.Add(name);
        if (_object.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null)
        {
            return value;
        }

        if (required)
        {
            Error(name, "This field is required.");
        }

        return null;
    }
}
