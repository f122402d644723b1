using FollowUp.Data.Inbox;
using FollowUp.Functions.OpenApi;
using Microsoft.OpenApi;

namespace FollowUp.Functions.Inbox;

internal sealed class InboxDescriptions : ApiDescriptions
{
    private const string Example = """
        { "message": "SM0123456789abcdef0123456789abcdef", "patient": "p-1001", "session": "b-77", "from": "+14155550123",
          "text": "Is some redness normal?", "meaning": "other", "redFlag": false, "rating": null, "receivedAt": "2026-12-02T09:00:00Z",
          "readAt": null, "readBy": null }
        """;

    private static readonly IReadOnlyDictionary<int, string> s_unknown = new Dictionary<int, string> { [404] = "There is no such text in the clinic's inbox." };

    public override string Tag => "Inbox";

    public override string About => "Patients' texts that a human must read.";

    public override IReadOnlyList<FunctionDescription> Functions { get; } =
    [
        new(nameof(InboxFunctions.GetInbox), "List the inbox")
        {
            Details = "Newest first. While a text of a patient is unread, prompts to book wait.",
            Query =
            [
                new("unread", Schema.OneOf("`true`: only those that nobody has read.", "true", "false"), "\"true\""),
                .. FunctionDescription.Paging,
            ],
            Answers = [new(200, "A page of texts.", Schema.PageOf(Schema.Named("InboxText")), $$"""{ "items": [{{Example}}], "nextCursor": null }""")],
        },
        new(nameof(InboxFunctions.PostInboxRead), "Settle a text")
        {
            Details = "Somebody has read it. Its alerts are acknowledged by that.",
            Body = new(Schema.Request("Who has read it.", [("by", Schema.Words("Their name.", 100))], []), """{ "by": "Nurse Joy" }"""),
            Answers = [new(200, "The text.", Schema.Named("InboxText"), Example)],
            Problems = s_unknown,
        },
        new(nameof(InboxFunctions.PostInboxReply), "Answer a text")
        {
            Details = "In the clinic's own words. The same answer to the same text, sent again, is one text. The text is read thereby.",
            Body = new(
                Schema.Request(
                    "An answer.",
                    [("by", Schema.Words("Who answers.", 100)), ("text", Schema.Words("What the patient gets.", InboxStore.LongestReply))],
                    []),
                """{ "by": "Nurse Joy", "text": "Yes, for a day or two. Call us if it spreads." }"""),
            Answers =
            [
                new(200, "It has been answered like this before.", Schema.Named("InboxText"), Example),
                new(202, "The answer will be sent.", Schema.Named("InboxText"), Example),
            ],
            Problems = new Dictionary<int, string>(s_unknown) { [409] = "It is not sent: the number has opted out or is somebody else's, the patient has another number now, the same answer may have arrived before, or the clinic has named nobody to alert." },
        },
    ];

    public override IReadOnlyDictionary<string, OpenApiSchema> Schemas { get; } = new Dictionary<string, OpenApiSchema>
    {
        ["InboxText"] = Schema.Answer(
            "A patient's text that a human must read.",
            ("message", Schema.Text("Twilio's SID.")),
            ("patient", Schema.OrNull(Schema.Text("The patient's id."))),
            ("session", Schema.OrNull(Schema.Text("The session's id."))),
            ("from", Schema.OrNull(Schema.Text("The number that it came from."))),
            ("text", Schema.Text("What the patient wrote.")),
            ("meaning", Schema.OneOf<InboundMeaning>("What was read in it.")),
            ("redFlag", Schema.Flag("Its words may mean trouble.")),
            ("rating", Schema.OrNull(Schema.Integer("The answer to a check-in.", 1, 5))),
            ("receivedAt", Schema.Moment("When it came.")),
            ("readAt", Schema.OrNull(Schema.Moment("When somebody read it."))),
            ("readBy", Schema.OrNull(Schema.Text("Who did.")))),
    };
}
