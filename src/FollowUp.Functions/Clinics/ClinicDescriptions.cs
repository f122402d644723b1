using FollowUp.Core.CarePlans;
using FollowUp.Data;
using FollowUp.Data.Webhooks;
using FollowUp.Functions.OpenApi;
using FollowUp.Functions.Sessions;
using Microsoft.OpenApi;

namespace FollowUp.Functions.Clinics;

internal sealed class ClinicDescriptions : ApiDescriptions
{
    private const string Settings = """
        "name": "Glow Skin Clinic", "timeZone": "America/Los_Angeles", "phone": "(415) 555-0199", "emergencyNumber": "911",
        "bookingUrl": "https://glow.example/book", "languages": ["en", "es"], "completion": "assumed",
        "sendingHours": { "from": "08:00", "to": "21:00" }, "staffAlerts": ["+14155550180"], "sender": null,
        "planOverrides": { "microneedling-acne-scars": { "exercise": "PT48H", "makeUp": "P2D", "offsets": {}, "stepsOff": [], "namesTreatment": false } },
        "textEdits": [ { "plan": "microneedling-acne-scars", "step": "remind-1d", "language": "en",
                         "text": "Hi {firstName}, tomorrow at {time}! {clinic}, {phone}" } ],
        "webhooks": [ { "url": "https://glow.example/followup", "events": ["delivered", "opted-out"] } ],
        "fhir": { "plans": { "https://glow.example/services|needling": "microneedling-acne-scars" }, "defaultPlan": null, "plannedSessions": 4 }
        """;

    public override string Tag => "Clinics";

    public override string About => "Clinics and their settings.";

    public override IReadOnlyList<FunctionDescription> Functions { get; } =
    [
        new(nameof(ClinicFunctions.PutClinic), "Create a clinic, or change its settings")
        {
            Details = "What is left out is not set any more. What a clinic sets for plans makes a version of its own, which `planVersions` names.",
            Body = new(Schema.Named("ClinicSettings"), $"{{ {Settings} }}"),
            Answers =
            [
                new(200, "Changed, or as it was.", Schema.Named("Clinic"), Answer),
                new(201, "Created.", Schema.Named("Clinic"), Answer),
            ],
            Problems = new Dictionary<int, string> { [412] = "`If-Match` names another state." },
        },
        new(nameof(ClinicFunctions.GetClinic), "A clinic with its settings")
        {
            Answers = [new(200, "The clinic. Its `ETag` goes into `If-Match` of a change.", Schema.Named("Clinic"), Answer)],
            Problems = new Dictionary<int, string> { [404] = "There is no such clinic." },
        },
        new(nameof(ClinicFunctions.GetClinics), "List the clinics")
        {
            Query = FunctionDescription.Paging,
            Answers =
            [
                new(200, "A page of clinics, by id.", Schema.PageOf(Schema.Answer(
                    "A clinic.",
                    ("clinic", Schema.Text("Its id.")),
                    ("name", Schema.Text("What texts call it.")),
                    ("timeZone", Schema.Text("Where it is.")),
                    ("createdAt", Schema.Moment("Since when it is there.")))),
                    """{ "items": [ { "clinic": "glow", "name": "Glow Skin Clinic", "timeZone": "America/Los_Angeles", "createdAt": "2026-11-22T18:00:00Z" } ], "nextCursor": null }"""),
            ],
        },
    ];

