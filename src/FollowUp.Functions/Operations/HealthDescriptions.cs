using FollowUp.Functions.OpenApi;
using Microsoft.OpenApi;

namespace FollowUp.Functions.Operations;

internal sealed class HealthDescriptions : ApiDescriptions
{
    public override string Tag => "Health";

    public override string About => "Whether FollowUp can do its work.";

    public override IReadOnlyList<FunctionDescription> Functions { get; } =
    [
        new(nameof(HealthFunctions.Health), "Whether all is well")
        {
            Details = "Open to all, so it names no session and no error's text.",
            Answers =
            [
                new(200, "All is well.", Schema.Named("Health"), """{ "status": "healthy", "problems": [] }"""),
                new(503, "Something is wrong.", Schema.Named("Health"), """{ "status": "unhealthy", "problems": ["a text has been due for 16 minutes"] }"""),
            ],
        },
    ];

    public override IReadOnlyDictionary<string, OpenApiSchema> Schemas { get; } = new Dictionary<string, OpenApiSchema>
    {
        ["Health"] = Schema.Answer(
            "Whether FollowUp can do its work.",
            ("status", Schema.OneOf("Whether all is well.", "healthy", "unhealthy")),
            ("problems", Schema.ListOf(Schema.Text("What is wrong, in words.")))),
    };
}
