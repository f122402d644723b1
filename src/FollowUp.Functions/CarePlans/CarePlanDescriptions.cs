using FollowUp.Core.CarePlans;
using FollowUp.Core.Timelines;
using FollowUp.Data;
using FollowUp.Functions.OpenApi;
using FollowUp.Functions.Sessions;
using Microsoft.OpenApi;

namespace FollowUp.Functions.CarePlans;

internal sealed class CarePlanDescriptions : ApiDescriptions
{
    private const string Series = """
        { "minSessions": 3, "maxSessions": 6, "spacingMin": "P4W", "spacingMax": "P6W", "source": "...", "grade": "A", "sessionsSource": "...",
          "sessionsGrade": "A" }
        """;

    private const string Approval = """{ "version": 2001, "approvedBy": "Dr. Grey", "approvedAt": "2026-11-22T18:00:00Z" }""";

    private const string OfClinic = $$"""{ "current": 2001, "own": [2001], "approvals": [{{Approval}}] }""";

    public override string Tag => "Care plans";

    public override string About => "The catalogue of care plans, clinicians' approvals of them, and previews.";

    public override IReadOnlyList<FunctionDescription> Functions { get; } =
    [
        new(nameof(CarePlanFunctions.GetCarePlans), "List the care plans")
        {
            Details = "Every plan in its newest version.",
            Query = [Clinic("Adds what that clinic has made of each plan.")],
            Answers =
            [
                new(200, "The plans.", Schema.Answer("The plans.", ("plans", Schema.ListOf(Schema.Named("CarePlanSummary")))),
                    $$"""{ "plans": [ { "plan": "microneedling-acne-scars", "version": 2, "versions": [1, 2], "treatment": "Microneedling", "series": {{Series}}, "clinic": {{OfClinic}} } ] }"""),
            ],
            Problems = new Dictionary<int, string> { [404] = "There is no such clinic." },
        },
        new(nameof(CarePlanFunctions.GetCarePlan), "A care plan with its steps, texts and sources")
        {
            Query =
            [
                new("version", Schema.Integer("Default: the newest, or the clinic's.", int.MinValue, int.MaxValue), "2"),
                Clinic("The plan as that clinic has it."),
            ],
            Answers =
            [
                new(200, "The plan.", Schema.Named("CarePlan"), $$"""
                    { "plan": "microneedling-acne-scars", "version": 2, "versions": [1, 2], "treatment": "Microneedling", "sessionDuration": "PT1H",
                      "series": {{Series}}, "fields": [ { "name": "exercise", "value": "PT48H", "source": "...", "grade": "C" } ],
                      "steps": [ { "step": "prep-7d", "kind": "preparation", "anchor": "session-start", "offset": "P-7D", "at": null, "sessions": "all",
                                   "until": [], "onlyAfterNoShow": false, "essential": true, "usefulFor": null, "source": "...", "grade": "C",
                                   "texts": { "en": "Hi {firstName}, ..." } } ],
                      "unsetSteps": [], "clinic": null }
                    """),
            ],
            Problems = new Dictionary<int, string> { [404] = "There is no such plan, version or clinic." },
        },
        new(nameof(CarePlanFunctions.PutCarePlanApproval), "Approve a version of a plan")
        {
            Details = "A clinician answers for it. Without that its texts go to the phone emulator alone.",
            Body = new(
                Schema.Request(
                    "An approval.",
                    [("version", Schema.Integer("Which version.", int.MinValue, int.MaxValue)), ("approvedBy", Schema.Words("Which clinician.", 100))],
                    []),
                """{ "version": 2, "approvedBy": "Dr. Grey" }"""),
            Answers =
            [
                new(200, "Approved, now or before.", Schema.Answer(
                    "An approval.",
                    [("clinic", Schema.Text("The clinic's id.")), ("plan", Schema.Text("The plan's id.")), .. ApprovalFields()]),
                    """{ "clinic": "glow", "plan": "microneedling-acne-scars", "version": 2001, "approvedBy": "Dr. Grey", "approvedAt": "2026-11-22T18:00:00Z" }"""),
            ],
            Problems = new Dictionary<int, string> { [404] = "There is no such clinic or plan." },
        },
        new(nameof(PreviewFunctions.PreviewCarePlan), "What a booking would lead to")
        {
            Details = "Takes the body of a session PUT and stores nothing.",
            Query =
            [
                Clinic("With that clinic's version, hours, name and languages. Without it the patient's timeZone is required."),
                new("course", Schema.OneOf("`true`: goes on to the last planned session.", "true", "false"), "\"true\""),
            ],
            Body = new(SessionDescriptions.Booking(planRequired: false), SessionDescriptions.BookingExample),
            Answers =
            [
                new(200, "The preview.", Schema.Named("Preview"), """
                    { "plan": "microneedling-acne-scars", "planVersion": 2, "language": "en", "timeZone": "America/Los_Angeles",
                      "startsAt": "2026-12-01T18:00:00Z", "sessionNumber": 1, "plannedSessions": 4,
                      "sessions": [ { "sessionNumber": 1, "startsAt": "2026-12-01T18:00:00Z", "nextFrom": "2026-12-29", "nextUntil": "2027-01-12" } ],
                      "timeline": [ { "sessionNumber": 1, "step": "prep-7d", "kind": "preparation", "dueAt": "2026-11-24T18:00:00Z",
                                      "localTime": "2026-11-24T10:00:00-08:00", "state": "planned", "reason": null, "text": "Hi Ada, ...", "encoding": "gsm7",
                                      "segments": 2, "costUsd": 0.0158, "warnings": [], "source": "...", "grade": "C" } ],
                      "totals": { "texts": 1, "segments": 2, "costUsd": 0.0158, "skipped": 0 } }
                    """),
            ],
            Problems = new Dictionary<int, string> { [404] = "There is no such plan or clinic." },
        },
    ];

