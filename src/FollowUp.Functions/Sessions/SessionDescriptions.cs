using FollowUp.Core.Timelines;
using FollowUp.Data;
using FollowUp.Functions.OpenApi;
using FollowUp.Functions.Patients;
using Microsoft.OpenApi;

namespace FollowUp.Functions.Sessions;

internal sealed class SessionDescriptions : ApiDescriptions
{
    /// <summary>The body of a session PUT.</summary>
    public const string BookingExample = $$"""
        { "patient": {{PatientDescriptions.BookedExample}}, "plan": "microneedling-acne-scars", "startsAt": "2026-12-01T10:00:00-08:00",
          "sessionNumber": 1, "plannedSessions": 4 }
        """;

    private const string Example = """
        { "clinic": "glow", "session": "b-77", "instanceId": "glow:b-77", "state": "waiting", "plan": "microneedling-acne-scars", "planVersion": 2,
          "startsAt": "2026-12-01T18:00:00Z", "sessionNumber": 1, "plannedSessions": 4,
          "next": { "step": "prep-7d", "dueAt": "2026-11-24T18:00:00Z" },
          "timeline": [ { "step": "prep-7d", "kind": "preparation", "dueAt": "2026-11-24T18:00:00Z", "state": "planned", "reason": null, "text": null,
                          "messageSid": null, "sentAt": null, "deliveredAt": null } ] }
        """;

    private const string InListExample = """
        { "clinic": "glow", "session": "b-77", "instanceId": "glow:b-77", "state": "waiting", "plan": "microneedling-acne-scars", "planVersion": 3,
          "startsAt": "2026-12-01T18:00:00Z", "sessionNumber": 1, "plannedSessions": 4,
          "next": { "step": "prep-7d", "dueAt": "2026-11-24T18:00:00Z" },
          "patient": { "id": "p-1001", "firstName": "Ada", "phone": "+1•••••0123", "timeZone": "America/Los_Angeles" } }
        """;

    private const string Stale = "`If-Match` names another state.";

    private static readonly IReadOnlyDictionary<int, string> s_unknown = new Dictionary<int, string> { [404] = "There is no such clinic or session." };

    public override string Tag => "Sessions";

    public override string About => "Treatment sessions, and the texts around each of them.";

    public override IReadOnlyList<FunctionDescription> Functions { get; } =
    [
        new(nameof(SessionFunctions.PutSession), "Book a session, or change it")
        {
            Details = "The same call again changes nothing. A changed start reschedules the texts that have not left.",
            Body = new(Schema.Named("Booking"), BookingExample),
            Answers =
            [
                new(200, "Nothing has changed.", Schema.Named("Session"), Example),
                new(202, "Booked or changed.", Schema.Named("Session"), Example),
            ],
            Problems = new Dictionary<int, string>(s_unknown)
            {
                [409] = "The session has ended, belongs to another patient or runs on another plan. A start moved into the future books an ended one anew.",
                [412] = Stale,
            },
        },
        new(nameof(SessionFunctions.GetSession), "A session with its whole timeline")
        {
            Answers = [new(200, "The session.", Schema.Named("Session"), Example)],
            Problems = s_unknown,
        },
        new(nameof(SessionFunctions.PostSessionEvent), "Say what became of a session")
        {
            Body = new(
                Schema.Request(
                    "What has happened.",
                    [("type", Schema.OneOf("What has happened.", EnumText.All<SessionOutcome>().Where(name => name != EnumText.Of(SessionOutcome.Booked))))],
                    [("at", Schema.OrNull(Schema.Moment("When; between two years ago and two years ahead. Default: now.")))]),
                """{ "type": "completed", "at": "2026-12-01T19:10:00Z" }"""),
            Answers =
            [
                new(200, "That was known.", Schema.Named("Session"), Example),
                new(202, "The session goes on from there.", Schema.Named("Session"), Example),
            ],
            Problems = new Dictionary<int, string>(s_unknown) { [409] = "The session has ended.", [412] = Stale },
        },
        new(nameof(SessionCommandFunctions.PostSessionCommand), "Steer a session")
        {
            Details = "`pause`, `resume` and `cancel` are about the whole session; `send-now`, `skip` and `retry` about the step that is named; `move-to-plan` has "
                + "the session go on with another version of its plan. The same again changes nothing.",
            Body = new(
                Schema.Request(
                    "What is to be done.",
                    [("command", Schema.OneOf("What is to be done.", SessionCommandFields.Names))],
                    [
                        ("step", Schema.OrNull(Schema.Id("The step, for commands on one."))),
                        ("planVersion", Schema.OrNull(Schema.Integer("The version, for move-to-plan.", int.MinValue, int.MaxValue))),
                    ]),
                """{ "command": "pause" }"""),
            Answers =
            [
                new(200, "It was so already.", Schema.Named("Session"), Example),
                new(202, "Done.", Schema.Named("Session"), Example),
            ],
            Problems = new Dictionary<int, string>(s_unknown)
            {
                [409] = "It cannot be done now: the answer says why, and nothing was changed.",
                [412] = Stale,
            },
        },
        new(nameof(SessionListFunctions.GetSessions), "List a clinic's sessions")
        {
            Query =
            [
                new("state", Schema.OneOf<SessionState>("Only in this state; may be repeated."), "\"waiting\""),
                new("q", Schema.Text("The beginning of a first name or id, or a phone number.", longest: 100), "\"Ada\""),
                new("plan", Schema.Id("Only on this care plan."), "\"microneedling-acne-scars\""),
                new("step", Schema.Id("Only those whose next step this is."), "\"prep-7d\""),
                new("due-before", Schema.Moment("Only those whose next text is due before this."), "\"2027-01-01T00:00:00Z\""),
                new("sort", Schema.OneOf("By the next text or the start; `-` for the last first.", "-due", "due", "-start", "start"), "\"due\""),
                .. FunctionDescription.Paging,
            ],
            Answers =
            [
                new(200, "A page of sessions.", Schema.PageOf(Schema.Named("SessionInList")), $$"""{ "items": [{{InListExample}}], "nextCursor": null }"""),
            ],
            Problems = new Dictionary<int, string> { [404] = "There is no such clinic." },
        },
    ];

