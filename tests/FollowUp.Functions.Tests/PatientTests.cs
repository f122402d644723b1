using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace FollowUp.Functions.Tests;

/// <summary>Patients by themselves, over HTTP.</summary>
public sealed class PatientTests : IAsyncLifetime
{
    private const string PatientPath = AppUnderTest.ClinicPath + "/patients/p-1001";

    private AppUnderTest _app = null!;
    private StoreFile _file = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await AppUnderTest.StartAsync();
        _file = new StoreFile(_app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_patient_reads_as_a_session_PUT_carries_them()
    {
        await BookAsync(patient => (patient["consentMethod"], patient["consentWording"]) = ("booking form", "I agree to texts.\nSTOP ends them."));

        var patient = await GetAsync();
        var said = AppUnderTest.SessionBody()["patient"]!.AsObject();
        Assert.All(said, field => Assert.Equal(field.Value!.ToJsonString(), patient[field.Key]!.ToJsonString()));
        Assert.All(["optedOut", "unreachable", "wrongNumber"], name => Assert.False((bool)patient[name]!));
        Assert.Equal(
            """{"kind":"care","granted":true,"source":"booking","method":"booking form","wording":"I agree to texts.\nSTOP ends them.","evidence":null,"at":"2026-11-22T18:00:00Z"}""",
            patient["consentHistory"]![0]!.ToJsonString());
    }

    [Fact]
    public async Task A_PUT_creates_a_patient_once_and_takes_a_name_as_it_is()
    {
        var body = Patient();
        body["firstName"] = "Zoë \"<b>O'Hara</b>\" 🌸";
        Assert.Equal(HttpStatusCode.Created, (await _app.PutAsync(PatientPath, body)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _app.PutAsync(PatientPath, body)).StatusCode);

        Assert.Equal("Zoë \"<b>O'Hara</b>\" 🌸", (string)(await GetAsync())["firstName"]!);
        Assert.Equal(1L, _file.Run("SELECT COUNT(*) FROM audit WHERE subject = 'p-1001'"));
        Assert.Equal(2L, _file.Run("SELECT COUNT(*) FROM consents"));
    }

    [Fact]
    public async Task A_changed_number_gets_the_later_texts_and_no_earlier_one_again()
    {
        await BookAsync();
        _app.LetTheClockRun();
        await _app.UntilAsync(session => (string)session["timeline"]![0]!["state"]! == "delivered");
        var changed = await _app.PutAsync(PatientPath, Patient("+14155550177"));
        await _app.UntilAsync(session => (string)session["state"]! == "completed");

        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        var texts = await _app.TextsAsync();
        Assert.Equal(texts.Count, texts.Select(text => (string)text["body"]!).Distinct().Count());
        Assert.Equal("+14155550123", (string)texts[0]["to"]!);
        Assert.Equal("+14155550177", (string)texts[^1]["to"]!);
        Assert.Equal("+14155550123", (string)(await MessagesAsync()).Last()!["phone"]!);
    }

    [Fact]
    public async Task A_changed_zone_moves_the_texts_of_every_session()
    {
        await BookAsync();
        var body = Patient();
        body["timeZone"] = "America/New_York";
        await _app.PutAsync(PatientPath, body);

        var care = (await _app.GetSessionAsync())["timeline"]!.AsArray().First(step => (string)step!["step"]! == "care-7d")!;
        Assert.NotEqual("2026-12-08T18:00:00Z", (string)care["dueAt"]!);
    }

    [Fact]
    public async Task What_a_patient_withdrew_is_lifted_by_staff_with_evidence_alone()
    {
        await BookAsync();
        await _app.AnswerAsync("STOP");
        await _app.UntilAsync(session => (string)session["state"]! == "opted-out");
        Assert.Empty((await GetAsync())["consents"]!.AsArray());

        var ignored = await ReadAsync(await _app.PutAsync(PatientPath, Patient()));
        Assert.Equal("""["care","marketing"]""", ignored["ignoredConsents"]!.ToJsonString());
        Assert.True((bool)ignored["optedOut"]!);
        Assert.Equal("opted-out", (string)(await _app.GetSessionAsync())["state"]!);

        var body = Patient();
        body["consents"] = new JsonArray("care");
        body["consentEvidence"] = "signed form of 22 November";
        body["consentMethod"] = "paper";
        var lifted = await ReadAsync(await _app.PutAsync(PatientPath, body));
        Assert.Equal("""["care"]""", lifted["consents"]!.ToJsonString());
        Assert.False((bool)lifted["optedOut"]!);
        var entry = lifted["consentHistory"]!.AsArray()[^1]!;
        Assert.Equal(("care", "staff", "signed form of 22 November"), ((string)entry["kind"]!, (string)entry["source"]!, (string)entry["evidence"]!));

        // Lifted once, and the audit says which entry without its words.
        await _app.PutAsync(PatientPath, body);
        Assert.Equal(1L, _file.Run("SELECT COUNT(*) FROM audit WHERE action = 'consent-lifted' AND detail LIKE 'care, consent entry %'"));
        Assert.Equal(0L, _file.Run("SELECT COUNT(*) FROM audit WHERE detail LIKE '%signed%'"));

        await _app.UntilAsync(session => (string)session["state"]! is "waiting");
        Assert.Equal("planned", (string)(await _app.GetSessionAsync())["timeline"]![0]!["state"]!);
    }

    /// <param name="isMarked">Whether the number carries its mark: a STOP that came before there were marks stands in the history alone.</param>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Marketing_alone_is_not_lifted_for_somebody_who_wants_no_texts(bool isMarked)
    {
        await BookAsync();
        await _app.AnswerAsync("STOP");
        await _app.UntilAsync(session => (string)session["state"]! == "opted-out");
        _file.Run(isMarked ? "SELECT 1" : "DELETE FROM number_marks");
        var body = Patient();
        (body["consents"], body["consentEvidence"]) = (new JsonArray("marketing"), "newsletter form");

        var answer = await ReadAsync(await _app.PutAsync(PatientPath, body));
        Assert.Equal("""["marketing"]""", answer["ignoredConsents"]!.ToJsonString());
        Assert.Empty(answer["consents"]!.AsArray());
    }

    [Fact]
    public async Task A_number_that_the_carrier_cannot_reach_is_texted_again_when_staff_say_so()
    {
        await BookAsync();
        using var faults = JsonContent.Create(new[] { new { kind = "undelivered", code = 30005, count = 1 } });
        using var client = _app.NewClient();
        (await client.PutAsync("/twilio/emulator/faults", faults)).EnsureSuccessStatusCode();
        _app.LetTheClockRun();
        await UntilAsync(async () => (bool)(await GetAsync())["unreachable"]!);

        var body = Patient();
        body["unreachable"] = false;
        var answer = await ReadAsync(await _app.PutAsync(PatientPath, body));
        Assert.False((bool)answer["unreachable"]!);
        Assert.Equal("unreachable", _file.Run("SELECT detail FROM audit WHERE action = 'number-mark-lifted' AND subject = 'p-1001'"));
        await _app.PutAsync(PatientPath, body);
        Assert.Equal(1L, _file.Run("SELECT COUNT(*) FROM audit WHERE action = 'number-mark-lifted'"));
    }

    [Fact]
    public async Task A_number_that_has_opted_out_binds_whoever_gets_it_by_a_PUT()
    {
        await BookAsync();
        await _app.AnswerAsync("STOP");
        await _app.UntilAsync(session => (string)session["state"]! == "opted-out");

        var sister = Patient();
        (sister["id"], sister["firstName"]) = ("p-2", "Eva");
        var answer = await ReadAsync(await _app.PutAsync(AppUnderTest.ClinicPath + "/patients/p-2", sister));
        Assert.True((bool)answer["optedOut"]!);
        Assert.Equal("""["care","marketing"]""", answer["ignoredConsents"]!.ToJsonString());
    }

    [Fact]
    public async Task A_patient_of_another_clinic_is_not_there()
    {
        await BookAsync();
        await _app.PutAsync("/api/clinics/other", AppUnderTest.ClinicBody());
        foreach (var path in new[] { "/api/clinics/other/patients/p-1001", AppUnderTest.ClinicPath + "/patients/p-9", "/api/clinics/none/patients/p-1001" })
        {
            foreach (var (method, rest) in new[] { ("GET", ""), ("DELETE", ""), ("GET", "/messages"), ("GET", "/export") })
            {
                var answer = await _app.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path + rest));
                Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
                Assert.Equal(["patient"], (await ReadAsync(answer))["errors"]!.AsObject().Select(error => error.Key));
            }
        }

