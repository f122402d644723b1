using System.Net;
using System.Security.Cryptography;
using System.Text;
using FollowUp.Functions.Tests;

namespace FollowUp.Data.PostgreSql.Tests;

/// <summary>Patients' courses from the booking to their end, through the whole app, with the store on PostgreSQL.</summary>
public sealed class WholeCourseTests : IAsyncLifetime
{
    private AppUnderTest _app = null!;

    public async ValueTask InitializeAsync() => _app = await AppUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task The_store_is_where_the_settings_say_and_health_is_good()
    {
        Assert.False(File.Exists(Path.Combine(_app.Configuration["FollowUp:DataDirectory"]!, "followup.db")));
        Assert.StartsWith("PostgreSQL", (string)new StoreFile(_app).Run("SELECT version()")!, StringComparison.Ordinal);
        Assert.True((await _app.Client.GetAsync("/api/health")).IsSuccessStatusCode);
    }

    [Fact]
    public async Task A_patient_confirms_asks_and_stops_while_another_goes_to_the_end()
    {
        await BookAsync("b-77", "p-1001", "+14155550123");
        await BookAsync("b-78", "p-1002", "+14155550124");
        _app.LetTheClockRun();
        await UntilAsync("SELECT COUNT(*) FROM steps WHERE session_id = 'b-77' AND step = 'prep-7d' AND state = 'delivered'");
        await _app.AnswerAsync("Which sunscreen do you recommend? 🌞");
        await UntilAsync("SELECT COUNT(*) FROM inbound_copies WHERE wants_reader = 1");
        await _app.AnswerAsync("STOP");
        await UntilAsync("SELECT COUNT(*) FROM sessions WHERE id = 'b-77' AND state = 'opted-out'");

        var other = await _app.UntilAsync(
            session => (string)session["state"]! == "completed" && session["timeline"]!.AsArray().All(step => (string)step!["state"]! == "delivered"), AppUnderTest.ClinicPath + "/sessions/b-78");
        var texts = await _app.TextsAsync();
        Assert.Equal(other["timeline"]!.AsArray().Count, texts.Count(text => (string)text["to"]! == "+14155550124"));
        Assert.DoesNotContain(texts, text => (string)text["to"]! == "+14155550123" && ((string)text["body"]!).Contains("tomorrow", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(0L, new StoreFile(_app).Run("SELECT COUNT(*) FROM (SELECT recipient, text FROM steps WHERE message_sid IS NOT NULL GROUP BY session_id, step, recipient, text HAVING COUNT(*) > 1) AS twice"));
    }

    [Fact]
    public async Task A_session_that_is_cancelled_on_its_way_sends_nothing_more()
    {
        await BookAsync("b-77", "p-1001", "+14155550123");
        _app.LetTheClockRun();
        await UntilAsync("SELECT COUNT(*) FROM steps WHERE session_id = 'b-77' AND step = 'prep-7d' AND state = 'delivered'");
        await _app.PostEventAsync("cancelled");
        var session = await _app.UntilAsync(session => (string)session["state"]! == "cancelled");

        Assert.All(session["timeline"]!.AsArray(), step => Assert.Contains((string)step!["state"]!, new[] { "delivered", "sent", "cancelled", "skipped" }));
        Assert.Equal(session["timeline"]!.AsArray().Count(step => step!["messageSid"] is not null), (await _app.TextsAsync()).Count);
    }

    /// <summary>What PostgreSQL cannot hold is refused with the name of its field, or finds nothing; a patient's text is never refused.</summary>
    [Theory]
    [InlineData("/api/clinics?cursor=%00", 400)]
    [InlineData("/api/clinics/gl%00ow", 400)]
    [InlineData(AppUnderTest.ClinicPath + "/sessions?q=%00", 200)]
    [InlineData(AppUnderTest.ClinicPath + "/sessions?q=%ED%A0%80", 200)]
    [InlineData(AppUnderTest.ClinicPath + "/sessions?plan=a%00", 400)]
    [InlineData(AppUnderTest.ClinicPath + "/patients/p%00", 400)]
    [InlineData(AppUnderTest.ClinicPath + "/audit?subject=b%00", 400)]
    [InlineData(AppUnderTest.ClinicPath + "/inbox/SM%00", 400)]
    public async Task An_address_that_holds_what_cannot_be_stored_is_no_trouble_of_the_server(string path, int status)
    {
        using var client = new HttpClient { BaseAddress = _app.Address };
        client.DefaultRequestHeaders.Add("X-Api-Key", AppUnderTest.ApiKey);
        Assert.Equal(status, (int)(await client.GetAsync(path)).StatusCode);
    }

    [Fact]
    public async Task A_booking_with_a_name_that_cannot_be_stored_is_refused_by_the_name_of_the_field()
    {
        foreach (var name in new[] { "A\0da", "Ada\u0001" })
        {
            var body = AppUnderTest.SessionBody();
            body["patient"]!["firstName"] = name;
            var answer = await _app.PutAsync(AppUnderTest.SessionPath, body);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Contains("patient.firstName", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Assert.Equal(0L, new StoreFile(_app).Run("SELECT COUNT(*) FROM patients"));
    }

    [Fact]
    public async Task A_patients_text_with_what_cannot_be_stored_stands_in_the_inbox()
    {
        await BookAsync("b-77", "p-1001", "+14155550123");
        var form = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["MessageSid"] = "SM00000000000000000000000000000001",
            ["From"] = "+14155550123",
            ["To"] = "+15005550006",
            ["Body"] = "Is it \0normal that it itches?",
        };
        const string Path = "/api/twilio/inbound";
        var signed = _app.Configuration["FollowUp:PublicUrl"] + Path + string.Concat(form.Select(field => field.Key + field.Value));
#pragma warning disable CA5350 // Twilio's signature is HMAC-SHA1.
        var signature = Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(_app.Configuration["Twilio:AuthToken"]!), Encoding.UTF8.GetBytes(signed)));
#pragma warning restore CA5350
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new FormUrlEncodedContent(form) };
        request.Headers.TryAddWithoutValidation("X-Twilio-Signature", signature);

        Assert.Equal(HttpStatusCode.OK, (await _app.Client.SendAsync(request)).StatusCode);
        Assert.Equal("Is it normal that it itches?", new StoreFile(_app).Run("SELECT body FROM inbound_messages"));
    }

    private async Task BookAsync(string session, string patient, string phone)
    {
        var body = AppUnderTest.SessionBody();
        body["patient"]!["id"] = patient;
        body["patient"]!["phone"] = phone;
        (await _app.PutAsync($"{AppUnderTest.ClinicPath}/sessions/{session}", body)).EnsureSuccessStatusCode();
    }

    private async Task UntilAsync(string count)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await using var connection = _app.OpenDatabase();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // A test's own text.
        command.CommandText = count;
#pragma warning restore CA2100
        while ((long)(await command.ExecuteScalarAsync(patience.Token))! == 0)
        {
            await Task.Yield();
        }
    }
}
