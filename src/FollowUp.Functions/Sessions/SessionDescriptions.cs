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
            Problems = new Dictionary<int, string>(s_unknown) { [409] = "The session has ended." },
        },
        new(nameof(SessionFunctions.PostSessionCommand), "Steer a session")
        {
            Details = "`move-to-plan` has the session go on with another version of its plan.",
            Body = new(
                Schema.Request(
                    "What is to be done.",
                    [("command", Schema.OneOf("What is to be done.", "move-to-plan")), ("planVersion", Schema.Integer("The version that it goes on with.", int.MinValue, int.MaxValue))],
                    []),
                """{ "command": "move-to-plan", "planVersion": 2 }"""),
            Answers =
            [
                new(200, "It was there already.", Schema.Named("Session"), Example),
                new(202, "Moved.", Schema.Named("Session"), Example),
            ],
            Problems = new Dictionary<int, string>(s_unknown) { [409] = "The session has ended, or a step that is past would differ." },
        },
    ];

    public override IReadOnlyDictionary<string, OpenApiSchema> Schemas { get; } = new Dictionary<string, OpenApiSchema>
    {
        ["Booking"] = Booking(planRequired: true),
        ["Session"] = Schema.Answer(
            "A session with its whole timeline.",
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
            ("timeline", Schema.ListOf(Schema.Named("Step"), "Every text, by its due time."))),
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
