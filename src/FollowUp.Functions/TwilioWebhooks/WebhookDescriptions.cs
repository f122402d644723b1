using FollowUp.Functions.OpenApi;
using Microsoft.OpenApi;

namespace FollowUp.Functions.TwilioWebhooks;

internal sealed class WebhookDescriptions : ApiDescriptions
{
    private const string Form = "application/x-www-form-urlencoded";

    public override string Tag => "Twilio";

    public override string About => "Twilio's webhooks. Nobody but Twilio calls these: its signature is the key.";

    public override IReadOnlyList<FunctionDescription> Functions { get; } =
    [
        new(nameof(WebhookFunctions.TwilioStatus), "What became of a text")
        {
            Details = "Twilio's status callback. Its other fields are allowed, and not read.",
            Query = [new("ref", Schema.Text("Which text this is about, as the address that Twilio was given says.", longest: 300), "\"glow:b-77:prep-7d:1\"")],
            Body = new(
                Fields(
                    "A status callback.",
                    [
                        ("MessageSid", Schema.Text("The text's SID.", shortest: 1)),
                        ("MessageStatus", Schema.Text("Where it stands, such as sent, delivered, undelivered or failed.", shortest: 1)),
                    ],
                    [("ErrorCode", Schema.Text("Twilio's code, if it was not delivered."))]),
                """{ "MessageSid": "SM0123456789abcdef0123456789abcdef", "MessageStatus": "delivered" }""",
                Form),
            Answers = [new(204, "It is known.")],
        },
        new(nameof(WebhookFunctions.TwilioInbound), "A text from a patient")
        {
            Details = "Twilio's webhook for incoming messages. Its other fields are allowed, and not read. What is answered is sent as texts of their own.",
            Body = new(
                Fields(
                    "An incoming message.",
                    [
                        ("MessageSid", Schema.Text("The text's SID.", shortest: 1)),
                        ("From", Schema.Text("The number that it came from.", shortest: 1)),
                        ("To", Schema.Text("The number that it was sent to.", shortest: 1)),
                    ],
                    [
                        ("Body", Schema.Text("The text.")),
                        ("OptOutType", Schema.Text("STOP, START or HELP, when Twilio has acted on it.")),
                        ("MessagingServiceSid", Schema.Text("The messaging service that the number belongs to.")),
                    ]),
                """{ "MessageSid": "SM0123456789abcdef0123456789abcdef", "From": "+14155550123", "To": "+15005550006", "Body": "Thank you!" }""",
                Form),
            Answers = [new(200, "An empty answer in Twilio's markup.", new Content(Schema.Text("TwiML."), "\"<Response/>\"", "text/xml"))],
        },
    ];

    /// <summary>Twilio adds fields as it likes.</summary>
    private static OpenApiSchema Fields(
        string description, IEnumerable<(string Name, IOpenApiSchema Schema)> required, IEnumerable<(string Name, IOpenApiSchema Schema)> optional)
    {
        var form = Schema.Request(description, required, optional);
        form.AdditionalPropertiesAllowed = true;
        return form;
    }
}
