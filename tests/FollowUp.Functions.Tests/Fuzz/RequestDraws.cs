using System.Text;
using System.Text.Json.Nodes;
using FollowUp.Functions.Tests.Contract;

namespace FollowUp.Functions.Tests.Fuzz;

/// <summary>Requests for the operations of a contract: as they are described, and then spoiled in one way or several.</summary>
internal sealed class RequestDraws(Random random, ApiContract contract)
{
    private const string Form = "application/x-www-form-urlencoded";
    private const string Csv = "text/csv";

    private readonly Nasty _nasty = new(random);
    private readonly SchemaDraws _valid = new(random, contract.Schemas);
    private readonly List<(string Path, string Method, JsonObject Operation)> _operations = [.. contract.Operations];

    /// <summary>What the description's examples call those things that routes lead to.</summary>
    private readonly Dictionary<string, string> _examples = contract.Operations
        .SelectMany(operation => operation.Operation["parameters"]?.AsArray() ?? [])
        .Where(parameter => (string)parameter!["in"]! == "path")
        .DistinctBy(parameter => (string)parameter!["name"]!)
        .ToDictionary(parameter => (string)parameter!["name"]!, parameter => Text(parameter!["example"])!);

    public (string Path, string Method, JsonObject Operation) AnyOperation() => _nasty.Any(_operations);

    /// <param name="target">The operation.</param>
    /// <param name="known">Parameters of routes that lead to something.</param>
    /// <param name="asExample">Exactly as the description's example has it.</param>
    public FuzzRequest Valid((string Path, string Method, JsonObject Operation) target, IReadOnlyDictionary<string, string> known, bool asExample)
    {
        var address = target.Path;
        List<string> query = [];
        foreach (var parameter in target.Operation["parameters"]?.AsArray() ?? [])
        {
            var name = (string)parameter!["name"]!;
            if ((string)parameter["in"]! == "path")
            {
                address = address.Replace($"{{{name}}}", known.GetValueOrDefault(name) ?? Text(parameter["example"])!, StringComparison.Ordinal);
            }
            else if (!asExample && random.Next(3) == 0 && Text(parameter["example"] is { } example && random.Next(2) == 0 ? example : _valid.Value(parameter["schema"]!)) is { } value)
            {
                query.Add($"{name}={Uri.EscapeDataString(value)}");
            }
        }

        var request = new FuzzRequest
        {
            Operation = (string)target.Operation["operationId"]!,
            Method = target.Method,
            Address = address + (query.Count > 0 ? "?" + string.Join('&', query) : ""),
            Signed = target.Operation["security"]?.ToJsonString().Contains("TwilioSignature", StringComparison.Ordinal) == true,
        };
        if (target.Operation["requestBody"]?["content"]?.AsObject().First() is { Key: var type, Value: var media })
        {
            var node = asExample || random.Next(3) == 0 ? media!["example"]!.DeepClone() : _valid.Value(media!["schema"]!, media["example"])!;
            request.MediaType = type;
            request.Body = type == Form ? FormOf(node.AsObject()) : Encoding.UTF8.GetBytes(node.GetValueKind() == System.Text.Json.JsonValueKind.String ? Text(node)! : OfTheWorld(node.ToJsonString(), known));
        }

        return request;
    }

    /// <summary>A session of the world is of the world's patient, whom the examples call by another id.</summary>
    private string OfTheWorld(string json, IReadOnlyDictionary<string, string> known) => known
        .Where(thing => _examples.ContainsKey(thing.Key))
        .Aggregate(json, (text, thing) => text.Replace($"\"{_examples[thing.Key]}\"", $"\"{thing.Value}\"", StringComparison.Ordinal));

