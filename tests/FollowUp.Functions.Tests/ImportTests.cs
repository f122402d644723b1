using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace FollowUp.Functions.Tests;

/// <summary>Files of bookings, over HTTP, with the real engine booking them.</summary>
public sealed class ImportTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const string ImportsPath = AppUnderTest.ClinicPath + "/imports";
    private const string Header = "session,patientId,firstName,phone,language,timeZone,consents,essentialsOnly,plan,startsAt,sessionNumber,plannedSessions";
    private const string Ada = "b-1,p-1,Ada,+14155550101,en,America/Los_Angeles,care marketing,false,microneedling-acne-scars,2026-12-01T10:00:00-08:00,1,4";
    private const string Luz = "b-2,p-2,Luz,+14155550102,es,America/Los_Angeles,care,TRUE,microneedling-acne-scars,2026-12-02T10:00:00-08:00,1,4";

    private AppUnderTest _app = null!;

    public async ValueTask InitializeAsync() => _app = await AppUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_file_answers_202_with_its_import_and_its_lines_become_sessions_as_PUTs_would_make_them()
    {
        var answer = await PostAsync(Lines(Header, Ada, Luz));
        var import = await BodyAsync(answer);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal($"{ImportsPath}/{(string)import["import"]!}", answer.Headers.Location!.OriginalString);
        Assert.Equal(2, (int)import["total"]!);
        var ended = await EndAsync(import);
        Assert.Equal("completed 2/2: 2 created, 0 changed, 0 unchanged, 0 failed", Summary(ended));
        Assert.NotNull(ended["endedAt"]);

        await _app.PutAsync(AppUnderTest.ClinicPath + "/sessions/b-3", SessionOf("p-3"));
        var byPut = await _app.GetSessionAsync(AppUnderTest.ClinicPath + "/sessions/b-3");
        var byFile = await _app.UntilAsync(session => (string)session["state"]! == "waiting", AppUnderTest.ClinicPath + "/sessions/b-1");
        Assert.Equal(byPut["timeline"]!.ToJsonString(), byFile["timeline"]!.ToJsonString());
        var luz = (await _app.Client.GetFromJsonAsync<JsonObject>(AppUnderTest.ClinicPath + "/patients/p-2"))!;
        Assert.Equal("es [\"care\"] True", $"{luz["language"]} {luz["consents"]!.ToJsonString()} {(bool)luz["essentialsOnly"]!}");
    }

    [Fact]
    public async Task Lines_that_are_wrong_are_reported_by_line_and_column_and_the_others_are_booked()
    {
        var import = await ImportAsync(
            Header,
            Ada.Replace("+14155550101", "(415) 555-0101", StringComparison.Ordinal),
            Luz,
            Ada.Replace("b-1,", "b-3,", StringComparison.Ordinal).Replace("2026-12-01T10:00:00-08:00,1,4", "12/1/2026 10:00,9,4", StringComparison.Ordinal));

        Assert.Equal("completed 3/3: 1 created, 0 changed, 0 unchanged, 2 failed", Summary(import));
        Assert.Equal(
            [
                "2 b-1 phone: The phone number does not begin with + and a country code. Write the number in international form, such as +14155550123.",
                "4 b-3 startsAt: Must be a date and time with an offset, such as 2026-12-01T10:00:00-08:00.",
                "4 b-3 sessionNumber: Must be 1 to plannedSessions.",
            ],
            await ErrorsAsync(import));
        Assert.Equal(HttpStatusCode.NotFound, (await _app.Client.GetAsync(AppUnderTest.ClinicPath + "/sessions/b-1")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _app.Client.GetAsync(AppUnderTest.ClinicPath + "/sessions/b-2")).StatusCode);
    }

    [Theory]
    [InlineData("phone", "+14155550101", "1.41556E+10", "A spreadsheet has rounded this number.")]
    [InlineData("startsAt", "2026-12-01T10:00:00-08:00", "46357.4166667", "Must be a date and time with an offset")]
    [InlineData("startsAt", "2026-12-01T10:00:00-08:00", "2026-12-01 10:00", "Must be a date and time with an offset")]
    [InlineData("startsAt", "2026-12-01T10:00:00-08:00", "01.12.2026 10:00", "Must be a date and time with an offset")]
    [InlineData("startsAt", "2026-12-01T10:00:00-08:00", "2029-12-01T10:00:00-08:00", "Must lie between two years ago and two years ahead.")]
    [InlineData("essentialsOnly", "false", "0", "Must be true or false.")]
    [InlineData("consents", "care marketing", "everything", "Must be one of: care, marketing.")]
    [InlineData("timeZone", "America/Los_Angeles", "PST", "Must be an IANA time zone")]
    [InlineData("language", "en,", "english!,", "Must be a well-formed BCP 47 language tag")]
    [InlineData("plan", "microneedling-acne-scars", "botox", "There is no such care plan.")]
    [InlineData("patientId", "p-1,", "p 1,", "Must be 1 to 64 of A-Z")]
    [InlineData("session", "b-1,", "b#1,", "Must be 1 to 64 of A-Z")]
    [InlineData("session", "b-1,", ",", "This field is required.")]
    [InlineData("firstName", ",Ada,", ",,", "This field is required.")]
    [InlineData("firstName", ",Ada,", ",\"A\nda\",", "Must not hold control characters.")]
    [InlineData("plannedSessions", ",1,4", ",1,four", "Must be a whole number.")]
    [InlineData("plannedSessions", ",1,4", ",1,", "This field is required.")]
    [InlineData(null, ",Ada,", ",A\"da,", "A quotation mark stands where none may be.")]
    [InlineData(null, ",Ada,", ",\"Ada\"x,", "A quotation mark stands where none may be.")]
    [InlineData(null, ",1,4", ",1,4,5", "The line has 13 fields, and the header 12.")]
    [InlineData(null, ",Ada,", ",\"Ada,", "A quotation mark is opened in this line and never closed")]
    public async Task Every_kind_of_mistake_names_its_column_and_never_the_value(string? column, string good, string bad, string message)
    {
        var import = await ImportAsync(Header, Ada.Replace(good, bad, StringComparison.Ordinal));

        var row = Assert.Single((await ReportAsync(import)));
        Assert.Equal((2, "failed"), ((int)row["line"]!, (string)row["state"]!));
        var error = row["errors"]!.AsArray().Single(error => ((string)error!["message"]!).StartsWith(message, StringComparison.Ordinal))!;
        Assert.Equal(column, (string?)error["column"]);
        Assert.True(bad.Trim(',') is not { Length: > 1 } value || !row["errors"]!.ToJsonString().Contains(value, StringComparison.Ordinal), "The value is in the report.");
    }

    [Theory]
    [InlineData("semicolons", "\n", ";", false)]
    [InlineData("tabs and CRLF", "\r\n", "\t", false)]
    [InlineData("a byte order mark and CRLF", "\r\n", ",", true)]
    public async Task Files_are_read_as_spreadsheets_write_them(string habit, string newLine, string separator, bool mark)
    {
        var text = string.Join(newLine, new[] { Header, Ada, "", ",,,,,,,,,,,", Luz, "" }).Replace(",", separator, StringComparison.Ordinal);
        var import = await EndAsync(await BodyAsync(await PostAsync([.. mark ? Encoding.UTF8.GetPreamble() : [], .. Encoding.UTF8.GetBytes(text)])));

        Assert.True(Summary(import) == "completed 2/2: 2 created, 0 changed, 0 unchanged, 0 failed", $"{habit}: {Summary(import)}");
        Assert.Equal([2, 5], (await ReportAsync(import, failed: false)).Select(row => (int)row["line"]!));
    }

    [Fact]
    public async Task UTF_16_quoted_fields_columns_in_any_order_and_trailing_empty_columns_are_read()
    {
        const string text = "sep=;\r\nPLAN;startsAt;sessionNumber;plannedSessions;session;patientID;firstName;phone;;\r\n"
            + "microneedling-acne-scars;2026-12-01T10:00:00-08:00;1;4;b-1;p-1;\"Zoë \"\"Z\"\"; M\";+14155550101;;;\r\n";
        var import = await EndAsync(await BodyAsync(await PostAsync([.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(text)])));

        Assert.Equal("completed 1/1: 1 created, 0 changed, 0 unchanged, 0 failed", Summary(import));
        var patient = (await _app.Client.GetFromJsonAsync<JsonObject>(AppUnderTest.ClinicPath + "/patients/p-1"))!;
        Assert.Equal("Zoë \"Z\"; M", (string)patient["firstName"]!);
        Assert.Equal("America/Los_Angeles", (string)patient["timeZone"]!);
        Assert.Empty(patient["consents"]!.AsArray());
    }

    [Theory]
    [InlineData("nothing", "", "columns", "The column 'session' is missing.")]
    [InlineData("a header alone", Header + "\n", "$", "The file holds no bookings.")]
    [InlineData("an unknown column", Header + ",colour\n" + Ada + ",red\n", "columns", "There is no column 'colour'.")]
    [InlineData("the demonstration's own columns", "at,action," + Header + "\n,," + Ada + "\n", "columns", "There is no column 'at'.")]
    [InlineData("a column twice", Header + ",phone\n" + Ada + ",\n", "columns", "The column 'phone' stands there twice.")]
    [InlineData("a missing column", "session,patientId\nb-1,p-1\n", "columns", "The column 'firstName' is missing.")]
    [InlineData("no header", Ada + "\n", "columns", "There is no column 'b-1'.")]
    public async Task A_file_that_is_wrong_as_a_whole_is_refused(string what, string file, string field, string message)
    {
        var answer = await PostAsync(Encoding.UTF8.GetBytes(file));

        Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, what);
        Assert.Contains((await BodyAsync(answer))["errors"]!.AsObject()[field]?.AsArray() ?? [], error => ((string)error!).StartsWith(message, StringComparison.Ordinal));
        Assert.Empty((await _app.Client.GetFromJsonAsync<JsonObject>(ImportsPath))!["items"]!.AsArray());
    }

    [Fact]
    public async Task A_file_in_another_encoding_is_refused_with_its_line()
    {
        var answer = await PostAsync(Encoding.Latin1.GetBytes($"{Header}\n{Ada}\n{Luz.Replace("Luz", "Zoë", StringComparison.Ordinal)}\n"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("Line 3 is not UTF-8. In a spreadsheet, save the file as 'CSV UTF-8'.", (string)(await BodyAsync(answer))["errors"]!["$"]![0]!);
    }

    [Theory]
    [InlineData("application/json", "", HttpStatusCode.UnsupportedMediaType)]
    [InlineData(null, "", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("text/csv; charset=windows-1252", "", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("text/csv; charset=utf-8", "?dry-run=true", HttpStatusCode.BadRequest)]
    [InlineData("text/csv", "?dryRun=yes", HttpStatusCode.BadRequest)]
    [InlineData("text/csv", "?dryRun=true", HttpStatusCode.OK)]
    public async Task What_is_not_said_to_be_CSV_or_asks_for_something_unknown_is_refused(string? type, string query, HttpStatusCode status)
    {
        using var content = new ByteArrayContent(Lines(Header, Ada));
        content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        Assert.Equal(status, (await _app.Client.PostAsync(ImportsPath + query, content)).StatusCode);
        Assert.Empty((await _app.Client.GetFromJsonAsync<JsonObject>(ImportsPath))!["items"]!.AsArray());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_over_10_MB_is_refused_with_413_whether_or_not_it_tells_its_length(bool chunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, ImportsPath) { Content = new ByteArrayContent(new byte[(10 * 1024 * 1024) + 1]) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        request.Headers.TransferEncodingChunked = chunked;
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await _app.Client.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task A_dry_run_answers_the_whole_report_and_stores_nothing()
    {
        await _app.PutAsync(AppUnderTest.ClinicPath + "/sessions/b-2", SessionOf("p-2"));
        await _app.PutAsync(AppUnderTest.ClinicPath + "/sessions/b-3", SessionOf("p-3"));
        var answer = await PostAsync(
            Lines(Header, Ada, Luz, Luz.Replace("b-2,p-2", "b-3,p-9", StringComparison.Ordinal), Ada.Replace("b-1", "b 1", StringComparison.Ordinal)), "?dryRun=true");

        var report = await BodyAsync(answer);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal((4, 2, 1, 1, 2), ((int)report["total"]!, (int)report["valid"]!, (int)report["new"]!, (int)report["known"]!, (int)report["failed"]!));
        Assert.Equal(
            """[{"line":4,"session":"b-3","state":"failed","errors":[{"column":"patientId","message":"A session keeps its patient. Book another session."}]},"""
            + """{"line":5,"session":null,"state":"failed","errors":[{"column":"session","message":"Must be 1 to 64 of A-Z a-z 0-9 . _ - that begin with a letter or digit."}]}]""",
            report["rows"]!.ToJsonString());
        Assert.Empty((await _app.Client.GetFromJsonAsync<JsonObject>(ImportsPath))!["items"]!.AsArray());
        Assert.Equal(HttpStatusCode.NotFound, (await _app.Client.GetAsync(AppUnderTest.ClinicPath + "/sessions/b-1")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _app.Client.GetAsync(AppUnderTest.ClinicPath + "/patients/p-9")).StatusCode);
    }

    [Fact]
    public async Task What_the_store_refuses_is_said_in_the_words_of_a_PUT_and_what_it_knows_is_unchanged()
    {
        await _app.PutAsync(AppUnderTest.ClinicPath + "/sessions/b-1", SessionOf("p-1"));
        await _app.PutAsync(AppUnderTest.ClinicPath + "/sessions/b-3", SessionOf("p-3"));
        await _app.PutAsync(AppUnderTest.ClinicPath + "/sessions/b-4", SessionOf("p-4"));
        await _app.PostEventAsync("cancelled", AppUnderTest.ClinicPath + "/sessions/b-4");
        string Line(string session, string patient) => Ada.Replace("b-1,p-1", $"{session},{patient}", StringComparison.Ordinal)
            .Replace("+14155550101", "+14155550123", StringComparison.Ordinal);
        var import = await ImportAsync(
            Header,
            Line("b-1", "p-1"),
            Line("b-3", "p-9"),
            Line("b-4", "p-4").Replace(",1,4", ",1,5", StringComparison.Ordinal),
            Line("b-1", "p-1").Replace("microneedling-acne-scars", "filler", StringComparison.Ordinal).Replace(",1,4", ",1,1", StringComparison.Ordinal),
            Line("b-1", "p-1").Replace("2026-12-01", "2026-12-08", StringComparison.Ordinal));

        Assert.Equal("completed 5/5: 0 created, 1 changed, 1 unchanged, 3 failed", Summary(import));
        Assert.Equal(
            [
                "3 b-3 patientId: A session keeps its patient. Book another session.",
                "4 b-4 startsAt: The session has ended. Only a start moved into the future books it anew.",
                "5 b-1 plan: A session keeps the plan that it started with.",
            ],
            await ErrorsAsync(import));
        Assert.Equal("2026-12-08T18:00:00Z", (string)(await _app.GetSessionAsync(AppUnderTest.ClinicPath + "/sessions/b-1"))["startsAt"]!);
    }

    [Fact]
    public async Task The_same_file_again_is_the_same_import_unless_that_is_wished_for()
    {
        var first = await PostAsync(Lines(Header, Ada, Luz));
        var second = await PostAsync(Lines(Header, Ada, Luz));
        var import = await BodyAsync(first);
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.Equal((string)import["import"]!, (string)(await BodyAsync(second))["import"]!);
        Assert.Equal(first.Headers.Location, second.Headers.Location);

        await EndAsync(import);
        Assert.Equal((string)import["import"]!, (string)(await BodyAsync(await PostAsync(Lines(Header, Ada, Luz))))["import"]!);

        var again = await PostAsync(Lines(Header, Ada, Luz), "?again=true");
        Assert.Equal(HttpStatusCode.Accepted, again.StatusCode);
        var repeated = await EndAsync(await BodyAsync(again));
        Assert.NotEqual((string)import["import"]!, (string)repeated["import"]!);
        Assert.Equal("completed 2/2: 0 created, 0 changed, 2 unchanged, 0 failed", Summary(repeated));

        // Another clinic's file of the same content is its own.
        (await _app.PutAsync("/api/clinics/other", AppUnderTest.ClinicBody())).EnsureSuccessStatusCode();
        var elsewhere = await PostAsync(Lines(Header, Ada, Luz), clinic: "other");
        Assert.Equal(HttpStatusCode.Accepted, elsewhere.StatusCode);
        Assert.Equal(2, (await _app.Client.GetFromJsonAsync<JsonObject>(ImportsPath))!["items"]!.AsArray().Count);
    }

    [Fact]
    public async Task What_is_not_there_answers_404_and_an_import_of_another_clinic_is_not_there()
    {
        var import = (string)(await ImportAsync(Header, Ada))["import"]!;
        (await _app.PutAsync("/api/clinics/other", AppUnderTest.ClinicBody())).EnsureSuccessStatusCode();
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(Lines(Header, Ada), clinic: "none")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(Lines(Header, Ada), "?dryRun=true", "none")).StatusCode);
        foreach (var path in new[] { ImportsPath + "/none", ImportsPath + "/none/rows", $"/api/clinics/other/imports/{import}", $"/api/clinics/other/imports/{import}/rows" })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await _app.Client.GetAsync(path)).StatusCode);
        }
    }

    [Fact]
    public async Task Nothing_personal_stays_of_an_import_that_has_ended_and_the_engine_never_had_any()
    {
        var import = await ImportAsync(Header, Ada.Replace("Ada", "Zerlina", StringComparison.Ordinal), Luz.Replace("Luz", "Ottilie\nM", StringComparison.Ordinal).Replace("Ottilie\nM", "\"Ottilie\nM\"", StringComparison.Ordinal));
        Assert.Equal("completed 2/2: 1 created, 0 changed, 0 unchanged, 1 failed", Summary(import));
        Assert.Equal(0L, new StoreFile(_app).Run("SELECT COUNT(*) FROM import_lines WHERE booking IS NOT NULL OR patient_id IS NOT NULL"));

        (await _app.Client.DeleteAsync(AppUnderTest.ClinicPath + "/patients/p-1")).EnsureSuccessStatusCode();
        Assert.Empty(new StoreFile(_app).Traces("Zerlina", "+14155550101", "Ottilie", "+14155550102"));
        Assert.Equal("completed 2/2: 1 created, 0 changed, 0 unchanged, 1 failed", Summary((await _app.Client.GetFromJsonAsync<JsonObject>($"{ImportsPath}/{(string)import["import"]!}"))!));
    }

    /// <summary>Ten thousand lines in the full run, which take minutes; a thousand every day.</summary>
    [Fact]
    public async Task A_long_file_with_37_bad_lines_of_all_kinds_is_imported_with_progress_and_an_exact_report()
    {
        var count = Environment.GetEnvironmentVariable("FOLLOWUP_FULL") is { Length: > 0 } ? 10_000 : 1_000;
        var file = new LargeImport(count);
        Assert.Equal(37, file.Expected.Count);
        var begun = TimeProvider.System.GetTimestamp();
        var answer = await PostAsync(file.Content);
        var import = await BodyAsync(answer);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal($"running 37/{count}: 0 created, 0 changed, 0 unchanged, 37 failed", Summary(import));

        HashSet<int> seen = [];
        var ended = await EndAsync(import, look => seen.Add((int)look["done"]!));
        output.WriteLine($"{count} lines in {TimeProvider.System.GetElapsedTime(begun).TotalSeconds:0} s; progress was seen {seen.Count} times.");
        Assert.Equal($"completed {count}/{count}: {count - 37} created, 0 changed, 0 unchanged, 37 failed", Summary(ended));
        Assert.True(seen.Count > 10, $"Progress was seen {seen.Count} times.");
        Assert.Equal(file.Expected, await ErrorsAsync(ended));
        Assert.Equal(count - 37L, new StoreFile(_app).Run("SELECT COUNT(*) FROM sessions"));
    }

    private static byte[] Lines(params string[] lines) => Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n");

    private static JsonObject SessionOf(string patient)
    {
        var body = AppUnderTest.SessionBody();
        body["patient"]!["id"] = patient;
        return body;
    }

    private async Task<HttpResponseMessage> PostAsync(byte[] file, string query = "", string clinic = "glow")
    {
        using var content = new ByteArrayContent(file);
        content.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        return await _app.Client.PostAsync($"/api/clinics/{clinic}/imports{query}", content);
    }

    private async Task<JsonObject> ImportAsync(params string[] lines)
    {
        var answer = await PostAsync(Lines(lines));
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        return await EndAsync(await BodyAsync(answer));
    }

    /// <summary>Looks until the import has ended.</summary>
    private async Task<JsonObject> EndAsync(JsonObject import, Action<JsonObject>? look = null)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(60));
        while (true)
        {
            var now = (await _app.Client.GetFromJsonAsync<JsonObject>($"{ImportsPath}/{(string)import["import"]!}", patience.Token))!;
            look?.Invoke(now);
            if ((string)now["state"]! == "completed")
            {
                return now;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, patience.Token);
        }
    }

    /// <summary>All pages of the report.</summary>
    private async Task<IReadOnlyList<JsonObject>> ReportAsync(JsonObject import, bool failed = true)
    {
        List<JsonObject> rows = [];
        string? cursor = null;
        do
        {
            var page = (await _app.Client.GetFromJsonAsync<JsonObject>(
                $"{ImportsPath}/{(string)import["import"]!}/rows?limit=10&failed={(failed ? "true" : "false")}&cursor={cursor}"))!;
            rows.AddRange(page["items"]!.AsArray().Select(row => row!.AsObject()));
            cursor = (string?)page["nextCursor"];
        }
        while (cursor is not null);
        return rows;
    }

    private async Task<IReadOnlyList<string>> ErrorsAsync(JsonObject import) =>
        [.. (await ReportAsync(import)).SelectMany(row => row["errors"]!.AsArray().Select(error =>
            $"{row["line"]} {(string?)row["session"] ?? "-"} {(string?)error!["column"] ?? "-"}: {error["message"]}"))];

    private static async Task<JsonObject> BodyAsync(HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<JsonObject>())!;

    private static string Summary(JsonObject import) =>
        $"{import["state"]} {import["done"]}/{import["total"]}: {import["created"]} created, {import["changed"]} changed, {import["unchanged"]} unchanged, {import["failed"]} failed";
}