    public override IReadOnlyDictionary<string, OpenApiSchema> Schemas { get; } = new Dictionary<string, OpenApiSchema>
    {
        ["ClinicSettings"] = Schema.Request(
            "A clinic's settings.",
            [
                ("name", Schema.Words("What texts call the clinic.", 60)),
                ("timeZone", Schema.TimeZone("Where it is.")),
                ("phone", Schema.Words("What patients call.", 30)),
            ],
            [
                ("emergencyNumber", Schema.OrNull(Schema.Words("What patients call in an emergency.", 20))),
                ("bookingUrl", Schema.OrNull(Schema.WebAddress("Where patients book."))),
                ("languages", Schema.OrNull(AtLeastOne(Schema.ListOf(Schema.Language("A language."), "What it texts in, the usual one first. Default: en.")))),
                ("completion", Schema.OrNull(Schema.OneOf<Completion>("Whether a session counts as held at its end, or once the clinic says so. Default: assumed."))),
                ("sendingHours", Schema.OrNull(Schema.Request(
                    "When texts may leave, in the patient's zone. Default: 08:00 to 21:00.",
                    [("from", Schema.TimeOfDay("The first minute.")), ("to", Schema.TimeOfDay("The end, later on the same day."))],
                    []))),
                ("staffAlerts", Schema.OrNull(Schema.ListOf(Schema.Text("A phone number or a web address."), "Who is told of trouble."))),
                ("sender", Schema.OrNull(Schema.Text("What its texts come from: a phone number, or the SID of a messaging service. Default: the installation's."))),
                ("planOverrides", Schema.OrNull(Schema.MapOf(Schema.Named("PlanOverrides"), "By care plan: what the clinic does otherwise."))),
                ("textEdits", Schema.OrNull(Schema.ListOf(Schema.Named("TextEdit"), "The clinic's own words."))),
                ("webhooks", Schema.OrNull(Schema.ListOf(Schema.Named("Webhook"), $"Addresses of the clinic's own systems, {SubscriptionRequest.Most} at most, and the events that each gets."))),
                ("fhir", Schema.OrNull(Schema.Request("How FHIR appointments name care plans.", [], FhirFields()))),
            ]),
        ["PlanOverrides"] = Schema.Request("What a clinic does otherwise than a plan.", [], PlanFields()),
        ["TextEdit"] = Schema.Request(
            "The clinic's own words for a step.",
            [
                ("plan", Schema.Id("The care plan's id.")),
                ("step", Schema.Id("The step's id, or opt-out.")),
                ("language", Schema.Language("In which language.")),
                ("text", Schema.Words("The text, with placeholders such as {firstName}.", PlanSettingsRequest.LongestText)),
            ],
            []),
        ["Webhook"] = Schema.Request(
            "A web address, and the events that it gets.",
            [
                ("url", Schema.WebAddress("Where they are posted: https, on the internet.")),
                ("events", AtLeastOne(Schema.ListOf(Schema.OneOf<ClinicEventKind>("A kind of event.")))),
            ],
            []),
        ["Clinic"] = Schema.Answer(
            "A clinic with its settings.",
            ("clinic", Schema.Text("Its id.")),
            ("name", Schema.Text("What texts call it.")),
            ("timeZone", Schema.Text("Where it is.")),
            ("phone", Schema.Text("What patients call.")),
            ("emergencyNumber", Schema.OrNull(Schema.Text("What they call in an emergency."))),
            ("bookingUrl", Schema.OrNull(Schema.Text("Where they book."))),
            ("languages", Schema.ListOf(Schema.Text("A language."))),
            ("completion", Schema.OneOf<Completion>("When a session counts as held.")),
            ("sendingHours", Schema.Answer(
                "When texts may leave.", ("from", Schema.TimeOfDay("The first minute.")), ("to", Schema.TimeOfDay("The end.")))),
            ("staffAlerts", Schema.ListOf(Schema.Text("A phone number or a web address."))),
            ("sender", Schema.OrNull(Schema.Text("What its texts come from."))),
            ("planOverrides", Schema.MapOf(Schema.Named("PlanOverrides"))),
            ("textEdits", Schema.ListOf(Schema.Named("TextEdit"))),
            ("webhooks", Schema.ListOf(Schema.Named("Webhook"))),
            ("fhir", Schema.Answer("How FHIR appointments name care plans.", [.. FhirFields()])),
            ("planVersions", Schema.MapOf(Schema.Integer("The version that new sessions get.", 1), "By care plan."))),
    };

    private static string Answer => $$"""{ "clinic": "glow", {{Settings}}, "planVersions": { "microneedling-acne-scars": 2001 } }""";

    private static OpenApiSchema AtLeastOne(OpenApiSchema list)
    {
        list.MinItems = 1;
        return list;
    }

    private static IEnumerable<(string, IOpenApiSchema)> FhirFields() =>
    [
        ("plans", Schema.OrNull(Schema.MapOf(Schema.Text("A care plan's id."), "By coding of the serviceType, as system|code, or |code for one without a system."))),
        ("defaultPlan", Schema.OrNull(Schema.Text("The care plan of an appointment that no coding gives one; without it such an appointment is refused."))),
        ("plannedSessions", Schema.OrNull(Schema.Integer("How many sessions a course has where nothing else says it.", 1, SessionRequest.MostSessions))),
    ];

    private static IEnumerable<(string, IOpenApiSchema)> PlanFields() =>
    [
        ("offsets", Schema.OrNull(Schema.MapOf(Schema.Period("When the step is due."), "By step."))),
        ("stepsOff", Schema.OrNull(Schema.ListOf(Schema.Text("A step that the clinic does not want.")))),
        ("namesTreatment", Schema.OrNull(Schema.Flag("Whether texts may name the treatment. Default: false."))),
        .. PlanField.Names.Select(name => (name, Schema.OrNull(Schema.Period("How long the advice holds.")))),
    ];
}
