using System.Text.Json.Nodes;
using FollowUp.Functions.Http;
using FollowUp.Functions.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.OpenApi;

namespace FollowUp.Functions.OpenApi;

/// <summary>
/// The API as an OpenAPI 3.1 document: what the functions' attributes and <see cref="Access"/> say, and the <see cref="ApiDescriptions"/> beside
/// them. A function that nobody describes is not in it.
/// </summary>
public sealed class ApiDocument(IConfiguration configuration)
{
    public const string KeyScheme = "ApiKey";
    public const string SignatureScheme = "TwilioSignature";

    private const string ProblemType = "application/problem+json";
    private const string ProblemSchema = "Problem";

    private static readonly Dictionary<int, string> s_common = new()
    {
        [StatusCodes.Status400BadRequest] = "Something in the request is wrong; `errors` says what, by field.",
        [StatusCodes.Status401Unauthorized] = "The key is missing, unknown, ended, or past its end.",
        [StatusCodes.Status403Forbidden] = "The key does not open this: it is for another clinic, or for reading only.",
        [StatusCodes.Status413PayloadTooLarge] = "The body is too large.",
        [StatusCodes.Status414UriTooLong] = "The query is too long.",
        [StatusCodes.Status429TooManyRequests] = "The key is used too often, or the address has failed too often to show one. `Retry-After` says how many seconds to wait.",
    };

    /// <summary>Made once: nothing in it changes while the app runs.</summary>
    private readonly Lazy<Task<string>> _json = new(() => WriteAsync(configuration["FollowUp:PublicUrl"]));

    public Task<string> JsonAsync() => _json.Value;

