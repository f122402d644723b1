using FollowUp.Functions.OpenApi;

namespace FollowUp.Functions.Audit;

internal sealed class AuditDescriptions : ApiDescriptions
{
    public override string Tag => "Audit";

    public override string About => "Who did what at a clinic.";

    public override IReadOnlyList<FunctionDescription> Functions { get; } =
    [
        new(nameof(AuditFunctions.GetAudit), "List what was done")
        {
            Details = "Newest first. Nothing of it is ever changed or removed.",
            Query =
            [
                new("since", Schema.Moment("Only from then on."), "\"2026-11-22T00:00:00Z\""),
                new("subject", Schema.Id("Only about this session, patient, text or clinic."), "\"b-77\""),
                .. FunctionDescription.Paging,
            ],
            Answers =
            [
                new(200, "A page of acts.", Schema.PageOf(Schema.Answer(
                    "Something that was done.",
                    ("id", Schema.Integer("Its number.")),
                    ("at", Schema.Moment("When.")),
                    ("actor", Schema.Text("Who: a key, a patient, FollowUp itself.")),
                    ("action", Schema.Text("What.")),
                    ("subject", Schema.Text("The id of what it was done to.")),
                    ("detail", Schema.OrNull(Schema.Text("More, without personal data."))))),
                    """
                    { "items": [ { "id": 7, "at": "2026-11-22T18:00:00Z", "actor": "key:root", "action": "session-booked", "subject": "b-77", "detail": null } ],
                      "nextCursor": null }
                    """),
            ],
            Problems = new Dictionary<int, string> { [404] = "There is no such clinic." },
        },
    ];
}
