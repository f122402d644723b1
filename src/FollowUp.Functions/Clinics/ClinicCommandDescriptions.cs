using FollowUp.Data;
using FollowUp.Data.Bulk;
using FollowUp.Functions.OpenApi;
using FollowUp.Functions.Sessions;
using Microsoft.OpenApi;

namespace FollowUp.Functions.Clinics;

internal sealed class ClinicCommandDescriptions : ApiDescriptions
{
    private const string Example = """
        { "clinic": "glow", "bulk": "bulk-1", "command": "pause", "step": null, "planVersion": null, "filter": { "state": ["waiting"] }, "state": "running",
          "total": 120, "done": 40, "unchanged": 2, "refused": 1, "reasons": [ { "reason": "The session has ended.", "count": 1 } ],
          "refusals": [ { "session": "b-77", "reason": "The session has ended." } ], "actor": "key:root", "createdAt": "2026-12-02T09:00:00Z", "endedAt": null }
        """;

    private static readonly IReadOnlyDictionary<int, string> s_unknown = new Dictionary<int, string> { [404] = "There is no such clinic or command." };

    public override string Tag => "Commands";

    public override string About => "Commands on a whole clinic, or on every session that a filter selects.";

    public override IReadOnlyList<FunctionDescription> Functions { get; } =
    [
        new(nameof(ClinicCommandFunctions.PostClinicCommand), "Steer a clinic, or many of its sessions")
        {
            Details = "`resume-sending` ends the pause of the clinic's sender, when what made Twilio refuse its texts has been mended. The others are those "
                + "of a session, for every session that `filter` selects; `dryRun` shows what they would do.",
            Body = new(
                Schema.Request(
                    "What is to be done.",
                    [("command", Schema.OneOf("What is to be done.", ["resume-sending", .. SessionCommandFields.Names]))],
                    [
                        ("step", Schema.OrNull(Schema.Id("The step, for commands on one."))),
                        ("planVersion", Schema.OrNull(Schema.Integer("The version, for move-to-plan.", int.MinValue, int.MaxValue))),
                        ("filter", Schema.OrNull(Schema.Request("Which sessions. Without a state: those that are open or have failed.", [], Filter()))),
                        ("dryRun", Schema.OrNull(Schema.Flag("Only show what it would do."))),
                    ]),
                """{ "command": "resume-sending" }"""),
            Answers =
            [
                new(
                    200,
                    "Sending goes on, or what a dry run found.",
                    new OpenApiSchema { AnyOf = [Schema.Named("SendingResumed"), Schema.Named("BulkPreview")] },
                    """{ "wasPaused": true, "sessions": 3 }"""),
                new(202, "It has begun, and is done in batches. `Location` says where its progress is.", Schema.Named("BulkCommand"), Example),
            ],
            Problems = s_unknown,
        },
        new(nameof(ClinicCommandFunctions.GetBulkCommand), "How far a command on many sessions is")
        {
            Answers = [new(200, "The command.", Schema.Named("BulkCommand"), Example)],
            Problems = s_unknown,
        },
        new(nameof(ClinicCommandFunctions.DeleteBulkCommand), "Stop a command on many sessions")
        {
            Details = "What is done stays done.",
            Answers = [new(200, "The command.", Schema.Named("BulkCommand"), Example)],
            Problems = s_unknown,
        },
    ];

    public override IReadOnlyDictionary<string, OpenApiSchema> Schemas { get; } = new Dictionary<string, OpenApiSchema>
    {
        ["SendingResumed"] = Schema.Answer(
            "What came of it.",
            ("wasPaused", Schema.Flag("Whether the sender was paused.")),
            ("sessions", Schema.Integer("How many sessions go on.", 0))),
        ["BulkCommand"] = Schema.Answer(
            "A command on many sessions.",
            [
                ("clinic", Schema.Text("The clinic's id.")),
                ("bulk", Schema.Text("Its id.")),
                .. What(),
                ("filter", new OpenApiSchema { Type = JsonSchemaType.Object, Description = "Which sessions it was given for." }),
                ("state", Schema.OneOf<BulkState>("Where it stands.")),
                ("total", Schema.Integer("How many sessions it is about.", 0)),
                ("done", Schema.Integer("How many were changed.", 0)),
                .. Outcome(),
                ("actor", Schema.Text("Who gave it.")),
                ("createdAt", Schema.Moment("When it was given.")),
                ("endedAt", Schema.OrNull(Schema.Moment("When it ended."))),
            ]),
        ["BulkPreview"] = Schema.Answer(
            "What a command on many sessions would do.",
            [
                ("dryRun", Schema.Flag("True.")),
                .. What(),
                ("total", Schema.Integer("How many sessions the filter selects.", 0)),
                ("checked", Schema.Integer("How many of them were looked at, soonest due first.", 0)),
                ("wouldChange", Schema.Integer("How many it would change.", 0)),
                .. Outcome(),
                ("sessions", Schema.ListOf(
                    Schema.Answer(
                        "A session that it would change.",
                        ("session", Schema.Text("Its id.")),
                        ("patient", Schema.Answer("Whose.", ("id", Schema.Text("The patient's id.")), ("firstName", Schema.Text("Their name."))))),
                    "The first hundred.")),
            ]),
    };

    private static IEnumerable<(string, IOpenApiSchema)> Filter() =>
    [
        ("state", Schema.OrNull(new OpenApiSchema
        {
            AnyOf = [Schema.OneOf<SessionState>("One state."), Schema.ListOf(Schema.OneOf<SessionState>("A state."), "Any of these.")],
        })),
        ("q", Schema.OrNull(Schema.Text("The beginning of a first name or id, or a phone number.", longest: 100))),
        ("plan", Schema.OrNull(Schema.Id("A care plan's id."))),
        ("step", Schema.OrNull(Schema.Id("The next step's id."))),
        ("dueBefore", Schema.OrNull(Schema.Moment("The next text is due before this."))),
    ];

    private static IEnumerable<(string, IOpenApiSchema)> What() =>
    [
        ("command", Schema.OneOf("What is done.", SessionCommandFields.Names)),
        ("step", Schema.OrNull(Schema.Text("The step that it is about."))),
        ("planVersion", Schema.OrNull(Schema.Integer("The version that sessions move to."))),
    ];

    private static IEnumerable<(string, IOpenApiSchema)> Outcome() =>
    [
        ("unchanged", Schema.Integer("For how many there was nothing to do.", 0)),
        ("refused", Schema.Integer("For how many it was refused.", 0)),
        ("reasons", Schema.ListOf(
            Schema.Answer("A reason.", ("reason", Schema.Text("A sentence.")), ("count", Schema.Integer("How many sessions.", 0))), "The most frequent first.")),
        ("refusals", Schema.ListOf(
            Schema.Answer("A session that was refused.", ("session", Schema.Text("Its id.")), ("reason", Schema.Text("A sentence."))), "The first hundred.")),
    ];
}
