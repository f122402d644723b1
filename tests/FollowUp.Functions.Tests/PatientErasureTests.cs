using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FollowUp.EmbeddedHost.Engine;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.Functions.Tests;

/// <summary>What is left of an erased patient: counts and ids, and the number's own no.</summary>
public sealed class PatientErasureTests : IAsyncLifetime
{
    private const string PatientPath = AppUnderTest.ClinicPath + "/patients/p-1001";
    private const string Name = "Wilhelmina";
    private const string Phone = "+14155550123";
    private const string Reply = "Will you validate my parking?";

    private AppUnderTest _app = null!;
    private StoreFile _file = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await AppUnderTest.StartAsync();
        _file = new StoreFile(_app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task An_erased_patient_leaves_no_name_number_or_text_in_any_file()
    {
        await BookAsync();
        await BookAsync("b-78", startsAt: "2027-01-05T10:00:00-08:00");
        _app.LetTheClockRun();
        await _app.UntilAsync(session => (string)session["timeline"]![2]!["state"]! == "delivered");
        await _app.AnswerAsync(Reply);
        await UntilAsync(() => Task.FromResult((long)_file.Run("SELECT COUNT(*) FROM inbound_messages")! == 1));
        _file.Run("INSERT INTO alerts (clinic_id, kind, urgent, patient_id, cause, raised_at, notify_at, notifications) VALUES ('glow', 'red-flag', 1, 'p-1001', 'x', '2026-11-22T18:00:00.0000000Z', '2026-11-22T18:00:00.0000000Z', 0)");
        var text = (string)(await _app.GetSessionAsync())["timeline"]![0]!["text"]!;
        Assert.Equal([Name, Phone, Reply, text], _file.Traces(Name, Phone, Reply, text));

        var answer = await _app.Client.DeleteAsync(PatientPath);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Empty(_file.Traces(Name, Phone, Reply, text));
        foreach (var path in new[] { PatientPath, PatientPath + "/export", AppUnderTest.SessionPath, AppUnderTest.ClinicPath + "/sessions/b-78" })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await _app.Client.GetAsync(path)).StatusCode);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await _app.Client.DeleteAsync(PatientPath)).StatusCode);
        Assert.Equal("2 p-1001", _file.Run("SELECT sessions || ' ' || (SELECT subject FROM audit WHERE action = 'patient-erased') FROM erasures"));
        Assert.Equal(1L, _file.Run("SELECT texts_received FROM erasures"));
        Assert.True((long)_file.Run("SELECT texts_sent FROM erasures")! >= 3);
        Assert.Equal(0L, _file.Run("SELECT COUNT(*) FROM alerts WHERE patient_id IS NOT NULL OR notify_at IS NOT NULL OR acknowledged_at IS NULL"));
    }

    [Fact]
    public async Task The_orchestrations_of_an_erased_patient_are_gone_and_nothing_more_is_sent()
    {
        await BookAsync();
        await _app.UntilAsync(session => (string)session["state"]! == "waiting");
        var client = _app.Services.GetRequiredService<DurableEngine>().Client;
        Assert.NotNull(await client.GetInstanceAsync("glow:b-77"));

        await _app.Client.DeleteAsync(PatientPath);
        Assert.Null(await client.GetInstanceAsync("glow:b-77"));

        // The same session id, booked anew, is a session like any other.
        await BookAsync(patient: "p-2", phone: "+14155550188");
        _app.LetTheClockRun();
        await _app.UntilAsync(session => (string)session["state"]! == "completed");
        Assert.All(await _app.TextsAsync(), message => Assert.Equal("+14155550188", (string)message["to"]!));
    }

    [Fact]
    public async Task An_orchestration_that_outlived_the_erasure_ends_by_itself()
    {
        await BookAsync();
        await _app.UntilAsync(session => (string)session["state"]! == "waiting");

        // As if the process had died between the store's transaction and the engine's.
        await _app.Services.GetRequiredService<Data.Patients.PatientErasure>().EraseAsync("glow", "p-1001", "test", CancellationToken.None);
        var client = _app.Services.GetRequiredService<DurableEngine>().Client;
        Assert.False((await client.GetInstanceAsync("glow:b-77"))!.IsCompleted);
        _app.LetTheClockRun();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var ended = await client.WaitForInstanceCompletionAsync("glow:b-77", patience.Token);

        Assert.Equal(OrchestrationRuntimeStatus.Completed, ended.RuntimeStatus);
        Assert.Empty(await _app.TextsAsync());
        Assert.Equal(0L, _file.Run("SELECT COUNT(*) FROM steps"));
    }

    [Fact]
    public async Task Erasing_one_of_two_patients_on_a_number_leaves_the_other_as_they_were()
    {
        await BookAsync();
        await BookAsync("s-1", "p-2", "Eva");
        _app.LetTheClockRun();
        await _app.UntilAsync(session => (string)session["timeline"]![0]!["state"]! == "delivered");
        await _app.AnswerAsync(Reply);
        await UntilAsync(() => Task.FromResult((long)_file.Run("SELECT COUNT(*) FROM inbound_messages")! == 1));
        _file.Run("DELETE FROM inbound_copies");
        await _app.Client.DeleteAsync(PatientPath);

        Assert.Equal([Phone, Reply, "Eva"], _file.Traces(Name, Phone, Reply, "Eva"));
        await _app.UntilAsync(session => (string)session["state"]! == "completed", AppUnderTest.ClinicPath + "/sessions/s-1");

        // Now nobody is left on the number.
        await _app.Client.DeleteAsync(AppUnderTest.ClinicPath + "/patients/p-2");
        Assert.Empty(_file.Traces(Name, Phone, Reply, "Eva"));
    }

    /// <param name="isMarked">Whether the number carries its mark already: a STOP that came before there were marks stands in the history alone.</param>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_STOP_outlives_the_erasure_of_who_sent_it(bool isMarked)
    {
        await BookAsync();
        await _app.AnswerAsync("STOP");
        await _app.UntilAsync(session => (string)session["state"]! == "opted-out");
        _file.Run(isMarked ? "SELECT 1" : "DELETE FROM number_marks");
        await _app.Client.DeleteAsync(PatientPath);
        Assert.Empty(_file.Traces(Name, Phone));

        await BookAsync(patient: "p-2", name: "Max");
        Assert.Equal("opted-out", (string)(await _app.GetSessionAsync())["state"]!);
    }

    [Fact]
    public async Task Texts_to_and_from_a_former_number_go_too()
    {
        await BookAsync();
        _app.LetTheClockRun();
        await _app.UntilAsync(session => (string)session["timeline"]![0]!["state"]! == "delivered");
        var moved = AppUnderTest.SessionBody()["patient"]!.DeepClone();
        moved["phone"] = "+14155550177";
        await _app.PutAsync(PatientPath, moved);
        await _app.AnswerAsync("You have the wrong person in mind");
        await UntilAsync(() => Task.FromResult((long)_file.Run("SELECT COUNT(*) FROM inbound_messages")! == 1));
        await _app.Client.DeleteAsync(PatientPath);

        Assert.Empty(_file.Traces(Phone, "+14155550177", "You have the wrong person in mind"));
    }

    [Fact]
    public async Task A_report_about_a_text_of_an_erased_patient_brings_nothing_back()
    {
        await BookAsync();
        using var faults = JsonContent.Create(new[] { new { kind = "callback-delay", delaySeconds = 86_400 } });
        using var client = _app.NewClient();
        (await client.PutAsync("/twilio/emulator/faults", faults)).EnsureSuccessStatusCode();
        _app.LetTheClockRun();
        await _app.UntilAsync(session => (string)session["timeline"]![1]!["state"]! == "sent");
        await _app.Client.DeleteAsync(PatientPath);
        var known = (long)_file.Run("SELECT COUNT(*) FROM delivery_reports")!;
        await BookAsync("b-99", "p-2", "Max", "+14155550188");
        await _app.UntilAsync(session => (string)session["state"]! == "completed", AppUnderTest.ClinicPath + "/sessions/b-99");

        Assert.True((long)_file.Run("SELECT COUNT(*) FROM delivery_reports")! > known);
        Assert.Equal(0L, _file.Run("SELECT COUNT(*) FROM steps WHERE session_id = 'b-77'"));
        Assert.Empty(_file.Traces(Name, Phone));
    }

    [Fact]
    public async Task Erasing_a_patient_whose_text_is_under_way_leaves_nothing_and_sends_nothing_again()
    {
        await BookAsync();
        using var faults = JsonContent.Create(new[] { new { kind = "no-answer-after-accepting", count = 1 } });
        using var client = _app.NewClient();
        (await client.PutAsync("/twilio/emulator/faults", faults)).EnsureSuccessStatusCode();
        _app.LetTheClockRun();
        await _app.UntilAsync(session => (string)session["timeline"]![0]!["state"]! == "sending");
        await UntilAsync(async () => (await _app.TextsAsync()).Count == 1);
        Assert.Equal(HttpStatusCode.NoContent, (await _app.Client.DeleteAsync(PatientPath)).StatusCode);

        // The call gives up after two seconds, and has nothing to record that on. Another patient's course runs through meanwhile.
        await BookAsync("b-99", "p-2", "Max", "+14155550188");
        await _app.UntilAsync(session => (string)session["state"]! == "completed", AppUnderTest.ClinicPath + "/sessions/b-99");
        Assert.Single(await _app.TextsAsync(), text => (string)text["to"]! == Phone);
        Assert.Equal(0L, _file.Run("SELECT COUNT(*) FROM steps WHERE session_id = 'b-77'"));
        Assert.Null(await _app.Services.GetRequiredService<DurableEngine>().Client.GetInstanceAsync("glow:b-77"));
        Assert.Empty(_file.Traces(Name, Phone));
    }

    [Fact]
    public async Task However_often_rows_were_rewritten_none_of_their_words_stay_in_free_space()
    {
        string[] Words(int patient, int version) => [$"Name{patient}x{version}x", $"+1415555{patient:d2}{version:d2}", $"Wording{patient}x{version}x"];
        const int patients = 24, versions = 4;
        for (var version = 0; version < versions; version++)
        {
            for (var patient = 0; patient < patients; patient++)
            {
                var words = Words(patient, version);
                var body = AppUnderTest.SessionBody()["patient"]!.DeepClone().AsObject();
                (body["id"], body["firstName"], body["phone"]) = ($"p-{patient}", words[0] + new string('n', (patient * 7 + version * 31) % 80), words[1]);
                (body["consentWording"], body["consentEvidence"]) = (words[2] + new string('w', (patient * 97 + version * 401) % 900), "form");
                body["consents"] = version % 2 == 0 ? new JsonArray("care", "marketing") : new JsonArray("care");
                (await _app.PutAsync($"{AppUnderTest.ClinicPath}/patients/p-{patient}", body)).EnsureSuccessStatusCode();
            }
        }

        string[] Last(int patient) => Words(patient, versions - 1)[..2];
        Assert.Equal(patients * 2, _file.Traces([.. Enumerable.Range(0, patients).SelectMany(Last)]).Count);
        foreach (var patient in Enumerable.Range(0, patients).Where(patient => patient % 3 != 0))
        {
            Assert.Equal(HttpStatusCode.NoContent, (await _app.Client.DeleteAsync($"{AppUnderTest.ClinicPath}/patients/p-{patient}")).StatusCode);
        }

        var erased = Enumerable.Range(0, patients).Where(patient => patient % 3 != 0).ToList();
        Assert.Empty(_file.Traces([.. erased.SelectMany(patient => Enumerable.Range(0, versions).SelectMany(version => Words(patient, version)))]));
        Assert.Equal(patients / 3 * 2, _file.Traces([.. Enumerable.Range(0, patients).Where(patient => patient % 3 == 0).SelectMany(Last)]).Count);
    }

    private Task<HttpResponseMessage> BookAsync(
        string session = "b-77", string patient = "p-1001", string name = Name, string phone = Phone, string startsAt = "2026-12-01T10:00:00-08:00")
    {
        var body = AppUnderTest.SessionBody();
        (body["patient"]!["id"], body["patient"]!["firstName"], body["patient"]!["phone"]) = (patient, name, phone);
        body["startsAt"] = startsAt;
        return _app.PutAsync($"{AppUnderTest.ClinicPath}/sessions/{session}", body);
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await condition())
        {
            patience.Token.ThrowIfCancellationRequested();
        }
    }
}