    public override IReadOnlyDictionary<string, OpenApiSchema> Schemas { get; } = new Dictionary<string, OpenApiSchema>
    {
        ["Booking"] = Booking(planRequired: true),
        ["Session"] = Schema.Answer(
            "A session with its whole timeline.",
            [.. SessionFields(), ("timeline", Schema.ListOf(Schema.Named("Step"), "Every text, by its due time."))]),
        ["SessionInList"] = Schema.Answer(
            "A session in a list.",
            [
                .. SessionFields(),
                ("patient", Schema.Answer(
                    "Whose it is.",
                    ("id", Schema.Text("The patient's id.")),
                    ("firstName", Schema.Text("Their name.")),
                    ("phone", Schema.Text("Their number, masked.")),
                    ("timeZone", Schema.Text("Where they are.")))),
            ]),
        ["Step"] = Schema.Answer(
            "A text of a session.",
            ("step", Schema.Text("Its id in the plan.")),
            ("kind", Schema.OneOf("What it is for.", Enum.GetValues<StepKind>().Select(StepKinds.NameOf))),
            ("dueAt", Schema.Moment("When it is due, after every move into hours that are allowed.")),
            ("state", Schema.OneOf<StepState>("Where it stands.")),
            ("reason", Schema.OrNull(Schema.Text("Why it was moved or skipped."))),
            ("text", Schema.OrNull(Schema.Text("What was sent; null before it is."))),
            ("messageSid", Schema.OrNull(Schema.Text("Twilio's SID."))),
            ("sentAt", Schema.OrNull(Schema.Moment("When Twilio took it."))),
            ("deliveredAt", Schema.OrNull(Schema.Moment("When it was delivered.")))),
    };

    /// <summary>What a session is by itself and in a list.</summary>
    private static IEnumerable<(string, IOpenApiSchema)> SessionFields() =>
    [
        ("clinic", Schema.Text("The clinic's id.")),
        ("session", Schema.Text("The session's id.")),
        ("instanceId", Schema.Text("The orchestration that runs it.")),
        ("state", Schema.OneOf<SessionState>("Where it stands.")),
        ("plan", Schema.Text("Its care plan.")),
        ("planVersion", Schema.Integer("The plan's version, which the session keeps.")),
        ("startsAt", Schema.Moment("When it starts.")),
        ("sessionNumber", Schema.Integer("Which session of the course it is.", 1)),
        ("plannedSessions", Schema.Integer("How many the course has.", 1)),
        ("next", Schema.OrNull(Schema.Answer(
            "What happens next; null when nothing does.",
            ("step", Schema.Text("The step's id in the plan.")),
            ("dueAt", Schema.Moment("When."))))),
    ];

    /// <summary>A booking; for a preview the plan stands in the address.</summary>
    public static OpenApiSchema Booking(bool planRequired)
    {
        (string, IOpenApiSchema) plan = ("plan", Schema.Text("The care plan's id."));
        (string, IOpenApiSchema)[] rest =
        [
            ("patient", Schema.Named("BookedPatient")),
            ("startsAt", Schema.Moment("When it starts: between two years ago and two years ahead.")),
            ("sessionNumber", Schema.Integer("Which session of the course it is: 1 to plannedSessions.", 1, SessionRequest.MostSessions)),
            ("plannedSessions", Schema.Integer("How many the course has: 1 to the plan's most.", 1, SessionRequest.MostSessions)),
        ];
        return planRequired ? Schema.Request("A booked session.", [.. rest, plan], []) : Schema.Request("A session that might be booked.", rest, [plan]);
    }
}
