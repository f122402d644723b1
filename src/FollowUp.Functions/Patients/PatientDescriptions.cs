using FollowUp.Core.Timelines;
using FollowUp.Data;
using FollowUp.Functions.OpenApi;
using Microsoft.OpenApi;

namespace FollowUp.Functions.Patients;

internal sealed class PatientDescriptions : ApiDescriptions
{
    /// <summary>The patient of a session PUT.</summary>
    public const string BookedExample = $$"""{ "id": "p-1001", {{BookedFields}} }""";

    private const string BookedFields = """
        "firstName": "Ada", "phone": "+14155550123", "language": "en", "timeZone": "America/Los_Angeles",
          "consents": ["care", "marketing"], "consentMethod": "booking form", "consentWording": "Glow Clinic may text me about my treatment.",
          "essentialsOnly": false
        """;

    private const string Fields = """
        "clinic": "glow", "id": "p-1001", "firstName": "Ada", "phone": "+14155550123", "language": "en", "timeZone": "America/Los_Angeles",
        "consents": ["care"], "essentialsOnly": false, "optedOut": false, "unreachable": false, "wrongNumber": false,
        "consentHistory": [ { "kind": "care", "granted": true, "source": "booking", "method": "booking form", "wording": null, "evidence": null,
                              "at": "2026-11-22T18:00:00Z" } ]
        """;

    private const string Message = """
        { "direction": "outbound", "at": "2026-11-24T18:00:00Z", "kind": "preparation", "state": "delivered", "phone": "+14155550123",
          "text": "Hi Ada, ...", "session": "b-77", "step": "prep-7d", "reason": null, "errorCode": null, "messageSid": "SM0123456789abcdef0123456789abcdef",
          "sentAt": "2026-11-24T18:00:00Z", "deliveredAt": "2026-11-24T18:00:02Z", "redFlag": false, "rating": null, "readAt": null }
        """;

    private const string Export = $$"""
        { "exportedAt": "2026-12-24T18:00:00Z", "patient": { {{Fields}} }, "createdAt": "2026-11-22T18:00:00Z", "changedAt": "2026-11-22T18:00:00Z",
          "sessions": [], "messages": [{{Message}}], "alerts": [],
          "audit": [ { "at": "2026-12-24T18:00:00Z", "actor": "key:root", "action": "patient-exported", "subject": "p-1001", "detail": null } ] }
        """;

    private static readonly IReadOnlyDictionary<int, string> s_unknown = new Dictionary<int, string> { [404] = "The clinic has no such patient." };

    public override string Tag => "Patients";

    public override string About => "Patients: read, change, erase, and all that is held about them.";

    public override IReadOnlyList<FunctionDescription> Functions { get; } =
    [
        new(nameof(PatientFunctions.GetPatient), "A patient")
        {
            Answers = [new(200, "The patient.", Schema.Named("Patient"), $"{{ {Fields} }}")],
            Problems = s_unknown,
        },
        new(nameof(PatientFunctions.PutPatient), "Create or change a patient")
        {
            Details = "What is left out goes back to its default, but `consents`: left out, they say nothing. A consent that was withdrawn stays withdrawn, whatever a list says, unless `consentEvidence` says what staff know better from.",
            Body = new(
                Patient(
                    [("id", Schema.OrNull(Schema.Id("The patient's id; may be left out.")))],
                    [
                        ("consentEvidence", Schema.OrNull(Schema.Words("What staff know the patient's new word from. Needs `consents`.", PatientRequest.LongestEvidence))),
                        ("unreachable", Schema.OrNull(Schema.Flag("Only `false`: staff say that the number works after all."))),
                        ("wrongNumber", Schema.OrNull(Schema.Flag("Only `false`: staff say that the number is the patient's after all."))),
                    ],
                    idRequired: false),
                $"{{ {BookedFields} }}"),
            Answers =
            [
                new(200, "Changed, or as it was.", Schema.Named("PutPatient"), $$"""{ {{Fields}}, "ignoredConsents": [] }"""),
                new(201, "Created.", Schema.Named("PutPatient"), $$"""{ {{Fields}}, "ignoredConsents": ["marketing"] }"""),
            ],
            Problems = new Dictionary<int, string> { [404] = "There is no such clinic.", [412] = "`If-Match` names another state." },
        },
        new(nameof(PatientFunctions.DeletePatient), "Erase a patient")
        {
            Details = "Afterwards nothing of theirs is in the store. Take the export first: it names what to delete at Twilio.",
            Answers = [new(204, "Erased.")],
            Problems = new Dictionary<int, string>(s_unknown) { [412] = "`If-Match` names another state." },
        },
        new(nameof(PatientFunctions.GetPatientMessages), "Every text to and from a patient")
        {
            Details = "Newest first.",
            Query = FunctionDescription.Paging,
            Answers = [new(200, "A page of texts.", Schema.PageOf(Schema.Named("Message")), $$"""{ "items": [{{Message}}], "nextCursor": null }""")],
            Problems = s_unknown,
        },
        new(nameof(PatientFunctions.GetPatientExport), "Everything held about a patient")
        {
            Details = "One document, to be saved. That it was taken is audited.",
            Answers = [new(200, "All of it.", Schema.Named("PatientExport"), Export)],
            Problems = s_unknown,
        },
    ];

