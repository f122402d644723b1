using Microsoft.AspNetCore.Http;

namespace FollowUp.Functions.Http;

/// <summary>
/// Reads the fields of a request's query and collects everything that is wrong with them. A name that nobody asked for is a mistake too: a
/// misspelled filter must not select everything in silence.
/// </summary>
internal sealed class QueryFields(HttpRequest request)
{
    private readonly SortedDictionary<string, string[]> _errors = new(StringComparer.Ordinal);
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase) { "limit", "cursor" };

    /// <param name="check">What is wrong with the text, or null.</param>
    /// <returns>Null when the field is absent, empty or wrong; a wrong one is on record.</returns>
    public string? Text(string name, Func<string, string?> check)
    {
        _known.Add(name);
        var values = request.Query[name];
        if (values.Count > 1)
        {
            _errors[name] = ["Must be there once."];
            return null;
        }

        var text = values.ToString();
        if (text.Length == 0)
        {
            return null;
        }

        if (check(text) is { } mistake)
        {
            _errors[name] = [mistake];
            return null;
        }

        return text;
    }

    /// <summary><c>true</c> or <c>false</c>; false when it is absent or wrong.</summary>
    public bool Flag(string name) => Text(name, text => text is "true" or "false" ? null : "Must be true or false.") == "true";

    /// <summary>A list: separated by commas, the field given several times, or both.</summary>
    /// <param name="check">What is wrong with one of them, or null.</param>
    public IReadOnlyList<string> Texts(string name, Func<string, string?> check)
    {
        _known.Add(name);
        var texts = request.Query[name].SelectMany(value => (value ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToList();
        if (texts.Select(check).FirstOrDefault(mistake => mistake is not null) is { } wrong)
        {
            _errors[name] = [wrong];
        }

        return texts;
    }

    /// <summary>Ends the reading.</summary>
    /// <exception cref="ProblemException">400 with everything that is wrong, unknown names among it.</exception>
    public void ThrowIfWrong()
    {
        foreach (var name in request.Query.Keys.Where(name => !_known.Contains(name)))
        {
            _errors[name] = ["This field is not known."];
        }

        if (_errors.Count > 0)
        {
            throw Problems.Invalid(_errors);
        }
    }
}