    /// <summary>Does one to three things to a request that nobody would do who means well.</summary>
    public void Spoil(FuzzRequest request)
    {
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            switch (random.Next(12))
            {
                case 0:
                    SpoilPath(request);
                    break;
                case 1 or 2:
                    SpoilQuery(request);
                    break;
                case 3 when request.Body is not null:
                    request.MediaType = _nasty.MediaType();
                    request.Changes.Add("media type");
                    break;
                case 4 when request.Body is not null:
                    request.Body = _nasty.Break(Encoding.UTF8.GetString(request.Body));
                    request.Changes.Add("broken body");
                    break;
                case 5 when random.Next(4) == 0:
                    request.Method = _nasty.Any(["GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "FOO"]);
                    request.MayMissTheRoute = true;
                    request.Changes.Add("verb");
                    break;
                case 6 when request.Body is null && request.Method != "TRACE":
                    request.Body = Encoding.UTF8.GetBytes(_nasty.Value());
                    request.MediaType = "application/json";
                    request.Changes.Add("a body where none is");
                    break;
                default:
                    SpoilBody(request);
                    break;
            }
        }
    }

    private void SpoilPath(FuzzRequest request)
    {
        var (path, query) = request.Address.Split('?', 2) is [var before, var after] ? (before, "?" + after) : (request.Address, "");
        var parts = path.Split('/');
        var index = random.Next(1, parts.Length);
        parts[index] = _nasty.PathPart();
        request.Address = string.Join('/', parts) + query;
        request.MayMissTheRoute = true;
        request.Changes.Add("path");
    }

    private void SpoilQuery(FuzzRequest request)
    {
        var name = _nasty.Any(["limit", "cursor", "clinic", "dryRun", "again", "failed", "version", "course", "open", "unread", "q", "state", "since", "due-before", "ref", "%00", "a[]", "__proto__"]);
        var value = name == "cursor" && random.Next(2) == 0 ? _nasty.Cursor() : _nasty.QueryValue();
        request.Address += (request.Address.Contains('?', StringComparison.Ordinal) ? "&" : "?") + $"{name}={value}";
        request.Changes.Add("query");
    }

    /// <summary>One value of a JSON body becomes another, goes, comes twice, or gets company.</summary>
    private void SpoilBody(FuzzRequest request)
    {
        if (request.Body is null)
        {
            return;
        }

        if (request.MediaType == Form)
        {
            var fields = Encoding.UTF8.GetString(request.Body).Split('&').ToList();
            var at = random.Next(fields.Count);
            fields[at] = random.Next(3) switch
            {
                0 => fields[at].Split('=')[0] + "=" + _nasty.QueryValue(),
                1 => fields[at] + "&" + fields[at],
                _ => "Field=" + _nasty.QueryValue(),
            };
            request.Body = Encoding.UTF8.GetBytes(string.Join('&', fields));
            request.Changes.Add("form");
            return;
        }

        if (request.MediaType == Csv)
        {
            SpoilCell(request);
            return;
        }

        JsonNode? root;
        try
        {
            root = JsonNode.Parse(request.Body);
        }
        catch (Exception exception) when (exception is System.Text.Json.JsonException or InvalidOperationException)
        {
            return;
        }

        if (root is not JsonObject whole)
        {
            return;
        }

        try
        {
            SpoilBody(request, whole);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            // A body that has a field twice, or what is no text, cannot be looked into any more.
        }
    }

    /// <summary>One cell of a file becomes something else, or a line does.</summary>
    private void SpoilCell(FuzzRequest request)
    {
        var lines = Encoding.UTF8.GetString(request.Body!).Split('\n');
        var line = random.Next(lines.Length);
        var cells = lines[line].Split(',');
        cells[random.Next(cells.Length)] = random.Next(4) switch
        {
            0 => _nasty.Any(["\"", "\"\"\"", "a\"b", "\"a", "\"a\nb\"", ";", "\t", ",", ",,,,", "\r", "\0", "=1+1", "sep=;"]),
            1 => Uri.UnescapeDataString(_nasty.QueryValue()),
            _ => _nasty.String().Replace("\\u0000", "\0", StringComparison.Ordinal),
        };
        lines[line] = string.Join(',', cells);
        request.Body = Encoding.UTF8.GetBytes(string.Join('\n', lines));
        request.Changes.Add("cell");
    }

    private void SpoilBody(FuzzRequest request, JsonObject whole)
    {
        // A mark that no text holds stands where a value comes that is no JSON for a writer that keeps the rules.
        const string Mark = "\uE000mark\uE000";
        var (text, change) = (Mark, "value");
        var place = _nasty.Any(Objects(whole).ToList());
        var names = place.Select(field => field.Key).ToList();
        switch (random.Next(6))
        {
            case 0 when names.Count > 0:
                place.Remove(_nasty.Any(names));
                change = "field gone";
                break;
            case 1:
                place[Mark] = 1;
                text = _nasty.String();
                change = "field more";
                break;
            case 2 when names.Count > 0:
                var twice = _nasty.Any(names);
                place[Mark] = place[twice]?.DeepClone();
                text = System.Text.Json.JsonSerializer.Serialize(twice);
                change = "field twice";
                break;
            case var _ when names.Count > 0:
                place[_nasty.Any(names)] = Mark;
                text = _nasty.Value();
                break;
            default:
                return;
        }

        var json = whole.ToJsonString();
        request.Body = Encoding.UTF8.GetBytes(json.Replace(System.Text.Json.JsonSerializer.Serialize(Mark), text, StringComparison.Ordinal));
        request.Changes.Add(change);
    }

    private static IEnumerable<JsonObject> Objects(JsonNode? node) => node switch
    {
        JsonObject fields => fields.SelectMany(field => Objects(field.Value)).Prepend(fields),
        JsonArray items => items.SelectMany(Objects),
        _ => [],
    };

    private static byte[] FormOf(JsonObject fields) => Encoding.UTF8.GetBytes(string.Join('&', fields
        .Where(field => field.Value is not null)
        .Select(field => $"{Uri.EscapeDataString(field.Key)}={Uri.EscapeDataString(Text(field.Value)!)}")));

    private static string? Text(JsonNode? value) => value?.GetValueKind() == System.Text.Json.JsonValueKind.String ? (string)value! : value?.ToJsonString();
}