    public override IReadOnlyDictionary<string, OpenApiSchema> Schemas { get; } = new Dictionary<string, OpenApiSchema>
    {
        ["BookedPatient"] = Patient([("id", Schema.Id("The patient's id at the clinic; no name."))], [], idRequired: true),
        ["Patient"] = Schema.Answer("A patient.", PatientFieldsOf()),
        ["PutPatient"] = Schema.Answer(
            "A patient, and what was not done.",
            [.. PatientFieldsOf(), ("ignoredConsents", Schema.ListOf(Schema.OneOf<ConsentKind>("Listed, and withdrawn all the same.")))]),
        ["Consent"] = Schema.Answer(
            "What a patient, or somebody for them, has said.",
            ("kind", Schema.OneOf<ConsentKind>("To what.")),
            ("granted", Schema.Flag("Given, or withdrawn.")),
            ("source", Schema.OneOf<ConsentSource>("Who said it.")),
            ("method", Schema.OrNull(Schema.Text("How it was given."))),
            ("wording", Schema.OrNull(Schema.Text("The words that the patient was shown."))),
            ("evidence", Schema.OrNull(Schema.Text("What staff know it from."))),
            ("at", Schema.Moment("When."))),
        ["Message"] = Schema.Answer(
            "A text to or from a patient.",
            ("direction", Schema.OneOf("Which way it went.", "inbound", "outbound")),
            ("at", Schema.Moment("When it came, or was about to be sent.")),
            ("kind", Schema.Text("The kind of step or answer, or what was read in the patient's text.")),
            ("state", Schema.Text("Where its delivery stands; `received` for the patient's own.")),
            ("phone", Schema.OrNull(Schema.Text("The patient's number at the time."))),
            ("text", Schema.Text("What it says.")),
            ("session", Schema.OrNull(Schema.Text("The session's id."))),
            ("step", Schema.OrNull(Schema.Text("The step's id."))),
            ("reason", Schema.OrNull(Schema.Text("Why it was not sent."))),
            ("errorCode", Schema.OrNull(Schema.Integer("Twilio's code, if it was not delivered."))),
            ("messageSid", Schema.OrNull(Schema.Text("Twilio's SID."))),
            ("sentAt", Schema.OrNull(Schema.Moment("When Twilio took it."))),
            ("deliveredAt", Schema.OrNull(Schema.Moment("When it was delivered."))),
            ("redFlag", Schema.Flag("The patient's words may mean trouble.")),
            ("rating", Schema.OrNull(Schema.Integer("The answer to a check-in.", 1, 5))),
            ("readAt", Schema.OrNull(Schema.Moment("When somebody at the clinic read it.")))),
        ["PatientExport"] = ExportSchema(),
    };

