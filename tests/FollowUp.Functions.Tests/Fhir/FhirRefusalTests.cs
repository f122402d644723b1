using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Hl7.Fhir.Model;
using Task = System.Threading.Tasks.Task;

namespace FollowUp.Functions.Tests.Fhir;

/// <summary>Appointments that are not taken: each is told in words that a clinic understands, with the place in the resource, and nothing is stored.</summary>
public sealed class FhirRefusalTests : IAsyncLifetime
{
    private const string FhirPath = AppUnderTest.ClinicPath + "/fhir/Appointment";

    private AppUnderTest _app = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await AppUnderTest.StartAsync(withClinic: false);
        var clinic = AppUnderTest.ClinicBody();
        clinic["fhir"] = new JsonObject { ["plans"] = new JsonObject { ["|77"] = "microneedling-acne-scars", ["|78"] = "filler" } };
        (await _app.PutAsync(AppUnderTest.ClinicPath, clinic)).EnsureSuccessStatusCode();
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    public static TheoryData<string, string, string> OfAppointments() => new()
    {
        { "status=\"proposed\"", "Appointment.status", "The appointment is only proposed" },
        { "status=\"pending\"", "Appointment.status", "The appointment is pending" },
        { "status=\"waitlist\"", "Appointment.status", "The appointment is on a waiting list" },
        { "status=\"maybe\"", "Appointment.status", "This is no status of an appointment in FHIR R4." },
        { "status=null", "Appointment.status", "An appointment has a status." },
        { "status=5", "Appointment.status", "Must be a text" },
        { "start=null", "Appointment.start", "A booked appointment has a start." },
        { "start=\"2026-12-01\"", "Appointment.start", "Must be a date and time with an offset" },
        { "start=\"2013-12-10T09:00:00Z\"", "Appointment.start", "Must lie between two years ago and two years ahead." },
        { "id=null", "Appointment.identifier", "The appointment has neither an id nor an identifier" },
        { "serviceType=null", "Appointment.serviceType", "It has no coding, and the clinic has no default plan." },
        { "serviceType=[{\"coding\":[{\"system\":\"urn:x\",\"code\":\"9\"}]}]", "Appointment.serviceType", "No care plan is set for urn:x|9, and the clinic has no default plan." },
        { "serviceType=[{\"coding\":[{\"code\":\"77\"},{\"code\":\"78\"}]}]", "Appointment.serviceType", "Its codings are for several care plans: microneedling-acne-scars, filler." },
        { "participant=[]", "Appointment.participant", "The appointment names no patient" },
        { "participant=\"Ada\"", "Appointment.participant", "Must be a list of objects." },
        { "participant=[{\"actor\":{\"reference\":\"Patient/1\"},\"status\":\"accepted\"},{\"actor\":{\"reference\":\"Patient/2\"},\"status\":\"accepted\"}]", "Appointment.participant", "The appointment names several patients." },
        { "participant=[{\"actor\":{\"reference\":\"Patient/1\"},\"status\":\"declined\"}]", "Appointment.participant[0].status", "The patient has declined." },
        { "participant=[{\"actor\":{\"reference\":\"Patient/nobody\"},\"status\":\"accepted\"}]", "Appointment.participant[0].actor", "The appointment names a patient whom the clinic does not have here." },
        { "participant=[{\"actor\":{\"reference\":\"https://elsewhere.example/fhir/Patient/1\"},\"status\":\"accepted\"}]", "Appointment.participant[0].actor.reference", "The patient is on another server" },
        { "participant=[{\"actor\":{\"reference\":\"#nobody\",\"type\":\"Patient\"},\"status\":\"accepted\"}]", "Appointment.participant[0].actor.reference", "The reference leads to no Patient" },
        { "participant=[{\"actor\":{\"type\":\"Patient\",\"display\":\"Ada\"},\"status\":\"accepted\"}]", "Appointment.participant[0].actor", "The patient is named without a reference or an identifier." },
        { "modifierExtension=[{\"url\":\"urn:x\",\"valueBoolean\":true}]", "Appointment.modifierExtension", "It changes what the resource means" },
        { "implicitRules=\"urn:x\"", "Appointment.implicitRules", "It changes what the resource means" },
        { "extension=[{\"url\":\"urn:followup:consents\",\"valueCode\":\"care\"}]", "Appointment.extension[0]", "This extension is not known here." },
        { "extension=[{\"url\":\"urn:followup:session-number\",\"valueString\":\"2\"}]", "Appointment.extension[0]", "Its value must be a positiveInt" },
        { "extension=[{\"url\":\"urn:followup:session-number\",\"valuePositiveInt\":9},{\"url\":\"urn:followup:planned-sessions\",\"valuePositiveInt\":4}]", "Appointment.extension", "Must be 1 to plannedSessions." },
        { "extension=[{\"url\":\"urn:followup:plan\",\"valueCode\":\"botox\"}]", "Appointment.serviceType", "There is no such care plan." },
    };

