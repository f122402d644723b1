using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FollowUp.Functions.Tests.Contract;

/// <summary>What the app's own document promises, for tests that hold its answers against it.</summary>
internal sealed class ApiContract
{
    private readonly IReadOnlyList<(Regex Path, string Template, JsonObject Item)> _paths;

    public ApiContract(string json)
    {
        Document = JsonNode.Parse(json)!.AsObject();
        Schemas = new SchemaCheck(Document);

        // Those with fewer parameters first: a route in words goes before one that takes any word.
        _paths =
        [
            .. Document["paths"]!.AsObject().OrderBy(path => path.Key.Count(letter => letter == '{')).Select(path =>
                (new Regex("^" + Regex.Replace(Regex.Escape(path.Key), @"\\\{\w+}", "[^/]+") + "/?$", RegexOptions.IgnoreCase), path.Key, path.Value!.AsObject())),
        ];
    }

    public JsonObject Document { get; }

    public SchemaCheck Schemas { get; }

    public IEnumerable<(string Path, string Method, JsonObject Operation)> Operations =>
        from path in _paths from operation in path.Item select (path.Template, operation.Key.ToUpperInvariant(), operation.Value!.AsObject());

    /// <summary>The operation that answers a request; null where none is described.</summary>
    public JsonObject? Find(HttpMethod method, string path) =>
        _paths.Where(each => each.Path.IsMatch(path)).Select(each => each.Item[method.Method.ToLowerInvariant()]).FirstOrDefault(found => found is not null)?.AsObject();

    /// <summary>Where an answer differs from what is promised; nothing where no promise is made.</summary>
    public IReadOnlyList<string> Check(JsonObject operation, int status, MediaTypeHeaderValue? type, string body)
    {
        if (operation["responses"]![$"{status}"] is not { } promised)
        {
            return [$"the status {status} is not described"];
        }

        var response = Schemas.Resolve(promised);
        if (response["content"] is not JsonObject content)
        {
            return body.Length == 0 ? [] : ["there is a body, and none is described"];
        }

        return content[type?.MediaType ?? "none"] is not { } media ? [$"the media type {type} is not described"]
            : type!.MediaType!.EndsWith("json", StringComparison.Ordinal) ? Schemas.Check(media["schema"]!, JsonNode.Parse(body))
            : [];
    }
}
