using System.Globalization;
using System.Text.Json.Nodes;
using FollowUp.Data;
using Microsoft.OpenApi;

namespace FollowUp.Functions.OpenApi;

/// <summary>Short names for the JSON Schemas that descriptions are made of.</summary>
internal static class Schema
{
    /// <summary>The form of ids that clients choose.</summary>
    public const string IdPattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$";

    private const string PhonePattern = @"^\+[1-9][0-9]{7,14}$";
    private const string TimePattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$";

    public static OpenApiSchema Text(string description, int? longest = null, int? shortest = null, string? pattern = null) => new()
    {
        Type = JsonSchemaType.String,
        Description = description,
        MinLength = shortest,
        MaxLength = longest,
        Pattern = pattern,
    };

    /// <summary>Words for people: not empty, without control characters.</summary>
    public static OpenApiSchema Words(string description, int longest) => Text(description, longest, shortest: 1);

    public static OpenApiSchema Id(string description) => Text(description, pattern: IdPattern);

    public static OpenApiSchema Phone(string description) => Text(description, pattern: PhonePattern);

    public static OpenApiSchema Language(string description) => Text(description + " A well-formed BCP 47 tag, such as en or es-MX.", longest: 100);

    public static OpenApiSchema TimeZone(string description) => Text(description + " An IANA time zone, such as America/Los_Angeles.");

    public static OpenApiSchema TimeOfDay(string description) => Text(description, pattern: TimePattern);

    public static OpenApiSchema Period(string description) => Text(description + " An ISO 8601 period, such as P7D, PT48H or -P3D.");

    public static OpenApiSchema Moment(string description) => new() { Type = JsonSchemaType.String, Format = "date-time", Description = description };

    public static OpenApiSchema Date(string description) => new() { Type = JsonSchemaType.String, Format = "date", Description = description };

    public static OpenApiSchema WebAddress(string description) => new() { Type = JsonSchemaType.String, Format = "uri", MaxLength = 200, Description = description };

    public static OpenApiSchema Flag(string description) => new() { Type = JsonSchemaType.Boolean, Description = description };

    public static OpenApiSchema Number(string description) => new() { Type = JsonSchemaType.Number, Description = description };

    public static OpenApiSchema Integer(string description, long? least = null, long? most = null) => new()
    {
        Type = JsonSchemaType.Integer,
        Minimum = least?.ToString(CultureInfo.InvariantCulture),
        Maximum = most?.ToString(CultureInfo.InvariantCulture),
        Description = description,
    };

    public static OpenApiSchema OneOf(string description, params IEnumerable<string> choices) => new()
    {
        Type = JsonSchemaType.String,
        Enum = [.. choices.Select(choice => (JsonNode)JsonValue.Create(choice))],
        Description = description,
    };

    /// <summary>One of an enum's values, as the contract spells them.</summary>
    public static OpenApiSchema OneOf<T>(string description) where T : struct, Enum => OneOf(description, EnumText.All<T>());

    public static OpenApiSchema ListOf(IOpenApiSchema items, string? description = null) =>
        new() { Type = JsonSchemaType.Array, Items = items, Description = description };

    /// <summary>An object whose names are data.</summary>
    public static OpenApiSchema MapOf(IOpenApiSchema values, string? description = null) =>
        new() { Type = JsonSchemaType.Object, AdditionalProperties = values, Description = description };

    public static IOpenApiSchema OrNull(IOpenApiSchema schema)
    {
        if (schema is OpenApiSchema { Enum: null or { Count: 0 }, Type: { } type } plain)
        {
            plain.Type = type | JsonSchemaType.Null;
            return plain;
        }

        return new OpenApiSchema { AnyOf = [schema, new OpenApiSchema { Type = JsonSchemaType.Null }] };
    }

    /// <summary>What an answer holds: every field is always there.</summary>
    public static OpenApiSchema Answer(string description, params (string Name, IOpenApiSchema Schema)[] fields) => new()
    {
        Type = JsonSchemaType.Object,
        Description = description,
        Properties = fields.ToDictionary(field => field.Name, field => field.Schema),
        Required = fields.Select(field => field.Name).ToHashSet(),
    };

    /// <summary>What a request holds: other fields are refused by name, and null is the same as leaving a field out.</summary>
    public static OpenApiSchema Request(
        string description, IEnumerable<(string Name, IOpenApiSchema Schema)> required, IEnumerable<(string Name, IOpenApiSchema Schema)> optional) => new()
        {
            Type = JsonSchemaType.Object,
            Description = description,
            Properties = required.Concat(optional).ToDictionary(field => field.Name, field => field.Schema),
            Required = required.Select(field => field.Name).ToHashSet(),
            AdditionalPropertiesAllowed = false,
        };

    /// <summary>A page of a list.</summary>
    public static OpenApiSchema PageOf(IOpenApiSchema items) => Answer(
        "A page of a list.",
        ("items", ListOf(items)),
        ("nextCursor", OrNull(Text("The cursor of the next page; null when this was the last."))));

    /// <summary>A schema that a <see cref="ApiDescriptions"/> gives a name.</summary>
    public static OpenApiSchemaReference Named(string name) => new(name);
}