    [Theory]
    [MemberData(nameof(OfAppointments))]
    public async Task An_appointment_is_refused_with_its_reason(string change, string expression, string message)
    {
        var appointment = SomeFhir.Appointment();
        Change(appointment, change);
        if (!change.StartsWith("participant", StringComparison.Ordinal))
        {
            appointment = SomeFhir.Contained(appointment);
        }

        await AssertRefusedAsync(appointment, HttpStatusCode.UnprocessableEntity, expression, message);
    }

    public static TheoryData<string, string, string> OfPatients() => new()
    {
        { "deceasedBoolean=true", "deceased", "The patient is said to have died." },
        { "deceasedDateTime=\"2026-01-01\"", "deceased", "The patient is said to have died." },
        { "active=false", "active", "The patient's record is said not to be in use." },
        { "identifier=null", "identifier", "The patient has no identifier" },
        { "name=null", "name.given", "This field is required." },
        { "name=[{\"family\":\"Clark\"}]", "name.given", "This field is required." },
        { "telecom=null", "telecom", "This field is required." },
        { "telecom=[{\"system\":\"email\",\"value\":\"ada@example.org\"}]", "telecom", "This field is required." },
        { "telecom=[{\"system\":\"sms\",\"value\":1.5}]", "telecom[0].value", "Must be a text that is not empty." },
        { "telecom=[{\"system\":\"sms\",\"value\":\"\"}]", "telecom[0].value", "Must be a text that is not empty." },
        { "telecom=[{\"system\":\"phone\",\"value\":\"+14155550123\",\"use\":\"work\"}]", "telecom", "This field is required." },
        { "telecom=[{\"system\":\"phone\",\"value\":\"(03) 5555 6473\",\"use\":\"mobile\"}]", "telecom", "The phone number does not begin with + and a country code." },
        { "communication=[{\"language\":{\"coding\":[{\"system\":\"urn:ietf:bcp:47\",\"code\":\"english!\"}]}}]", "communication", "Must be a well-formed BCP 47 language tag" },
        { "extension=[{\"url\":\"http://hl7.org/fhir/StructureDefinition/timezone\",\"valueCode\":\"PST\"}]", "extension", "Must be an IANA time zone" },
        { "extension=[{\"url\":\"urn:followup:consent\",\"valueCode\":\"all\"}]", "", "A consent must be one of: care, marketing, none." },
        { "extension=[{\"url\":\"urn:followup:consent\",\"valueCode\":\"none\"},{\"url\":\"urn:followup:consent\",\"valueCode\":\"care\"}]", "", "Says 'none' and a consent at once." },
        { "extension=[{\"url\":\"urn:followup:consents\",\"valueCode\":\"care\"}]", "extension[0]", "This extension is not known here." },
        { "extension=[{\"url\":\"urn:followup:essentials-only\",\"valueString\":\"yes\"}]", "extension[0]", "Its value must be a boolean." },
        { "modifierExtension=[{\"url\":\"urn:x\",\"valueBoolean\":true}]", "modifierExtension", "It changes what the resource means" },
    };

