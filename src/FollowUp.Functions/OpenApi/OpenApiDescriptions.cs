using Microsoft.OpenApi;

namespace FollowUp.Functions.OpenApi;

internal sealed class OpenApiDescriptions : ApiDescriptions
{
    public override string Tag => "Description";

    public override string About => "This description.";

    public override IReadOnlyList<FunctionDescription> Functions { get; } =
    [
        new(nameof(OpenApiFunctions.GetOpenApi), "This document")
        {
            Answers =
            [
                new(200, "An OpenAPI 3.1 document.", new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalProperties = new OpenApiSchema() },
                    """{ "openapi": "3.1.2", "info": { "title": "FollowUp", "version": "1.0.0" }, "paths": {} }"""),
            ],
        },
    ];
}
