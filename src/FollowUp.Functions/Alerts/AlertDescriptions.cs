using FollowUp.Data;
using FollowUp.Functions.OpenApi;
using Microsoft.OpenApi;

namespace FollowUp.Functions.Alerts;

internal sealed class AlertDescriptions : ApiDescriptions
{
    private const string Example = """
        { "alert": 17, "kind": "red-flag", "urgent": true, "patient": "p-1001", "session": "b-77", "step": null,
          "message": "SM0123456789abcdef0123456789abcdef", "messages": ["SM0123456789abcdef0123456789abcdef"], "detail": null, "raisedAt": "2026-12-02T09:00:00Z", "toldAt": "2026-12-02T09:00:05Z",
          "timesTold": 1, "acknowledgedAt": null, "acknowledgedBy": null }
        """;

    public override string Tag => "Alerts";

    public override string About => "What a clinic's staff must learn, and that they have.";

    public override IReadOnlyList<FunctionDescription> Functions { get; } =
    [
        new(nameof(AlertFunctions.GetAlerts), "List a clinic's alerts")
        {
            Details = "Newest first.",
            Query =
            [
                new("open", Schema.OneOf("`true`: only those that nobody has acknowledged.", "true", "false"), "\"true\""),
                .. FunctionDescription.Paging,
            ],
            Answers = [new(200, "A page of alerts.", Schema.PageOf(Schema.Named("Alert")), $$"""{ "items": [{{Example}}], "nextCursor": null }""")],
        },
        new(nameof(AlertFunctions.PostAlertAcknowledgement), "Acknowledge an alert")
        {
            Details = "It is not told again.",
            Body = new(
                Schema.Request("Who has seen it.", [("by", Schema.Words("Their name.", 100))], []),
                """{ "by": "Dr. Grey" }"""),
            Answers = [new(200, "The alert.", Schema.Named("Alert"), Example)],
            Problems = new Dictionary<int, string> { [404] = "The clinic has no such alert." },
        },
        new(nameof(AlertFunctions.GetWebhookSecret), "The key of our posts' signatures")
        {
            Details = "What the clinic's systems check the signature of our posts with. Not for a key that reads only.",
            Answers =
            [
                new(200, "The key.", Schema.Answer("A secret.", ("secret", Schema.Text("As Standard Webhooks has it: `whsec_` and the key in Base64."))),
                    """{ "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" }"""),
            ],
            Problems = new Dictionary<int, string> { [404] = "There is no such clinic." },
        },
    ];

    public override IReadOnlyDictionary<string, OpenApiSchema> Schemas { get; } = new Dictionary<string, OpenApiSchema>
    {
        ["Alert"] = Schema.Answer(
            "Something that staff must learn.",
            ("alert", Schema.Integer("Its number.")),
            ("kind", Schema.OneOf<AlertKind>("What it is about.")),
            ("urgent", Schema.Flag("Told at once, and again until somebody acknowledges it.")),
            ("patient", Schema.OrNull(Schema.Text("The patient's id."))),
            ("session", Schema.OrNull(Schema.Text("The session's id."))),
            ("step", Schema.OrNull(Schema.Text("The text's step."))),
            ("message", Schema.OrNull(Schema.Text("The SID of the text that it came from."))),
            ("messages", Schema.ListOf(Schema.Text("A SID."), "All texts that it is about.")),
            ("detail", Schema.OrNull(Schema.Text("More, without personal data."))),
            ("raisedAt", Schema.Moment("When it was raised.")),
            ("toldAt", Schema.OrNull(Schema.Moment("When it was last told."))),
            ("timesTold", Schema.Integer("How often it was told.", 0)),
            ("acknowledgedAt", Schema.OrNull(Schema.Moment("When somebody acknowledged it."))),
            ("acknowledgedBy", Schema.OrNull(Schema.Text("Who did.")))),
    };
}
