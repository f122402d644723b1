using FollowUp.Data.Webhooks;
using FollowUp.Functions.OpenApi;
using Microsoft.OpenApi;

namespace FollowUp.Functions.Events;

internal sealed class EventDescriptions : ApiDescriptions
{
    public override string Tag => "Events";

    public override string About => "What a clinic's own systems are told, by posts to their web addresses. A clinic names these in its `webhooks`.";

    public override IReadOnlyList<FunctionDescription> Functions { get; } =
    [
        new(nameof(EventFunctions.GetWebhooks), "How the web addresses do that get events")
        {
            Answers =
            [
                new(200, "Each address, in the order of the clinic's settings.", Schema.Answer(
                    "How a clinic's addresses do.",
                    ("webhooks", Schema.ListOf(Schema.Named("WebhookState")))),
                    """
                    { "webhooks": [ { "url": "https://glow.example/followup", "events": ["delivered", "opted-out"], "state": "failing", "waiting": 12, "failures": 4,
                        "failingSince": "2026-11-24T17:00:00Z", "lastError": "HTTP 503", "nextAt": "2026-11-24T18:21:00Z", "takenAt": "2026-11-24T16:58:00Z",
                        "lost": 0, "lostAt": null, "goneAt": null } ] }
                    """),
            ],
            Problems = new Dictionary<int, string> { [404] = "There is no such clinic." },
        },
    ];

    public override IReadOnlyDictionary<string, OpenApiSchema> Schemas { get; } = new Dictionary<string, OpenApiSchema>
    {
        ["WebhookState"] = Schema.Answer(
            "A web address that gets events, and how it does.",
            ("url", Schema.Text("The address.")),
            ("events", Schema.ListOf(Schema.OneOf<ClinicEventKind>("What it gets."))),
            ("state", Schema.OneOf("Whether it took the last event; gone when it has answered 410, and then nothing is posted to it.", "working", "failing", "gone")),
            ("waiting", Schema.Integer("Events that it has not taken.", 0)),
            ("failures", Schema.Integer("Tries in a row that it did not take.", 0)),
            ("failingSince", Schema.OrNull(Schema.Moment("The first of these."))),
            ("lastError", Schema.OrNull(Schema.Text("Of these the last."))),
            ("nextAt", Schema.OrNull(Schema.Moment("When it is tried again."))),
            ("takenAt", Schema.OrNull(Schema.Moment("When it last took an event."))),
            ("lost", Schema.Integer("Events given up lately.", 0)),
            ("lostAt", Schema.OrNull(Schema.Moment("When the last of these was given up."))),
            ("goneAt", Schema.OrNull(Schema.Moment("When it answered 410.")))),
    };
}
