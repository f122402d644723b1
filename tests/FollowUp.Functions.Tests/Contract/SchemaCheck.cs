using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FollowUp.Functions.Tests.Contract;

/// <summary>
/// Says where a JSON value differs from a schema of the API's document. It knows that part of JSON Schema which the document uses, and throws at any
/// keyword beyond, so that nothing is passed over. Stricter than the schema in one thing: an object with named fields has no others, since a field
/// that an answer has and the document does not name is a mistake in the document.
/// </summary>
internal sealed class SchemaCheck(JsonNode document)
{
    private static readonly HashSet<string> Ignored = ["description", "example", "examples", "title", "default"];

    public IReadOnlyList<string> Check(JsonNode schema, JsonNode? value)
    {
        List<string> differences = [];
        Check(schema, value, "$", differences);
        return differences;
    }

    public JsonNode Resolve(JsonNode schema)
    {
        while ((string?)schema["$ref"] is { } reference)
        {
            schema = reference.TrimStart('#', '/').Split('/').Aggregate(document, (node, name) =>
                node[name] ?? throw new InvalidOperationException($"{reference} leads nowhere."));
        }

        return schema;
    }

    private void Check(JsonNode schema, JsonNode? value, string path, List<string> differences)
    {
        if (schema is JsonValue any)
        {
            if (!any.GetValue<bool>())
            {
                differences.Add($"{path}: must not be there");
            }

            return;
        }

        var rules = Resolve(schema).AsObject();
        foreach (var (keyword, rule) in rules)
        {
            switch (keyword)
            {
                case "type" when !Types(rule!).Any(type => Is(type, value)):
                    differences.Add($"{path}: is {value?.ToJsonString() ?? "null"}, not {rule!.ToJsonString()}");
                    return;

                case "enum" when !rule!.AsArray().Any(choice => JsonNode.DeepEquals(choice, value)):
                    differences.Add($"{path}: {value?.ToJsonString()} is none of {rule.ToJsonString()}");
                    break;

                case "anyOf" when !rule!.AsArray().Any(choice => Check(choice!, value).Count == 0):
                    differences.Add($"{path}: {value?.ToJsonString()} is like none of the alternatives: {string.Join(" | ", rule.AsArray().SelectMany(choice => Check(choice!, value)))}");
                    break;

                case "pattern" when Text(value) is { } text && !Regex.IsMatch(text, (string)rule!):
                    differences.Add($"{path}: does not match {rule}");
                    break;

                case "minLength" when Text(value) is { } text && text.Length < (int)rule!:
                case "maxLength" when Text(value) is { } longText && longText.Length > (int)rule!:
                case "minimum" when Number(value) is { } small && small < (decimal)rule!:
                case "maximum" when Number(value) is { } large && large > (decimal)rule!:
                case "minItems" when value is JsonArray list && list.Count < (int)rule!:
                case "maxItems" when value is JsonArray longList && longList.Count > (int)rule!:
                    differences.Add($"{path}: {value?.ToJsonString()} breaks {keyword} {rule}");
                    break;

                case "format" when Text(value) is { } text && !Has(text, (string)rule!):
                    differences.Add($"{path}: is no {rule}");
                    break;

                case "items" when value is JsonArray items:
                    for (var index = 0; index < items.Count; index++)
                    {
                        Check(rule!, items[index], $"{path}[{index}]", differences);
                    }

                    break;

                case "required" when value is JsonObject fields:
                    differences.AddRange(rule!.AsArray().Select(name => (string)name!).Where(name => !fields.ContainsKey(name)).Select(name => $"{path}.{name}: is missing"));
                    break;

                case "properties" when value is JsonObject fields:
                    foreach (var (name, field) in fields)
                    {
                        if (rule![name] is { } inner)
                        {
                            Check(inner, field, $"{path}.{name}", differences);
                        }
                        else if (rules["additionalProperties"] is not { } more || (more is JsonValue allowed && !allowed.GetValue<bool>()))
                        {
                            differences.Add($"{path}.{name}: is not described");
                        }
                    }

                    break;

                case "additionalProperties" when rule is JsonObject and { } values && value is JsonObject map:
                    foreach (var (name, field) in map.Where(field => rules["properties"]?[field.Key] is null))
                    {
                        Check(values, field, $"{path}.{name}", differences);
                    }

                    break;

                case "type" or "enum" or "anyOf" or "pattern" or "minLength" or "maxLength" or "minimum" or "maximum" or "minItems" or "maxItems"
                    or "format" or "items" or "required" or "properties" or "additionalProperties":
                    break;

                default:
                    if (!Ignored.Contains(keyword))
                    {
                        throw new InvalidOperationException($"The document uses the keyword {keyword} at {path}: teach {nameof(SchemaCheck)} what it means.");
                    }

                    break;
            }
        }
    }

    public static IEnumerable<string> Types(JsonNode type) => type is JsonArray types ? types.Select(each => (string)each!) : [(string)type!];

    private static bool Is(string type, JsonNode? value) => type switch
    {
        "null" => value is null,
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "string" => Text(value) is not null,
        "boolean" => value?.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False,
        "number" => Number(value) is not null,
        "integer" => Number(value) is { } number && decimal.IsInteger(number),
        _ => throw new InvalidOperationException($"There is no type {type}."),
    };

    private static string? Text(JsonNode? value) => value?.GetValueKind() == System.Text.Json.JsonValueKind.String ? (string)value! : null;

    private static decimal? Number(JsonNode? value) =>
        value?.GetValueKind() == System.Text.Json.JsonValueKind.Number ? decimal.Parse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture) : null;

    private static bool Has(string text, string format) => format switch
    {
        "date-time" => text.Contains('T', StringComparison.Ordinal) && (text.EndsWith('Z') || text[^6] is '+' or '-') && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _),
        "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        "uri" => Uri.TryCreate(text, UriKind.Absolute, out _),
        _ => true,
    };
}