    public override IReadOnlyDictionary<string, OpenApiSchema> Schemas { get; } = new Dictionary<string, OpenApiSchema>
    {
        ["CarePlanSummary"] = Schema.Answer(
            "A plan in its newest version.",
            [.. Head(), ("series", Schema.Named("Series")), ("clinic", Schema.OrNull(Schema.Named("ClinicPlan")))]),
        ["CarePlan"] = Schema.Answer(
            "A plan with all that a clinician looks at before answering for it.",
            [
                .. Head(),
                ("sessionDuration", Schema.Period("How long a session takes.")),
                ("series", Schema.Named("Series")),
                ("fields", Schema.ListOf(Schema.Answer(
                    "A piece of advice that clinics say in their own numbers.",
                    ("name", Schema.OneOf("Its name.", PlanField.Names)),
                    ("value", Schema.OrNull(Schema.Period("How long it holds."))),
                    Source(), Grade()))),
                ("steps", Schema.ListOf(Schema.Named("PlanStep"))),
                ("unsetSteps", Schema.ListOf(Schema.Answer(
                    "A step without a time, until a clinic gives it one.",
                    ("step", Schema.Text("Its id.")), Kind(), Anchor(), Source(), Texts()))),
                ("clinic", Schema.OrNull(Schema.Named("ClinicPlan"))),
            ]),
        ["PlanStep"] = Schema.Answer(
            "A text of a plan.",
            ("step", Schema.Text("Its id.")),
            Kind(),
            Anchor(),
            ("offset", Schema.Period("From the anchor to when it is due.")),
            ("at", Schema.OrNull(Schema.TimeOfDay("At which local time; null for the anchor's."))),
            ("sessions", Schema.OneOf<SessionCondition>("Which sessions have it.")),
            ("until", Schema.ListOf(Schema.OneOf<StepUntil>("What makes it fall away."))),
            ("onlyAfterNoShow", Schema.Flag("Only for patients who missed a session.")),
            ("essential", Schema.Flag("Also for patients who want the necessary texts only.")),
            ("usefulFor", Schema.OrNull(Schema.Period("How long it stays true."))),
            Source(),
            Grade(),
            Texts()),
        ["Series"] = Schema.Answer(
            "The sessions of a course.",
            ("minSessions", Schema.OrNull(Schema.Integer("The fewest advised.", 1))),
            ("maxSessions", Schema.OrNull(Schema.Integer("The most.", 1))),
            ("spacingMin", Schema.OrNull(Schema.Period("The least time between two."))),
            ("spacingMax", Schema.OrNull(Schema.Period("The longest."))),
            ("source", Schema.OrNull(Schema.Text("Where the spacing comes from."))),
            Grade(),
            ("sessionsSource", Schema.OrNull(Schema.Text("Where the number comes from."))),
            ("sessionsGrade", Schema.OneOf("How far that can be trusted.", Enum.GetNames<EvidenceGrade>()))),
        ["ClinicPlan"] = Schema.Answer(
            "What a clinic has made of a plan.",
            ("current", Schema.Integer("The version that new sessions get.", 1)),
            ("own", Schema.ListOf(Schema.Integer("A version of its own.", 1))),
            ("approvals", Schema.ListOf(Schema.Answer("A clinician's approval.", ApprovalFields())))),
        ["Preview"] = Schema.Answer(
            "What a booking would lead to.",
            ("plan", Schema.Text("The plan's id.")),
            ("planVersion", Schema.Integer("Its version.", 1)),
            ("language", Schema.Text("What the texts are in.")),
            ("timeZone", Schema.Text("The patient's.")),
            ("startsAt", Schema.Moment("When the session starts.")),
            ("sessionNumber", Schema.Integer("Which session it is.", 1)),
            ("plannedSessions", Schema.Integer("How many the course has.", 1)),
            ("sessions", Schema.ListOf(Schema.Answer(
                "A session of the course.",
                ("sessionNumber", Schema.Integer("Which one.", 1)),
                ("startsAt", Schema.Moment("When it starts.")),
                ("nextFrom", Schema.OrNull(Schema.Date("First day advised for the next one."))),
                ("nextUntil", Schema.OrNull(Schema.Date("Last day of it.")))))),
            ("timeline", Schema.ListOf(Schema.Answer(
                "A text.",
                ("sessionNumber", Schema.Integer("Of which session.", 1)),
                ("step", Schema.Text("The step's id.")),
                Kind(),
                ("dueAt", Schema.Moment("When it is due.")),
                ("localTime", Schema.Moment("The same on the patient's clock.")),
                ("state", Schema.OneOf("Whether it would be sent.", "planned", "skipped")),
                ("reason", Schema.OrNull(Schema.Text("Why it was moved or skipped."))),
                ("text", Schema.OrNull(Schema.Text("What it says."))),
                ("encoding", Schema.OrNull(Schema.Text("The alphabet."))),
                ("segments", Schema.OrNull(Schema.Integer("How many parts the carrier counts.", 1))),
                ("costUsd", Schema.OrNull(Schema.Number("List price, without carrier surcharges."))),
                ("warnings", Schema.ListOf(Schema.Text("What to look at."))),
                Source(),
                Grade()))),
            ("totals", Schema.Answer(
                "The sums.",
                ("texts", Schema.Integer("Texts that would be sent.", 0)),
                ("segments", Schema.Integer("Their parts.", 0)),
                ("costUsd", Schema.OrNull(Schema.Number("Their price; null if that of one is unknown."))),
                ("skipped", Schema.Integer("Those that would not be.", 0))))),
    };

