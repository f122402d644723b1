using FollowUp.Functions.OpenApi;
using Microsoft.OpenApi;

namespace FollowUp.Functions.Fhir;

/// <summary>
/// FHIR's own definitions say what the resources hold (hl7.org/fhir/R4/appointment.html); here stands what of them is asked for and answered.
/// </summary>
internal sealed class FhirDescriptions : ApiDescriptions
{
    private const string Example = """
        { "resourceType": "Appointment", "id": "visit-901", "status": "booked", "start": "2026-12-01T10:00:00-08:00", "end": "2026-12-01T11:00:00-08:00",
          "extension": [ { "url": "urn:followup:plan", "valueCode": "microneedling-acne-scars" } ],
          "contained": [ { "resourceType": "Patient", "id": "me", "identifier": [ { "system": "https://glow.example/mrn", "value": "901" } ],
                           "extension": [ { "url": "urn:followup:consent", "valueCode": "care" } ],
                           "name": [ { "use": "usual", "given": ["Ada"] } ], "telecom": [ { "system": "sms", "value": "+14155550123" } ] } ],
          "participant": [ { "actor": { "reference": "#me" }, "required": "required", "status": "accepted" } ] }
        """;

    private const string Understood = """
        { "resourceType": "Appointment", "id": "visit-901",
          "extension": [ { "url": "urn:followup:plan", "valueCode": "microneedling-acne-scars" }, { "url": "urn:followup:session-number", "valuePositiveInt": 1 },
                         { "url": "urn:followup:planned-sessions", "valuePositiveInt": 3 } ],
          "identifier": [ { "system": "urn:followup:session", "value": "visit-901" } ], "status": "booked",
          "start": "2026-12-01T18:00:00Z", "end": "2026-12-01T19:00:00Z",
          "participant": [ { "actor": { "type": "Patient", "identifier": { "system": "urn:followup:patient", "value": "fhir_0f1e2d3c4b5a69788796a5b4c3d2e1f0" } },
                             "status": "accepted" } ] }
        """;

    private const string Refused = """
        { "resourceType": "OperationOutcome",
          "issue": [ { "severity": "error", "code": "business-rule", "expression": ["Appointment.status"],
                       "details": { "text": "The appointment is only proposed: nobody has agreed to it. Send it again when it is booked." } } ] }
        """;

    private const string Nothing = """
        { "resourceType": "OperationOutcome",
          "issue": [ { "severity": "information", "code": "informational", "expression": ["Appointment"],
                       "details": { "text": "The appointment was not known here, so that nothing was called off." } } ] }
        """;

    public override string Tag => "FHIR";

    public override string About => "Appointments as HL7 FHIR R4 has them.";

    public override IReadOnlyList<FunctionDescription> Functions { get; } =
    [
        new(nameof(FhirFunctions.PostFhirAppointment), "Take an appointment")
        {
            Details = "An Appointment with its Patient contained or known, or a Bundle (collection, transaction, message) with both, as application/fhir+json. booked, arrived, checked-in and "
                + "fulfilled book a session or change it; cancelled, entered-in-error and noshow end it. With `Prefer: return=minimal` or "
                + "`return=OperationOutcome` only what there is to say comes back.",
            Body = new(Resource("Appointment", "Bundle"), Example, FhirAnswer.MediaType),
            Answers =
            [
                Says(200, "Changed, or as it was; an OperationOutcome where there was nothing to call off.", Resource("Appointment", "OperationOutcome"), Nothing),
                Says(201, "Booked: the appointment as understood.", Resource("Appointment", "OperationOutcome"), Understood),
                Refuses(400, "The body is no resource that is taken."),
                Refuses(404, "There is no such clinic."),
                Refuses(409, "The session has ended, belongs to another patient or runs on another plan."),
                Refuses(415, "The body is not said to be FHIR's JSON."),
                Refuses(422, "The appointment cannot be a session as it is; every reason is told, with its place."),
            ],
        },
    ];

    private static Answer Says(int status, string means, OpenApiSchema schema, string example) =>
        new(status, means, new Content(schema, example, FhirAnswer.MediaType));

    private static Answer Refuses(int status, string means) => Says(status, means, Resource("OperationOutcome"), Refused);

    /// <summary>A resource of one of the types; which elements it has, FHIR says.</summary>
    private static OpenApiSchema Resource(params string[] types) => new()
    {
        Type = JsonSchemaType.Object,
        Description = "A resource of FHIR R4.",
        Properties = new Dictionary<string, IOpenApiSchema> { ["resourceType"] = Schema.OneOf("What it is.", types) },
        Required = new HashSet<string> { "resourceType" },
        AdditionalProperties = new OpenApiSchema(),
    };
}