    [Theory]
    [MemberData(nameof(OfPatients))]
    public async Task A_patient_is_refused_with_the_reason(string change, string element, string message)
    {
        var patient = SomeFhir.Patient();
        Change(patient, change);
        await AssertRefusedAsync(
            SomeFhir.Contained(patient: patient), HttpStatusCode.UnprocessableEntity, $"Appointment.contained[0]{(element.Length == 0 ? "" : ".")}{element}", message);
    }

    [Fact]
    public async Task What_is_shaped_as_the_published_examples_is_taken_or_refused_in_words()
    {
        // A visit with its patient by reference, whom the clinic must have.
        await AssertRefusedAsync(SomeFhir.Appointment(), HttpStatusCode.UnprocessableEntity, "Appointment.participant[0].actor", "The appointment names a patient whom the clinic does not have here.");

        // A request that nobody has agreed to, and doctors among themselves.
        await AssertRefusedAsync(SomeFhir.Request(), HttpStatusCode.UnprocessableEntity, "Appointment.status", "The appointment is only proposed");
        await AssertRefusedAsync(SomeFhir.Discussion(), HttpStatusCode.UnprocessableEntity, "Appointment.participant[0].required", "The patient is not asked to come");

        Assert.Equal(HttpStatusCode.Created, (await PostAsync(SomeFhir.Bundle("collection", SomeFhir.Appointment(), SomeFhir.Patient()).ToJsonString())).StatusCode);
    }