    private static QueryParameter Clinic(string description) => new("clinic", Schema.Id(description), "\"glow\"");

    private static (string Name, IOpenApiSchema Schema)[] Head() =>
    [
        ("plan", Schema.Text("The plan's id.")),
        ("version", Schema.Integer("This version.", 1)),
        ("versions", Schema.ListOf(Schema.Integer("A version that is shipped.", 1))),
        ("treatment", Schema.Text("What it is for.")),
    ];

    private static (string Name, IOpenApiSchema Schema)[] ApprovalFields() =>
    [
        ("version", Schema.Integer("Which version.", 1)),
        ("approvedBy", Schema.Text("Which clinician.")),
        ("approvedAt", Schema.Moment("When.")),
    ];

    private static (string Name, IOpenApiSchema Schema) Kind() => ("kind", Schema.OneOf("What it is for.", Enum.GetValues<StepKind>().Select(StepKinds.NameOf)));

    private static (string Name, IOpenApiSchema Schema) Anchor() => ("anchor", Schema.OneOf<StepAnchor>("What its time counts from."));

    private static (string Name, IOpenApiSchema Schema) Source() => ("source", Schema.Text("Where the timing comes from."));

    private static (string Name, IOpenApiSchema Schema) Grade() => ("grade", Schema.OneOf(
        "How far that can be trusted: A a regulator or peer-reviewed work, C a clinic's sheet, J judgement, W weak.", Enum.GetNames<EvidenceGrade>()));

    private static (string Name, IOpenApiSchema Schema) Texts() => ("texts", Schema.MapOf(Schema.Text("The text, with placeholders."), "By language."));
}
