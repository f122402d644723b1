using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace FollowUp.Functions.Tests;

/// <summary>
/// What Twilio and the carriers say of a text, through the whole app and the emulator, and what it ends in: on the patient's phone, on the
/// staff's phone, in the session and the patient as the API tells them, and in health.
/// </summary>
public sealed class ErrorClassTests : IAsyncLifetime
{
    private const string Patient = "+14155550123";
    private const string Staff = "+14155550188";
    private AppUnderTest _app = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await AppUnderTest.StartAsync(withClinic: false);
        var clinic = AppUnderTest.ClinicBody();
        clinic["staffAlerts"] = new JsonArray(Staff);
        (await _app.PutAsync(AppUnderTest.ClinicPath, clinic)).EnsureSuccessStatusCode();
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData("too-many-requests", null)]
    [InlineData("error-before-accepting", null)]
    [InlineData("error-after-accepting", null)]
    [InlineData("no-answer-before-accepting", null)]
    [InlineData("no-answer-after-accepting", null)]
    public async Task A_passing_failure_costs_no_text_and_doubles_none_and_nobody_is_alerted(string kind, int? code)
    {
        await FaultAsync(kind, code);
        var session = await PlayAsync();

        Assert.Equal("delivered", (string?)Step(session, "prep-7d")["state"]);
        Assert.Single(await ToAsync(Patient), text => (string?)text == (string?)Step(session, "prep-7d")["text"]);
        Assert.Empty(await ToAsync(Staff));
        Assert.Equal("healthy", await HealthAsync());
    }

    [Theory]
    [InlineData(21211)]
    [InlineData(21614)]
    public async Task A_number_that_cannot_be_texted_gets_nothing_more_and_staff_learn_of_it(int code)
    {
        await FaultAsync("refused", code);
        var session = await PlayAsync();

        Assert.Equal("undelivered", (string?)Step(session, "prep-7d")["state"]);
        Assert.Equal("the number cannot get texts", (string?)Step(session, "care-4h")["reason"]);
        Assert.Empty(await ToAsync(Patient));
        Assert.Contains("1 number cannot get texts", Assert.Single(await ToAsync(Staff)), StringComparison.Ordinal);
        Assert.True((bool)(await PatientAsync())["unreachable"]!);
    }

    [Fact]
    public async Task An_opt_out_at_Twilio_ends_everything_and_shows_on_the_patient()
    {
        await FaultAsync("refused", 21610);
        var session = await PlayAsync();

        Assert.Equal("opted-out", (string?)session["state"]);
        Assert.Empty(await ToAsync(Patient));
        var patient = await PatientAsync();
        Assert.True((bool)patient["optedOut"]!);
        Assert.Empty(patient["consents"]!.AsArray());
    }

    [Theory]
    [InlineData(20003)]
    [InlineData(30034)]
    [InlineData(63038)]
    [InlineData(21408)]
    public async Task Trouble_of_the_account_pauses_the_sender_tells_staff_once_and_costs_no_text(int code)
    {
        await FaultAsync("refused", code, count: 2);
        var session = await PlayAsync();

        Assert.Equal("delivered", (string?)Step(session, "prep-7d")["state"]);
        Assert.Equal("completed", (string?)session["state"]);
        Assert.Contains("sender is paused", Assert.Single(await ToAsync(Staff)), StringComparison.Ordinal);
        Assert.Single(await ToAsync(Patient), text => text == (string?)Step(session, "prep-7d")["text"]);
    }

    [Fact]
    public async Task A_phone_that_was_off_gets_its_text_the_next_day()
    {
        await FaultAsync("undelivered", 30003);
        var session = await PlayAsync();

        var step = Step(session, "prep-7d");
        Assert.Equal("delivered", (string?)step["state"]);
        Assert.Equal(2, (await ToAsync(Patient)).Count(text => text == (string?)step["text"]));
        Assert.Empty(await ToAsync(Staff));
    }

    [Theory]
    [InlineData(30005, "1 number cannot get texts", false)]
    [InlineData(30006, "1 number cannot get texts", false)]
    [InlineData(30007, "1 carrier filters your texts", true)]
    [InlineData(30008, "1 text was not delivered", true)]
    public async Task A_lasting_failure_is_told_to_staff_and_never_sent_again(int code, string told, bool goesOn)
    {
        await FaultAsync("undelivered", code);
        var session = await PlayAsync();

        var step = Step(session, "prep-7d");
        Assert.Equal("undelivered", (string?)step["state"]);
        Assert.Single(await ToAsync(Patient), text => text == (string?)step["text"]);
        Assert.Equal(goesOn, (await ToAsync(Patient)).Count > 1);
        Assert.Contains(told, Assert.Single(await ToAsync(Staff)), StringComparison.Ordinal);
    }

    /// <summary>Lines up a fault for the next texts to the patient.</summary>
    private async Task FaultAsync(string kind, int? code, int count = 1)
    {
        using var client = _app.NewClient();
        var fault = new JsonObject { ["kind"] = kind, ["to"] = Patient, ["count"] = count };
        if (code is not null)
        {
            fault["code"] = code;
        }

        using var answer = await client.PutAsJsonAsync("/twilio/emulator/faults", new JsonArray(fault));
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Books, and lets time pass until the session has ended.</summary>
    private async Task<JsonObject> PlayAsync()
    {
        (await _app.PutAsync(AppUnderTest.SessionPath, AppUnderTest.SessionBody())).EnsureSuccessStatusCode();
        _app.LetTheClockRun();
        return await _app.UntilAsync(session => (string?)session["state"] is "completed" or "opted-out" or "failed"
            && session["timeline"]!.AsArray().All(step => (string?)step!["state"] != "sent"));
    }

    private static JsonObject Step(JsonObject session, string step) =>
        session["timeline"]!.AsArray().Select(row => row!.AsObject()).Single(row => (string?)row["step"] == step);

    private async Task<IReadOnlyList<string>> ToAsync(string phone) =>
        [.. (await _app.TextsAsync()).Where(text => (string?)text["to"] == phone).Select(text => (string)text["body"]!)];

    private async Task<JsonObject> PatientAsync() =>
        (await _app.Client.GetFromJsonAsync<JsonObject>(AppUnderTest.ClinicPath + "/patients/p-1001"))!;

    private async Task<string?> HealthAsync() => (string?)(await _app.Client.GetFromJsonAsync<JsonObject>("/api/health"))!["status"];
}