    [Theory]
    [InlineData("", "application/fhir+json", HttpStatusCode.BadRequest, "The body is empty")]
    [InlineData("{ \"resourceType\": ", "application/fhir+json", HttpStatusCode.BadRequest, "Not valid JSON at line 1")]
    [InlineData("[]", "application/json", HttpStatusCode.BadRequest, "A JSON object is expected.")]
    [InlineData("{}", "application/json", HttpStatusCode.BadRequest, "The body must be an Appointment")]
    [InlineData("{ \"resourceType\": \"Slot\" }", "application/json", HttpStatusCode.BadRequest, "The body must be an Appointment")]
    [InlineData("{ \"resourceType\": \"Bundle\", \"type\": \"searchset\" }", "application/json", HttpStatusCode.BadRequest, "A Bundle must be one of: collection, transaction, message.")]
    [InlineData("{ \"resourceType\": \"Bundle\", \"type\": \"collection\" }", "application/json", HttpStatusCode.BadRequest, "The Bundle must hold one Appointment; it holds 0.")]
    [InlineData("{ \"resourceType\": \"Appointment\", \"status\": \"booked\", \"status\": \"cancelled\" }", "application/json", HttpStatusCode.BadRequest, "Not valid JSON")]
    [InlineData("<Appointment/>", "application/fhir+xml", HttpStatusCode.UnsupportedMediaType, "The body is not said to be JSON.")]
    public async Task What_is_no_appointment_is_refused(string body, string type, HttpStatusCode status, string message)
    {
        using var content = new StringContent(body, Encoding.UTF8);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        var answer = await _app.Client.PostAsync(FhirPath, content);

        Assert.Equal(status, answer.StatusCode);
        Assert.StartsWith(message, FhirJudge.Read<OperationOutcome>(await answer.Content.ReadAsStringAsync()).Issue[0].Details!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_appointments_in_a_Bundle_one_to_delete_an_unknown_clinic_and_a_large_body_are_refused()
    {
        var bundle = SomeFhir.Bundle("transaction", SomeFhir.Appointment(), SomeFhir.Patient());
        var twice = (JsonObject)bundle.DeepClone();
        twice["entry"]!.AsArray().Add(twice["entry"]![0]!.DeepClone());
        await AssertRefusedAsync(twice, HttpStatusCode.BadRequest, "Bundle.entry", "The Bundle must hold one Appointment; it holds 2.");

        bundle["entry"]![0]!["request"]!["method"] = "DELETE";
        await AssertRefusedAsync(bundle, HttpStatusCode.UnprocessableEntity, "Bundle.entry[0].request.method", "Nothing is deleted this way.");

        using var content = new StringContent(SomeFhir.Contained().ToJsonString(), Encoding.UTF8, "application/json");
        var elsewhere = await _app.Client.PostAsync("/api/clinics/none/fhir/Appointment", content);
        Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);
        Assert.Equal(OperationOutcome.IssueType.NotFound, FhirJudge.Read<OperationOutcome>(await elsewhere.Content.ReadAsStringAsync()).Issue[0].Code);

        var large = SomeFhir.Contained();
        large["description"] = new string('x', 1_100_000);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await PostAsync(large.ToJsonString())).StatusCode);
    }

    [Fact]
    public async Task All_mistakes_are_told_at_once_and_a_session_keeps_its_patient_and_its_plan()
    {
        var patient = SomeFhir.Patient();
        Change(patient, "telecom=null");
        Change(patient, "name=null");
        var answer = FhirJudge.Read<OperationOutcome>(await (await PostAsync(SomeFhir.Contained(patient: patient).ToJsonString())).Content.ReadAsStringAsync());
        Assert.Equal(
            ["Appointment.contained[0].name.given", "Appointment.contained[0].telecom"],
            answer.Issue.Where(issue => issue.Severity == OperationOutcome.IssueSeverity.Error).Select(issue => issue.Expression.Single()).Order(StringComparer.Ordinal));

        (await PostAsync(SomeFhir.Contained().ToJsonString())).EnsureSuccessStatusCode();
        var other = SomeFhir.Patient();
        other["identifier"]![0]!["value"] = "another";
        await AssertConflictAsync(SomeFhir.Contained(patient: other), "Appointment.participant", "A session keeps its patient.");
        var replanned = SomeFhir.Contained();
        replanned["extension"] = new JsonArray(new JsonObject { ["url"] = "urn:followup:plan", ["valueCode"] = "superficial-peel" });
        await AssertConflictAsync(replanned, "Appointment.serviceType", "A session keeps the plan that it started with.");
    }

    private static void Change(JsonObject resource, string change)
    {
        var (name, value) = (change[..change.IndexOf('=', StringComparison.Ordinal)], change[(change.IndexOf('=', StringComparison.Ordinal) + 1)..]);
        if (value == "null")
        {
            resource.Remove(name);
        }
        else
        {
            resource[name] = JsonNode.Parse(value);
        }
    }

    private async Task<HttpResponseMessage> PostAsync(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/fhir+json");
        return await _app.Client.PostAsync(FhirPath, content);
    }

    private async Task AssertRefusedAsync(JsonObject resource, HttpStatusCode status, string expression, string message)
    {
        await AssertIssueAsync(await PostAsync(resource.ToJsonString()), status, expression, message);
        Assert.Equal(0L, new StoreFile(_app).Run("SELECT (SELECT COUNT(*) FROM sessions) + (SELECT COUNT(*) FROM patients)"));
    }

    private async Task AssertConflictAsync(JsonObject resource, string expression, string message) =>
        await AssertIssueAsync(await PostAsync(resource.ToJsonString()), HttpStatusCode.Conflict, expression, message);

    private static async Task AssertIssueAsync(HttpResponseMessage answer, HttpStatusCode status, string expression, string message)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, text);
        Assert.Equal("application/fhir+json", answer.Content.Headers.ContentType!.MediaType);
        var found = FhirJudge.Read<OperationOutcome>(text).Issue.Exists(issue =>
            issue.Severity == OperationOutcome.IssueSeverity.Error && issue.Expression.FirstOrDefault() == expression
            && issue.Details!.Text!.StartsWith(message, StringComparison.Ordinal));
        Assert.True(found, $"Not among the issues: {expression}: {message}\n{text}");
    }
}
