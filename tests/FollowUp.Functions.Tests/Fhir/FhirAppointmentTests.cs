using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Hl7.Fhir.Model;
using Task = System.Threading.Tasks.Task;

namespace FollowUp.Functions.Tests.Fhir;

/// <summary>Appointments of R4: what is taken and as what, what is refused and in which words.</summary>
public sealed class FhirAppointmentTests : IAsyncLifetime
{
    private const string FhirPath = AppUnderTest.ClinicPath + "/fhir/Appointment";
    private const string VisitPath = AppUnderTest.ClinicPath + "/sessions/visit-2001";

    private AppUnderTest _app = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await AppUnderTest.StartAsync(withClinic: false);
        (await PutClinicAsync(fhir => { })).EnsureSuccessStatusCode();
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData("collection")]
    [InlineData("transaction")]
    [InlineData("message")]
    public async Task A_booked_appointment_in_a_Bundle_with_its_patient_becomes_a_session(string type)
    {
        var answer = await PostAsync(SomeFhir.Bundle(type, SomeFhir.Appointment(), SomeFhir.Patient()));
        var understood = await ReadAsync<Appointment>(answer);

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal(VisitPath, answer.Headers.Location!.OriginalString);
        Assert.Equal("visit-2001", understood.Id);
        Assert.Equal(Appointment.AppointmentStatus.Booked, understood.Status);
        Assert.Equal(DateTimeOffset.Parse("2026-12-01T18:00:00Z"), understood.Start);
        Assert.Equal("microneedling-acne-scars", understood.GetExtensionValue<Code>("urn:followup:plan").Value);
        var session = await _app.GetSessionAsync(VisitPath);
        Assert.Equal("2026-12-01T18:00:00Z 1/3", $"{session["startsAt"]} {session["sessionNumber"]}/{session["plannedSessions"]}");
        Assert.Equal("planned", (string)session["timeline"]![0]!["state"]!);

        var patient = await PatientAsync("pat-1");
        Assert.Equal(
            """Ada +14155550123 es America/Denver ["care","marketing"]""",
            $"{patient["firstName"]} {patient["phone"]} {patient["language"]} {patient["timeZone"]} {patient["consents"]!.ToJsonString()}");
        Assert.Equal("form at the desk", (string)patient["consentHistory"]![0]!["method"]!);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(SomeFhir.Bundle(type, SomeFhir.Appointment(), SomeFhir.Patient()))).StatusCode);
    }

    [Fact]
    public async Task A_contained_patient_is_known_by_a_hash_of_the_identifier_which_stands_nowhere()
    {
        var first = await ReadAsync<Appointment>(await PostAsync(SomeFhir.Contained()));
        var id = PatientOf(first);
        Assert.StartsWith("fhir_", id, StringComparison.Ordinal);
        Assert.Equal("Ada", (string)(await PatientAsync(id))["firstName"]!);
        Assert.Empty(new StoreFile(_app).Traces("990-11-7766"));

        // The same person in another appointment, and with a resource id of their own: the identifier says who they are.
        var later = SomeFhir.Appointment();
        (later["id"], later["start"], later["end"]) = ("visit-2002", "2027-01-05T10:00:00-08:00", "2027-01-05T11:00:00-08:00");
        var second = await ReadAsync<Appointment>(await PostAsync(SomeFhir.Contained(later)));
        Assert.Equal(id, PatientOf(second));
        Assert.Equal(2, second.GetExtensionValue<PositiveInt>("urn:followup:session-number").Value);
        var rebooked = await _app.GetSessionAsync(VisitPath);
        Assert.Contains(rebooked["timeline"]!.AsArray(), step => (string?)step!["reason"] == "a later session is booked");

        // Another system's same value is another person.
        var other = SomeFhir.Patient();
        other["identifier"]![0]!["system"] = "https://elsewhere.example/mrn";
        var third = SomeFhir.Appointment();
        third["id"] = "visit-2003";
        Assert.NotEqual(id, PatientOf(await ReadAsync<Appointment>(await PostAsync(SomeFhir.Contained(third, other)))));
    }

    [Fact]
    public async Task A_patient_whom_the_clinic_has_is_named_by_a_reference_alone_and_nothing_of_theirs_is_changed()
    {
        await PostAsync(SomeFhir.Bundle("collection", SomeFhir.Appointment(), SomeFhir.Patient()));
        var before = (await PatientAsync("pat-1")).ToJsonString();
        var later = SomeFhir.Appointment();
        (later["id"], later["start"], later["end"]) = ("visit-2002", "2027-01-05T10:00:00-08:00", "2027-01-05T11:00:00-08:00");
        later["participant"]![0]!["actor"]!["reference"] = "Patient/pat-1/_history/3";

        Assert.Equal(HttpStatusCode.Created, (await PostAsync(later)).StatusCode);
        Assert.Equal(before, (await PatientAsync("pat-1")).ToJsonString());
    }

    [Fact]
    public async Task An_appointment_with_an_identifier_alone_is_one_session_however_often_it_comes()
    {
        var appointment = SomeFhir.Appointment();
        appointment.Remove("id");
        appointment["identifier"] = new JsonArray(new JsonObject { ["system"] = "https://glow.example/visits", ["value"] = "a/b c?" });
        var first = await PostAsync(SomeFhir.Bundle("collection", appointment, SomeFhir.Patient()));
        var second = await PostAsync(SomeFhir.Bundle("collection", appointment, SomeFhir.Patient()));

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
        Assert.Equal(first.Headers.Location, second.Headers.Location);
        await ReadAsync<Appointment>(first);
        Assert.Matches("/sessions/fhir_[0-9a-f]{32}$", first.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task A_changed_start_moves_the_session_and_its_texts()
    {
        await PostAsync(SomeFhir.Bundle("collection", SomeFhir.Appointment(), SomeFhir.Patient()));
        var moved = SomeFhir.Appointment();
        (moved["start"], moved["end"]) = ("2026-12-08T10:00:00-08:00", "2026-12-08T11:00:00-08:00");
        var answer = await PostAsync(moved);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var session = await _app.GetSessionAsync(VisitPath);
        Assert.Equal("2026-12-08T18:00:00Z 2026-12-01T18:00:00Z", $"{session["startsAt"]} {session["timeline"]![0]!["dueAt"]}");
    }

    [Theory]
    [InlineData("arrived", "scheduled|waiting", Appointment.AppointmentStatus.Booked)]
    [InlineData("checked-in", "scheduled|waiting", Appointment.AppointmentStatus.Booked)]
    [InlineData("fulfilled", "scheduled|waiting", Appointment.AppointmentStatus.Fulfilled)]
    [InlineData("noshow", "scheduled|waiting", Appointment.AppointmentStatus.Noshow)]
    [InlineData("cancelled", "cancelled", Appointment.AppointmentStatus.Cancelled)]
    [InlineData("entered-in-error", "cancelled", Appointment.AppointmentStatus.Cancelled)]
    public async Task A_status_says_what_became_of_the_session_and_again_it_changes_nothing(string status, string states, Appointment.AppointmentStatus understood)
    {
        await PostAsync(SomeFhir.Bundle("collection", SomeFhir.Appointment(), SomeFhir.Patient()));
        var appointment = SomeFhir.Appointment();
        appointment["status"] = status;
        for (var time = 0; time < 2; time++)
        {
            var answer = await PostAsync(appointment);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(understood, (await ReadAsync<Appointment>(answer)).Status);
            Assert.Contains((string)(await _app.GetSessionAsync(VisitPath))["state"]!, states.Split('|'));
        }

        var outcome = (string)new StoreFile(_app).Run("SELECT outcome FROM sessions")!;
        Assert.Equal(status switch { "fulfilled" => "completed", "noshow" => "no-show", "cancelled" or "entered-in-error" => "cancelled", _ => "booked" }, outcome);
    }

    [Fact]
    public async Task An_appointment_that_was_held_before_it_was_known_gets_its_aftercare_and_one_that_was_called_off_is_let_be()
    {
        var held = SomeFhir.Appointment();
        (held["status"], held["start"], held["end"]) = ("fulfilled", "2026-11-22T09:00:00-08:00", "2026-11-22T09:45:00-08:00");
        Assert.Equal(HttpStatusCode.Created, (await PostAsync(SomeFhir.Bundle("collection", held, SomeFhir.Patient()))).StatusCode);
        Assert.Contains((await _app.GetSessionAsync(VisitPath))["timeline"]!.AsArray(), step => (string)step!["kind"]! == "aftercare" && (string)step["state"]! == "planned");

        var cancelled = SomeFhir.Appointment();
        (cancelled["id"], cancelled["status"]) = ("never-known", "cancelled");
        var answer = await PostAsync(cancelled);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("was not known here", (await ReadAsync<OperationOutcome>(answer)).Issue.Single().Details!.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await _app.Client.GetAsync(AppUnderTest.ClinicPath + "/sessions/never-known")).StatusCode);
    }

    [Fact]
    public async Task A_session_that_was_called_off_is_not_brought_back_by_the_same_appointment_but_by_one_in_the_future()
    {
        await PostAsync(SomeFhir.Bundle("collection", SomeFhir.Appointment(), SomeFhir.Patient()));
        await _app.PostEventAsync("cancelled", VisitPath);

        var same = await PostAsync(SomeFhir.Appointment());
        Assert.Equal(HttpStatusCode.Conflict, same.StatusCode);
        Assert.Equal("Appointment.status", (await ReadAsync<OperationOutcome>(same)).Issue.Single().Expression.Single());

        var moved = SomeFhir.Appointment();
        (moved["start"], moved["end"]) = ("2026-12-08T10:00:00-08:00", "2026-12-08T11:00:00-08:00");
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(moved)).StatusCode);
        Assert.NotEqual("cancelled", (string)(await _app.GetSessionAsync(VisitPath))["state"]!);
    }

    [Fact]
    public async Task Without_a_documented_consent_no_text_is_planned_and_the_answer_warns()
    {
        var patient = SomeFhir.Patient();
        patient.Remove("extension");
        var answer = await ReadAsync<Appointment>(await PostAsync(SomeFhir.Bundle("collection", SomeFhir.Appointment(), patient)));

        var outcome = Assert.IsType<OperationOutcome>(answer.Contained.Single());
        var warning = outcome.Issue.Single(issue => issue.Severity == OperationOutcome.IssueSeverity.Warning);
        Assert.Contains("No consent to texts is documented", warning.Details!.Text, StringComparison.Ordinal);
        Assert.All((await _app.GetSessionAsync(VisitPath))["timeline"]!.AsArray(), step => Assert.Equal("skipped", (string)step!["state"]!));
        Assert.Empty((await PatientAsync("pat-1"))["consents"]!.AsArray());
    }

    [Fact]
    public async Task Consents_that_are_not_mentioned_stay_and_none_takes_them_back()
    {
        await PostAsync(SomeFhir.Bundle("collection", SomeFhir.Appointment(), SomeFhir.Patient()));
        var silent = SomeFhir.Patient();
        silent.Remove("extension");
        await PostAsync(SomeFhir.Bundle("collection", SomeFhir.Appointment(), silent));
        Assert.Equal(2, (await PatientAsync("pat-1"))["consents"]!.AsArray().Count);
        Assert.Equal("America/Denver", (string)(await PatientAsync("pat-1"))["timeZone"]!);

        silent["extension"] = new JsonArray(new JsonObject { ["url"] = "urn:followup:consent", ["valueCode"] = "none" });
        await PostAsync(SomeFhir.Bundle("collection", SomeFhir.Appointment(), silent));
        Assert.Empty((await PatientAsync("pat-1"))["consents"]!.AsArray());
    }

    [Fact]
    public async Task The_clinics_mapping_and_the_extensions_say_which_plan_and_which_session_it_is()
    {
        (await PutClinicAsync(fhir =>
        {
            fhir["plans"] = new JsonObject { ["https://glow.example/services|fill"] = "filler", ["|77"] = "microneedling-acne-scars" };
            fhir["defaultPlan"] = null;
            fhir["plannedSessions"] = 5;
        })).EnsureSuccessStatusCode();
        var appointment = SomeFhir.Appointment();
        await PostAsync(SomeFhir.Bundle("collection", appointment, SomeFhir.Patient()));
        Assert.Equal("microneedling-acne-scars 1/5", Course(await _app.GetSessionAsync(VisitPath)));

        (appointment["id"], appointment["start"], appointment["end"]) = ("visit-2", "2027-01-08T10:00:00-08:00", "2027-01-08T11:00:00-08:00");
        appointment["extension"] = new JsonArray(
            new JsonObject { ["url"] = "urn:followup:session-number", ["valuePositiveInt"] = 3 },
            new JsonObject { ["url"] = "urn:followup:planned-sessions", ["valueInteger"] = 4 });
        await PostAsync(appointment);
        Assert.Equal("microneedling-acne-scars 3/4", Course(await _app.GetSessionAsync(AppUnderTest.ClinicPath + "/sessions/visit-2")));

        appointment["id"] = "visit-3";
        appointment["extension"] = new JsonArray(new JsonObject { ["url"] = "urn:followup:plan", ["valueCode"] = "superficial-peel" });
        Assert.Equal(HttpStatusCode.Created, (await PostAsync(appointment)).StatusCode);
        Assert.StartsWith("superficial-peel 1/", Course(await _app.GetSessionAsync(AppUnderTest.ClinicPath + "/sessions/visit-3")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("return=minimal", "OperationOutcome")]
    [InlineData("return=OperationOutcome", "OperationOutcome")]
    [InlineData("return=representation", "Appointment")]
    public async Task The_sender_says_what_it_wants_back(string preference, string type)
    {
        using var request = Request(SomeFhir.Bundle("collection", SomeFhir.Appointment(), SomeFhir.Patient()).ToJsonString());
        request.Headers.Add("Prefer", preference);
        var answer = await _app.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal(type, (await ReadAsync<Resource>(answer)).TypeName);
    }

    private static string PatientOf(Appointment appointment) => appointment.Participant[0].Actor!.Identifier!.Value!;

    private static string Course(JsonObject session) => $"{session["plan"]} {session["sessionNumber"]}/{session["plannedSessions"]}";

    private async Task<JsonObject> PatientAsync(string id) => (await _app.Client.GetFromJsonAsync<JsonObject>($"{AppUnderTest.ClinicPath}/patients/{id}"))!;

    private Task<HttpResponseMessage> PutClinicAsync(Action<JsonObject> change)
    {
        var fhir = new JsonObject { ["defaultPlan"] = "microneedling-acne-scars" };
        change(fhir);
        var clinic = AppUnderTest.ClinicBody();
        clinic["fhir"] = fhir;
        return _app.PutAsync(AppUnderTest.ClinicPath, clinic);
    }

    private static HttpRequestMessage Request(string body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, FhirPath) { Content = new StringContent(body, Encoding.UTF8) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/fhir+json");
        return request;
    }

    /// <summary>What is sent is FHIR, says the judge.</summary>
    private async Task<HttpResponseMessage> PostAsync(JsonObject resource)
    {
        FhirJudge.Read<Resource>(resource.ToJsonString());
        using var request = Request(resource.ToJsonString());
        return await _app.Client.SendAsync(request);
    }

    /// <summary>What is answered is FHIR, says the judge.</summary>
    private static async Task<T> ReadAsync<T>(HttpResponseMessage answer) where T : Resource
    {
        Assert.Equal("application/fhir+json", answer.Content.Headers.ContentType!.MediaType);
        return FhirJudge.Read<T>(await answer.Content.ReadAsStringAsync());
    }
}
