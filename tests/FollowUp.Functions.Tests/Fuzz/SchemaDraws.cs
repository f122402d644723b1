using System.Globalization;
using System.Text.Json.Nodes;
using FollowUp.Functions.OpenApi;
using FollowUp.Functions.Tests.Contract;

namespace FollowUp.Functions.Tests.Fuzz;

/// <summary>Values that a schema allows, drawn from the seed. Where there is an example it is mostly kept: it is what makes sense.</summary>
internal sealed class SchemaDraws(Random random, SchemaCheck schemas)
{
    private static readonly string[] Words = ["Ada", "Zoë", "O'Brien", "Nguyễn", "Glow Clinic", "see you {time}", "a & b <c>", "日本", "👩‍⚕️", "50% off; --", "x", "care", "MG\"", "en", "es-MX"];
    private static readonly DateTimeOffset s_now = new(2026, 11, 22, 18, 0, 0, TimeSpan.Zero);

    public JsonNode? Value(JsonNode schema, JsonNode? example = null)
    {
        if (schema is JsonValue)
        {
            return Word(20);
        }

        var rules = schemas.Resolve(schema).AsObject();
        if (rules["anyOf"] is JsonArray choices)
        {
            return Value(choices[random.Next(choices.Count)]!, example);
        }

        var types = rules["type"] is { } type ? SchemaCheck.Types(type).ToList() : ["string"];
        if (types.Contains("null") && (types.Count == 1 || random.Next(8) == 0))
        {
            return null;
        }

        if (example is not null && example is not JsonObject and not JsonArray && random.Next(4) > 0)
        {
            return example.DeepClone();
        }

        if (rules["enum"] is JsonArray names)
        {
            return names[random.Next(names.Count)]?.DeepClone();
        }

        return types.First(each => each != "null") switch
        {
            "object" => Object(rules, example as JsonObject),
            "array" => new JsonArray([.. Enumerable.Range(0, random.Next((int?)rules["minItems"] ?? 0, 4)).Select(index => Value(rules["items"]!, (example as JsonArray)?.ElementAtOrDefault(index)))]),
            "boolean" => random.Next(2) == 0,
            "number" => random.Next(100) / 4m,
            "integer" => Integer((long?)rules["minimum"] ?? -5, (long?)rules["maximum"] ?? 3000),
            _ => Text(rules),
        };
    }

    private JsonObject Object(JsonObject rules, JsonObject? example)
    {
        var made = new JsonObject();
        var required = rules["required"]?.AsArray().Select(name => (string)name!).ToHashSet() ?? [];
        foreach (var (name, field) in rules["properties"]?.AsObject() ?? [])
        {
            if (required.Contains(name) || random.Next(2) == 0)
            {
                made[name] = Value(field!, example?[name]);
            }
        }

        if (rules["properties"] is null && rules["additionalProperties"] is JsonObject values)
        {
            foreach (var name in example?.Select(field => field.Key) ?? [Word(20)])
            {
                made[name] = Value(values, example?[name]);
            }
        }

        return made;
    }

    private long Integer(long least, long most) => random.Next(4) switch
    {
        0 => least,
        1 => most,
        _ => Math.Clamp(random.Next(1, 7), least, most),
    };

    private string Text(JsonObject rules)
    {
        var longest = (int?)rules["maxLength"] ?? 40;
        return ((string?)rules["format"], (string?)rules["pattern"]) switch
        {
            ("date-time", _) => s_now.AddMinutes(random.Next(-1_000_000, 1_000_000)).ToOffset(TimeSpan.FromHours(random.Next(-12, 15))).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture),
            ("date", _) => s_now.AddDays(random.Next(-700, 700)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            ("uri", _) => "https://glow.example/" + random.Next(1000),
            (_, Schema.IdPattern) => "r-" + random.Next(1000),
            (_, { } phone) when phone.Contains(@"\+", StringComparison.Ordinal) => "+1415555" + random.Next(1000, 9999),
            (_, { } time) when time.Contains(':', StringComparison.Ordinal) => $"{random.Next(24):00}:{random.Next(60):00}",
            _ => Word(longest),
        };
    }

    private string Word(int longest)
    {
        var word = Words[random.Next(Words.Length)];
        while (random.Next(3) == 0 && word.Length < longest)
        {
            word += " " + Words[random.Next(Words.Length)];
        }

        return word[..Math.Min(word.Length, longest)];
    }
}