    private static Task<string> WriteAsync(string? publicUrl)
    {
        var document = new OpenApiDocument
        {
            Info = new OpenApiInfo
            {
                Title = "FollowUp",
                Version = typeof(ApiDocument).Assembly.GetName().Version!.ToString(3),
                Summary = "Texts a clinic's patients around their treatment sessions.",
                Description = """
                    Every route needs the header `X-Api-Key`, but for Twilio's webhooks, which need Twilio's signature, and the health check, which needs
                    nothing. Errors are problem details (RFC 9457); those about the request name what is wrong, by field. Fields that are not known are
                    refused by name, and null is the same as leaving a field out. Times are ISO 8601 with an offset; those that come back are in UTC. A
                    path that no route has answers 404 without a body, whatever the key; so does a verb that a path does not have.
                    """.ReplaceLineEndings(" ").Trim(),
                License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" },
            },
            Servers = [new OpenApiServer { Url = string.IsNullOrEmpty(publicUrl) ? "/" : publicUrl.TrimEnd('/') }],
            Paths = [],
            Components = new OpenApiComponents
            {
                Schemas = new Dictionary<string, IOpenApiSchema> { [ProblemSchema] = Problem() },
                Responses = s_common.ToDictionary(problem => NameOf(problem.Key), problem => (IOpenApiResponse)ProblemResponse(problem.Key, problem.Value)),
                SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
                {
                    [KeyScheme] = Header(ApiKeyMiddleware.Header, "The root key, or one that it has made. A key can be limited to one clinic or to reading, and have an end."),
                    [SignatureScheme] = Header(Sms.TwilioSignature.Header, "Twilio's signature of the address and the form, under the account's auth token."),
                },
            },
            Tags = new HashSet<OpenApiTag>(),
        };

        foreach (var (name, schema) in ApiDescriptions.All.SelectMany(descriptions => descriptions.Schemas).OrderBy(schema => schema.Key, StringComparer.Ordinal))
        {
            document.Components.Schemas.Add(name, schema);
        }

        foreach (var descriptions in ApiDescriptions.All)
        {
            document.Tags.Add(new OpenApiTag { Name = descriptions.Tag, Description = descriptions.About });
        }

        var described = ApiDescriptions.All
            .SelectMany(descriptions => descriptions.Functions.Select(function => (Descriptions: descriptions, Function: function)))
            .ToDictionary(each => each.Function.Function, StringComparer.Ordinal);
        foreach (var path in ApiFunction.All.Where(function => described.ContainsKey(function.Name)).GroupBy(function => function.Path, StringComparer.Ordinal))
        {
            document.Paths.Add(path.Key, new OpenApiPathItem
            {
                Operations = path.ToDictionary(
                    function => HttpMethod.Parse(function.Method),
                    function => Operation(document, function, described[function.Name].Descriptions, described[function.Name].Function)),
            });
        }

        return document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1);
    }

    private static OpenApiOperation Operation(OpenApiDocument document, ApiFunction function, ApiDescriptions descriptions, FunctionDescription description) => new()
    {
        OperationId = char.ToLowerInvariant(function.Name[0]) + function.Name[1..],
        Summary = description.Summary,
        Description = description.Details,
        Tags = new HashSet<OpenApiTagReference> { new(descriptions.Tag, document) },
        Parameters = [.. function.Parameters.Select(name => InPath(name, descriptions)), .. description.Query.Select(InQuery)],
        RequestBody = description.Body is { } body ? new OpenApiRequestBody { Required = true, Content = Media(body) } : null,
        Responses = Responses(document, function, description),
        Security = Access.Open.Contains(function.Name) ? []
            : [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Access.Signed.Contains(function.Name) ? SignatureScheme : KeyScheme, document)] = [] }],
    };

    private static OpenApiResponses Responses(OpenApiDocument document, ApiFunction function, FunctionDescription description)
    {
        var responses = new SortedDictionary<int, IOpenApiResponse>();
        foreach (var answer in description.Answers)
        {
            responses[answer.Status] = new OpenApiResponse { Description = answer.Means, Content = answer.Content is { } content ? Media(content) : null };
        }

        foreach (var (status, means) in description.Problems)
        {
            responses.TryAdd(status, ProblemResponse(status, means));
        }

        foreach (var status in Common(function, description))
        {
            responses.TryAdd(status, new OpenApiResponseReference(NameOf(status), document));
        }

        var all = new OpenApiResponses();
        foreach (var (status, response) in responses)
        {
            all.Add(status.ToString(System.Globalization.CultureInfo.InvariantCulture), response);
        }

        return all;
    }

    private static IEnumerable<int> Common(ApiFunction function, FunctionDescription description)
    {
        if (function.Parameters.Count > 0 || description.Query.Count > 0 || description.Body is not null)
        {
            yield return StatusCodes.Status400BadRequest;
        }

        if (!Access.Open.Contains(function.Name))
        {
            yield return Access.Signed.Contains(function.Name) ? StatusCodes.Status403Forbidden : StatusCodes.Status401Unauthorized;
            yield return StatusCodes.Status403Forbidden;
            yield return StatusCodes.Status429TooManyRequests;
        }

        yield return StatusCodes.Status413PayloadTooLarge;
        yield return StatusCodes.Status414UriTooLong;
    }

    private static OpenApiParameter InPath(string name, ApiDescriptions descriptions)
    {
        var (schema, example) = descriptions.Parameters.TryGetValue(name, out var own) ? own : RouteParameters.Known[name];
        return new OpenApiParameter
        {
            Name = name,
            In = ParameterLocation.Path,
            Required = true,
            Description = schema.Description,
            Schema = WithoutDescription(schema),
            Example = JsonValue.Create(example),
        };
    }

    private static OpenApiParameter InQuery(QueryParameter parameter) => new()
    {
        Name = parameter.Name,
        In = ParameterLocation.Query,
        Description = parameter.Schema.Description,
        Schema = WithoutDescription(parameter.Schema),
        Example = parameter.Example is null ? null : JsonNode.Parse(parameter.Example),
    };

    /// <summary>The parameter says it.</summary>
    private static OpenApiSchema WithoutDescription(OpenApiSchema schema)
    {
        var copy = (OpenApiSchema)schema.CreateShallowCopy();
        copy.Description = null;
        return copy;
    }

    private static Dictionary<string, OpenApiMediaType> Media(Content content) =>
        new() { [content.MediaType] = new OpenApiMediaType { Schema = content.Schema, Example = content.ParseExample() } };

    private static OpenApiResponse ProblemResponse(int status, string means) => new()
    {
        Description = means,
        Headers = status != StatusCodes.Status429TooManyRequests ? null : new Dictionary<string, IOpenApiHeader>
        {
            ["Retry-After"] = new OpenApiHeader { Description = "Seconds to wait.", Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "1" } },
        },
        Content = new Dictionary<string, OpenApiMediaType> { [ProblemType] = new OpenApiMediaType { Schema = Schema.Named(ProblemSchema) } },
    };

    private static OpenApiSecurityScheme Header(string name, string description) =>
        new() { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = name, Description = description };

    private static string NameOf(int status) => status switch
    {
        StatusCodes.Status400BadRequest => "BadRequest",
        StatusCodes.Status401Unauthorized => "Unauthorized",
        StatusCodes.Status403Forbidden => "Forbidden",
        StatusCodes.Status413PayloadTooLarge => "PayloadTooLarge",
        StatusCodes.Status414UriTooLong => "UriTooLong",
        _ => "TooManyRequests",
    };

    /// <summary>What <see cref="Problems"/> answers with.</summary>
    private static OpenApiSchema Problem()
    {
        var schema = Schema.Answer(
            "What is wrong, as RFC 9457 has it.",
            ("title", Schema.Text("What is wrong, in a sentence.")),
            ("status", Schema.Integer("The HTTP status.", 400, 599)));
        schema.Properties!["type"] = Schema.Text("An address that says more about the status; none is about:blank.");
        schema.Properties["detail"] = Schema.Text("More about it, and what to do.");
        schema.Properties["errors"] = Schema.MapOf(
            Schema.ListOf(Schema.Text("What is wrong with the field.")), "By field of the body (`patient.phone`), parameter of the query or the route; `$` is the body itself.");
        schema.Properties["traceId"] = Schema.Text("The request's trace, where the app is traced.");
        return schema;
    }
}
