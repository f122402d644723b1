using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace FollowUp.Functions.OpenApi;

/// <summary>
/// What the API's description says of one function. Verb, route, id, key and the answers that any route can give (a missing key, too many requests,
/// too large a body) are known without it.
/// </summary>
/// <param name="Function">The function's name.</param>
/// <param name="Summary">What it does, in a line.</param>
internal sealed record FunctionDescription(string Function, string Summary)
{
    /// <summary>What a caller should know beyond the line.</summary>
    public string? Details { get; init; }

    /// <summary>Parameters of the query; <see cref="Paging"/> has those of lists.</summary>
    public IReadOnlyList<QueryParameter> Query { get; init; } = [];

    /// <summary>What the request's body holds.</summary>
    public Content? Body { get; init; }

    /// <summary>What comes back when all is well, by status.</summary>
    public required IReadOnlyList<Answer> Answers { get; init; }

    /// <summary>The route's own errors, by status, each with when it comes. 400 for wrong fields is there whenever something can be wrong.</summary>
    public IReadOnlyDictionary<int, string> Problems { get; init; } = new Dictionary<int, string>();

    /// <summary>Where a list's page begins and how long it is.</summary>
    public static IReadOnlyList<QueryParameter> Paging { get; } =
    [
        new("limit", Schema.Integer("How many items a page has.", Http.Paging.Least, Http.Paging.Most), "20"),
        new("cursor", Schema.Text("The nextCursor of the page before.", longest: 400), null),
    ];
}

/// <param name="Name">As in the address.</param>
/// <param name="Schema">What it may hold.</param>
/// <param name="Example">A value, as JSON; null for none.</param>
internal sealed record QueryParameter(string Name, OpenApiSchema Schema, string? Example);

/// <param name="Schema">What it may hold.</param>
/// <param name="Example">One that is valid, as JSON.</param>
/// <param name="MediaType">JSON unless something else is said.</param>
internal sealed record Content(IOpenApiSchema Schema, string Example, string MediaType = "application/json")
{
    public JsonNode ParseExample() => JsonNode.Parse(Example)!;
}

/// <param name="Status">The HTTP status.</param>
/// <param name="Means">When it comes.</param>
/// <param name="Content">What it holds; null for nothing.</param>
internal sealed record Answer(int Status, string Means, Content? Content = null)
{
    public Answer(int status, string means, IOpenApiSchema schema, string example)
        : this(status, means, new Content(schema, example))
    {
    }
}