    private static OpenApiSchema Patient((string, IOpenApiSchema)[] id, (string, IOpenApiSchema)[] more, bool idRequired)
    {
        (string, IOpenApiSchema)[] required =
        [
            ("firstName", Schema.Words("What texts call the patient.", 100)),
            ("phone", Schema.Phone("Their number, E.164.")),
        ];
        (string, IOpenApiSchema)[] optional =
        [
            ("language", Schema.OrNull(Schema.Language("What they are texted in. Default: the clinic's."))),
            ("timeZone", Schema.OrNull(Schema.TimeZone("Where they live. Default: the clinic's."))),
            ("consents", Schema.OrNull(Schema.ListOf(Schema.OneOf<ConsentKind>("To what they consent."), "Left out, nothing is said of consents."))),
            ("consentMethod", Schema.OrNull(Schema.Words("How it was given.", PatientFields.LongestMethod))),
            ("consentWording", Schema.OrNull(Schema.Words("The words that the patient was shown.", PatientFields.LongestWording))),
            ("essentialsOnly", Schema.OrNull(Schema.Flag("They want the necessary texts only. Default: false."))),
            .. more,
        ];
        return idRequired
            ? Schema.Request("A patient.", [.. id, .. required], optional)
            : Schema.Request("A patient.", required, [.. id, .. optional]);
    }

    private static (string Name, IOpenApiSchema Schema)[] PatientFieldsOf() =>
    [
        ("clinic", Schema.Text("The clinic's id.")),
        ("id", Schema.Text("The patient's id.")),
        ("firstName", Schema.Text("What texts call the patient.")),
        ("phone", Schema.Text("Their number, E.164.")),
        ("language", Schema.Text("What they are texted in.")),
        ("timeZone", Schema.Text("Where they live.")),
        ("consents", Schema.ListOf(Schema.OneOf<ConsentKind>("What they consent to now; nothing after an opt-out."))),
        ("essentialsOnly", Schema.Flag("They want the necessary texts only.")),
        ("optedOut", Schema.Flag("They, or somebody on their number, wrote STOP.")),
        ("unreachable", Schema.Flag("The carrier cannot deliver to the number.")),
        ("wrongNumber", Schema.Flag("Somebody else has the number.")),
        ("consentHistory", Schema.ListOf(Schema.Named("Consent"))),
    ];

    private static OpenApiSchema ExportSchema() => Schema.Answer(
        "Everything held about a patient.",
        ("exportedAt", Schema.Moment("When it was taken.")),
        ("patient", Schema.Named("Patient")),
        ("createdAt", Schema.Moment("When the patient came into being.")),
        ("changedAt", Schema.Moment("When they were last changed.")),
        ("sessions", Schema.ListOf(Schema.Answer(
            "A session, and what became of it.",
            ("booking", Schema.Named("Session")),
            ("outcome", Schema.OneOf<SessionOutcome>("What became of it.")),
            ("outcomeAt", Schema.OrNull(Schema.Moment("When that was."))),
            ("confirmedAt", Schema.OrNull(Schema.Moment("When the patient said that they will come."))),
            ("bookedAt", Schema.Moment("When it got its present time.")),
            ("createdAt", Schema.Moment("When it was first booked.")),
            ("changedAt", Schema.Moment("When it was last changed."))))),
        ("messages", Schema.ListOf(Schema.Named("Message"))),
        ("alerts", Schema.ListOf(Schema.Answer(
            "An alert about the patient.",
            ("alert", Schema.Integer("Its number.")),
            ("kind", Schema.OneOf<AlertKind>("What it is about.")),
            ("session", Schema.OrNull(Schema.Text("The session's id."))),
            ("step", Schema.OrNull(Schema.Text("The step's id."))),
            ("messageSid", Schema.OrNull(Schema.Text("The SID of the text that it came from."))),
            ("detail", Schema.OrNull(Schema.Text("More."))),
            ("raisedAt", Schema.Moment("When it was raised.")),
            ("acknowledgedAt", Schema.OrNull(Schema.Moment("When somebody acknowledged it."))),
            ("acknowledgedBy", Schema.OrNull(Schema.Text("Who did")))))),
        ("audit", Schema.ListOf(Schema.Answer(
            "Who did what.",
            ("at", Schema.Moment("When.")),
            ("actor", Schema.Text("Who.")),
            ("action", Schema.Text("What.")),
            ("subject", Schema.Text("To which id.")),
            ("detail", Schema.OrNull(Schema.Text("More.")))))));
}