        Assert.Equal(HttpStatusCode.NotFound, (await _app.PutAsync("/api/clinics/none/patients/p-1001", Patient())).StatusCode);

        // The other clinic's patient of that id is another one.
        Assert.Equal(HttpStatusCode.Created, (await _app.PutAsync("/api/clinics/other/patients/p-1001", Patient("+14155550188"))).StatusCode);
        Assert.Equal("+14155550123", (string)(await GetAsync())["phone"]!);
    }

    [Theory]
    [InlineData("/api/clinics/glow/patients/-p", "patient")]
    [InlineData("/api/clinics/glow/patients/p%20q", "patient")]
    [InlineData("/api/clinics/glow/patients/p%3Bq%27--", "patient")]
    [InlineData("/api/clinics/glow/patients/p%C3%A4", "patient")]
    [InlineData("/api/clinics/gl%20ow/patients/p-1", "clinic")]
    public async Task A_wrong_id_in_the_address_is_named(string path, string field)
    {
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Delete, HttpMethod.Put })
        {
            var answer = await _app.Client.SendAsync(new HttpRequestMessage(method, path) { Content = JsonContent.Create(Patient()) });
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Equal([field], (await ReadAsync(answer))["errors"]!.AsObject().Select(error => error.Key));
        }
    }

    [Theory]
    [InlineData("id", "\"p-2\"")]
    [InlineData("phone", "\"555\"")]
    [InlineData("firstName", "null")]
    [InlineData("unreachable", "true")]
    [InlineData("wrongNumber", "true")]
    [InlineData("consentMethod", "\"0123456789012345678901234567890123456789012345678901234567890\"")]
    [InlineData("consentEvidence", "\" \"")]
    [InlineData("optedOut", "false")]
    public async Task A_wrong_field_is_named_and_nothing_is_stored(string field, string json)
    {
        var body = Patient();
        body[field] = JsonNode.Parse(json);
        var answer = await _app.PutAsync(PatientPath, body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal([field], (await ReadAsync(answer))["errors"]!.AsObject().Select(error => error.Key));
        Assert.Equal(HttpStatusCode.NotFound, (await _app.Client.GetAsync(PatientPath)).StatusCode);
    }

    [Fact]
    public async Task A_booking_cannot_bring_evidence()
    {
        var answer = await BookAsync(patient => patient["consentEvidence"] = "signed form");
        Assert.Equal(["patient.consentEvidence"], (await ReadAsync(answer))["errors"]!.AsObject().Select(error => error.Key));
    }

    [Fact]
    public async Task Messages_come_newest_first_both_ways_in_pages_that_miss_and_repeat_nothing()
    {
        await BookAsync();
        _app.LetTheClockRun();
        await _app.UntilAsync(session => (string)session["timeline"]![2]!["state"]! == "delivered");
        await _app.AnswerAsync("Will you validate my parking?");

        // What is unread holds back prompts, so the last steps may be skipped.
        await _app.UntilAsync(session => (string)session["state"]! == "completed"
            && session["timeline"]!.AsArray().All(step => (string)step!["state"]! is "delivered" or "skipped"));

        var all = await MessagesAsync();
        Assert.Contains(all, message => ((string)message!["direction"]!, (string)message["text"]!) == ("inbound", "Will you validate my parking?"));
        Assert.Equal((await _app.TextsAsync()).Count, all.Count(message => (string)message!["direction"]! == "outbound"));
        Assert.All(all.Where(message => (string?)message!["step"] is not null), message => Assert.Equal("delivered", (string)message!["state"]!));
        Assert.Equal(all.Select(message => (string)message!["at"]!).OrderDescending(StringComparer.Ordinal), all.Select(message => (string)message!["at"]!));

        List<string> paged = [];
        for (string? cursor = "", next = ""; next is not null; cursor = next)
        {
            var page = await _app.Client.GetFromJsonAsync<JsonObject>($"{PatientPath}/messages?limit=4" + (cursor is "" ? "" : $"&cursor={cursor}"));
            paged.AddRange(page!["items"]!.AsArray().Select(message => message!.ToJsonString()));
            next = (string?)page["nextCursor"];
        }

        Assert.Equal(all.Select(message => message!.ToJsonString()), paged);
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=201", "limit")]
    [InlineData("limit=-1", "limit")]
    [InlineData("limit=ten", "limit")]
    [InlineData("cursor=%25%25", "cursor")]
    [InlineData("cursor=AAAA", "cursor")]
    [InlineData("cursor=eWVzdGVyZGF5Cng", "cursor")]
    public async Task A_wrong_page_is_named(string query, string field)
    {
        await BookAsync();
        var answer = await _app.Client.GetAsync($"{PatientPath}/messages?{query}");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal([field], (await ReadAsync(answer))["errors"]!.AsObject().Select(error => error.Key));
    }

    [Fact]
    public async Task An_export_has_everything_of_the_patient_and_nothing_of_others()
    {
        await BookAsync();
        var other = AppUnderTest.SessionBody();
        (other["patient"]!["id"], other["patient"]!["firstName"], other["patient"]!["phone"]) = ("b-77", "Somebody", "+14155550188");
        await _app.PutAsync(AppUnderTest.ClinicPath + "/sessions/p-1001", other);
        _app.LetTheClockRun();
        await _app.UntilAsync(session => session["timeline"]!.AsArray().All(step => (string)step!["state"]! == "delivered"));
        await _app.AnswerAsync("Thank you for the help with parking");
        _file.Run("INSERT INTO alerts (clinic_id, kind, urgent, patient_id, cause, raised_at, notifications) VALUES ('glow', 'reschedule', 0, 'p-1001', 'x', '2026-11-22T18:00:00.0000000Z', 0)");
        await UntilAsync(async () => (await MessagesAsync()).Any(message => (string)message!["direction"]! == "inbound"));

        var answer = await _app.Client.GetAsync(PatientPath + "/export");
        var export = await ReadAsync(answer);
        Assert.Equal("attachment; filename=\"patient-p-1001.json\"", answer.Content.Headers.GetValues("Content-Disposition").Single());
        Assert.Equal("Ada", (string)export["patient"]!["firstName"]!);
        Assert.Equal("b-77", (string)export["sessions"]!.AsArray().Single()!["booking"]!["session"]!);
        Assert.Equal((await MessagesAsync()).ToJsonString(), export["messages"]!.ToJsonString());
        Assert.Contains("reschedule", export["alerts"]!.AsArray().Select(alert => (string)alert!["kind"]!));
        Assert.DoesNotContain("Somebody", export.ToJsonString(), StringComparison.Ordinal);

        // The other patient has this one's id for a session, and this one's session's id.
        Assert.Equal(
            ["session-booked b-77", "patient-exported p-1001"],
            export["audit"]!.AsArray().Select(act => $"{(string)act!["action"]!} {(string)act["subject"]!}"));
    }

    [Fact]
    public async Task A_patient_without_sessions_exports_too()
    {
        await _app.PutAsync(PatientPath, Patient());
        var export = await ReadAsync(await _app.Client.GetAsync(PatientPath + "/export"));
        Assert.Empty(export["sessions"]!.AsArray());
        Assert.Empty(export["messages"]!.AsArray());
        Assert.Equal(2, export["patient"]!["consentHistory"]!.AsArray().Count);
    }

    [Fact]
    public async Task No_answer_about_a_patient_may_be_kept_on_the_way()
    {
        await BookAsync();
        foreach (var (method, rest) in new[] { ("GET", ""), ("PUT", ""), ("GET", "/messages"), ("GET", "/export"), ("DELETE", ""), ("GET", "") })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), PatientPath + rest) { Content = JsonContent.Create(Patient()) };
            var answer = await _app.Client.SendAsync(request);
            Assert.True(answer.Headers.CacheControl?.NoStore, $"{method} {rest} answered {answer.StatusCode} without no-store.");
        }
    }

    private static JsonObject Patient(string? phone = null)
    {
        var patient = AppUnderTest.SessionBody()["patient"]!.DeepClone().AsObject();
        patient["phone"] = phone ?? (string)patient["phone"]!;
        return patient;
    }

    private async Task<HttpResponseMessage> BookAsync(Action<JsonObject>? change = null)
    {
        var body = AppUnderTest.SessionBody();
        change?.Invoke(body["patient"]!.AsObject());
        return await _app.PutAsync(AppUnderTest.SessionPath, body);
    }

    private async Task<JsonObject> GetAsync() => (await _app.Client.GetFromJsonAsync<JsonObject>(PatientPath))!;

    private async Task<JsonArray> MessagesAsync() =>
        (await _app.Client.GetFromJsonAsync<JsonObject>(PatientPath + "/messages?limit=200"))!["items"]!.AsArray();

    private static async Task<JsonObject> ReadAsync(HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<JsonObject>())!;

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await condition())
        {
            patience.Token.ThrowIfCancellationRequested();
        }
    }
}
