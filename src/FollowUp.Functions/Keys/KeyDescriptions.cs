using FollowUp.Data.Keys;
using FollowUp.Functions.OpenApi;
using Microsoft.OpenApi;

namespace FollowUp.Functions.Keys;

internal sealed class KeyDescriptions : ApiDescriptions
{
    private const string Example = """
        { "key": "booking-system-3fa9c1d2", "name": "Booking system", "clinic": "glow", "readOnly": false, "state": "active",
          "createdAt": "2026-11-22T18:00:00Z", "createdBy": "key:root", "endsAt": "2027-06-01T00:00:00Z", "endedAt": null, "endedBy": null,
          "lastUsedAt": null }
        """;

    private static (string Name, IOpenApiSchema Schema)[] Fields =>
    [
        ("key", Schema.Id("The key's id, which the audit names; not the key itself.")),
        ("name", Schema.Words("What it is for.", NewApiKey.LongestName)),
        ("clinic", Schema.OrNull(Schema.Id("The one clinic that it opens; null for all."))),
        ("readOnly", Schema.Flag("Whether it reads only.")),
        ("state", Schema.OneOf<ApiKeyState>("Whether it opens anything.")),
        ("createdAt", Schema.Moment("When it was made.")),
        ("createdBy", Schema.Text("Who made it.")),
        ("endsAt", Schema.OrNull(Schema.Moment("From when it opens nothing; null for never."))),
        ("endedAt", Schema.OrNull(Schema.Moment("When somebody ended it before."))),
        ("endedBy", Schema.OrNull(Schema.Text("Who did."))),
        ("lastUsedAt", Schema.OrNull(Schema.Moment("To the minute; null if never."))),
    ];

    public override string Tag => "Keys";

    public override string About => "Keys to this API. The root key alone opens these routes.";

    public override IReadOnlyList<FunctionDescription> Functions { get; } =
    [
        new(nameof(KeyFunctions.GetApiKeys), "List the keys")
        {
            Details = "Newest first, those too that open nothing any more. The keys themselves are not known here: they are kept as hashes.",
            Query = FunctionDescription.Paging,
            Answers = [new(200, "A page of keys.", Schema.PageOf(Schema.Named("ApiKey")), $$"""{ "items": [{{Example}}], "nextCursor": null }""")],
        },
        new(nameof(KeyFunctions.PostApiKey), "Make a key")
        {
            Details = "The answer is the only one that ever holds the key itself, as `secret`.",
            Body = new(
                Schema.Request(
                    "A key to be made.",
                    [("name", Schema.Words("What it is for. The audit shows it.", NewApiKey.LongestName))],
                    [
                        ("clinic", Schema.OrNull(Schema.Id("The one clinic that it opens. Default: all."))),
                        ("readOnly", Schema.OrNull(Schema.Flag("Whether it reads only. Default: false."))),
                        ("endsAt", Schema.OrNull(Schema.Moment("From when it opens nothing: a moment of the next two years. Default: never."))),
                    ]),
                """{ "name": "Booking system", "clinic": "glow", "readOnly": false, "endsAt": "2027-06-01T00:00:00Z" }"""),
            Answers =
            [
                new(201, "The key.", Schema.Named("MadeApiKey"),
                    Example.TrimEnd().TrimEnd('}') + """, "secret": "fu_q2Xn0bq4o0p3mQb0c1vVw7sGr1l5jS8m2Tn9yK4eZxA" }"""),
            ],
        },
        new(nameof(KeyFunctions.DeleteApiKey), "End a key")
        {
            Details = "It opens nothing from now on, and stays in the list.",
            Answers = [new(204, "The key is ended, now or before.")],
            Problems = new Dictionary<int, string> { [404] = "There is no such key." },
        },
    ];

    public override IReadOnlyDictionary<string, OpenApiSchema> Schemas { get; } = new Dictionary<string, OpenApiSchema>
    {
        ["ApiKey"] = Schema.Answer("A key, without the key itself.", Fields),
        ["MadeApiKey"] = Schema.Answer(
            "A key that was made just now.",
            [.. Fields, ("secret", Schema.Text("What goes into the header. Keep it safe: it is shown this once.", pattern: "^fu_[A-Za-z0-9_-]{43}$"))]),
    };
}
