using FollowUp.Data.Imports;
using FollowUp.Functions.OpenApi;
using Microsoft.OpenApi;

namespace FollowUp.Functions.Imports;

internal sealed class ImportDescriptions : ApiDescriptions
{
    /// <summary>A file of two bookings, as a JSON text.</summary>
    private const string FileExample = """
        "session,patientId,firstName,phone,language,timeZone,consents,plan,startsAt,sessionNumber,plannedSessions\nb-901,p-901,Ada,+14155550123,en,America/Los_Angeles,care marketing,microneedling-acne-scars,2026-12-01T10:00:00-08:00,1,4\n"
        """;

    private const string Example = """
        { "clinic": "glow", "import": "5f0c9e1d2b3a4c6e-1", "state": "running", "total": 120, "done": 41, "created": 36, "changed": 2, "unchanged": 1, "failed": 2,
          "startedAt": "2026-11-22T18:00:00Z", "endedAt": null }
        """;

    private const string RowExample = """
        { "line": 7, "session": "b-906", "state": "failed",
          "errors": [ { "column": "startsAt", "message": "Must be a date and time with an offset, such as 2026-12-01T10:00:00-08:00." } ] }
        """;

    private const string DryRunExample = $$"""
        { "dryRun": true, "total": 120, "valid": 119, "new": 100, "known": 19, "failed": 1, "rows": [{{RowExample}}] }
        """;

    private static readonly IReadOnlyDictionary<int, string> s_unknown = new Dictionary<int, string> { [404] = "There is no such clinic or import." };

    public override string Tag => "Imports";

    public override string About => "Files of bookings, booked in the background and reported line by line.";

    public override IReadOnlyList<FunctionDescription> Functions { get; } =
    [
        new(nameof(ImportFunctions.PostImport), "Import a file of bookings")
        {
            Details = $"CSV with a header line, in UTF-8 or UTF-16, separated by commas, semicolons or tabs. The columns, in any order: {string.Join(", ", BookingColumns.All)}; "
                + $"{string.Join(", ", BookingColumns.Required)} must be there. Each line is read by the rules of a session PUT. What is wrong with a line is reported "
                + "and keeps no other line from being booked; a file whose columns are wrong is refused whole. The same file again is the import that it was.",
            Query =
            [
                new("dryRun", Schema.OneOf("With true the whole report at once, and nothing is stored.", "true", "false"), "\"true\""),
                new("again", Schema.OneOf("With true a new import even of a file that has come before.", "true", "false"), "\"false\""),
            ],
            Body = new(Schema.Text("The file itself, 10 MB at most."), FileExample, "text/csv"),
            Answers =
            [
                new(200, "Of a dry run the report; else the import that the same file was.", new OpenApiSchema
                {
                    AnyOf = [Schema.Named("Import"), Schema.Named("ImportDryRun")],
                }, DryRunExample),
                new(202, "On record: its lines are being booked. `Location` tells how far it is.", Schema.Named("Import"), Example),
            ],
            Problems = new Dictionary<int, string>
            {
                [404] = "There is no such clinic.",
                [415] = "The body is not said to be CSV, or in an encoding other than UTF-8 and UTF-16.",
            },
        },
        new(nameof(ImportFunctions.GetImports), "List a clinic's imports")
        {
            Query = FunctionDescription.Paging,
            Answers = [new(200, "A page of imports, newest first.", Schema.PageOf(Schema.Named("Import")), $$"""{ "items": [{{Example}}], "nextCursor": null }""")],
        },
        new(nameof(ImportFunctions.GetImport), "How far an import is")
        {
            Answers = [new(200, "The import.", Schema.Named("Import"), Example)],
            Problems = s_unknown,
        },
        new(nameof(ImportFunctions.GetImportRows), "What became of each line")
        {
            Query =
            [
                new("failed", Schema.OneOf("With true only those that were not booked.", "true", "false"), "\"true\""),
                .. FunctionDescription.Paging,
            ],
            Answers = [new(200, "A page of lines, in the order of the file.", Schema.PageOf(Schema.Named("ImportRow")), $$"""{ "items": [{{RowExample}}], "nextCursor": null }""")],
            Problems = s_unknown,
        },
    ];

    public override IReadOnlyDictionary<string, (OpenApiSchema Schema, string Example)> Parameters { get; } = new Dictionary<string, (OpenApiSchema, string)>
    {
        ["import"] = (Schema.Id("The import's id."), "5f0c9e1d2b3a4c6e-1"),
    };

    public override IReadOnlyDictionary<string, OpenApiSchema> Schemas { get; } = new Dictionary<string, OpenApiSchema>
    {
        ["Import"] = Schema.Answer(
            "A file of bookings, and how far its lines are.",
            ("clinic", Schema.Text("The clinic's id.")),
            ("import", Schema.Text("Its id.")),
            ("state", Schema.OneOf<ImportState>("Whether lines are left to book.")),
            ("total", Schema.Integer("Its lines, but for the header and blank ones.", 1)),
            ("done", Schema.Integer("Those that have come to their end: the sum of the next four.", 0)),
            ("created", Schema.Integer("Sessions that were not known.", 0)),
            ("changed", Schema.Integer("Sessions that were changed.", 0)),
            ("unchanged", Schema.Integer("Sessions that were as the line has them.", 0)),
            ("failed", Schema.Integer("Lines that were not booked; the report says why.", 0)),
            ("startedAt", Schema.Moment("When the file came.")),
            ("endedAt", Schema.OrNull(Schema.Moment("When the last line was done.")))),
        ["ImportRow"] = Schema.Answer(
            "A line and what became of it. No value of it is repeated but the session's id.",
            ("line", Schema.Integer("Its number in the file; the header is 1.", 2)),
            ("session", Schema.OrNull(Schema.Text("The session's id; null when the line has none that can be one."))),
            ("state", Schema.OneOf<ImportLineState>("What became of it.")),
            ("errors", Schema.ListOf(
                Schema.Answer(
                    "What is wrong.",
                    ("column", Schema.OrNull(Schema.Text("In which column; null for the line as a whole."))),
                    ("message", Schema.Text("In words."))),
                "None when nothing is wrong."))),
        ["ImportDryRun"] = Schema.Answer(
            "What an import would come to.",
            ("dryRun", Schema.Flag("Always true: nothing was stored.")),
            ("total", Schema.Integer("Lines.", 1)),
            ("valid", Schema.Integer("Those that would be booked.", 0)),
            ("new", Schema.Integer("Of these, sessions that are not known.", 0)),
            ("known", Schema.Integer("Of these, sessions that are known: they would be changed or left as they are.", 0)),
            ("failed", Schema.Integer("Lines that would not be booked.", 0)),
            ("rows", Schema.ListOf(Schema.Named("ImportRow"), "Those lines."))),
    };
}
