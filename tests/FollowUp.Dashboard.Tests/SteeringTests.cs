using System.Net;
using FollowUp.Dashboard.Tests.Support;
using FollowUp.Functions.Tests;

namespace FollowUp.Dashboard.Tests;

/// <summary>Commands on a session and on many, by the forms of the dashboard.</summary>
public sealed class SteeringTests : IAsyncLifetime
{
    private const string Glow = "/dashboard/clinics/glow/";
    private const string Session = Glow + "sessions/b-78";

    private AppUnderTest _app = null!;
    private StoreFile _store = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await ClinicDay.StartAsync();
        _store = new StoreFile(_app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_session_is_paused_resumed_and_called_off_and_the_audit_names_who_did_it()
    {
        using var nurse = await Staff.WithRoleAsync(_app, "operator", "glow", "nurse-joy");
        foreach (var (command, state, notice, button) in new[]
        {
            ("pause", "paused", "The session is paused", ">Resume<"),
            ("pause", "paused", "There was nothing to do", ">Resume<"),
            ("resume", "scheduled, then waiting", "The session goes on", ">Pause<"),
            ("cancel", "cancelled", "The session is called off", "Session b-78"),
        })
        {
            var html = await CommandAsync(nurse, "b-78", ("command", command));
            Assert.Contains(notice, html, StringComparison.Ordinal);
            Assert.Contains(button, html, StringComparison.Ordinal);
            Assert.Contains((string)_store.Run("SELECT state FROM sessions WHERE id = 'b-78'")!, state, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("id=\"commands\"", await nurse.PageAsync(Session), StringComparison.Ordinal);
        Assert.Equal(3L, _store.Run("SELECT COUNT(*) FROM audit WHERE subject = 'b-78' AND actor = 'staff:nurse-joy'"));
    }

    [Fact]
    public async Task A_text_is_skipped_and_taken_back_and_one_that_did_not_arrive_is_tried_again()
    {
        using var root = await Staff.RootAsync(_app);
        Assert.Contains("The text will not be sent", await CommandAsync(root, "b-78", ("command", "skip"), ("command-step", "remind-3d")), StringComparison.Ordinal);
        Assert.Equal("skipped", _store.Run("SELECT state FROM steps WHERE session_id = 'b-78' AND step = 'remind-3d'"));
        await CommandAsync(root, "b-78", ("command", "retry"), ("command-step", "remind-3d"));
        Assert.Equal("planned", _store.Run("SELECT state FROM steps WHERE session_id = 'b-78' AND step = 'remind-3d'"));

        await CommandAsync(root, "b-79", ("command", "retry"), ("command-step", "prep-7d"));
        await _app.UntilStoreAsync("SELECT COUNT(*) FROM steps WHERE session_id = 'b-79' AND step = 'prep-7d' AND state = 'delivered'");
        Assert.Equal(2, (await _app.TextsAsync()).Count(text => (string)text["to"]! == ClinicDay.CleosPhone && ((string)text["body"]!).Contains("Cleo", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("skip", "prep-7d", "", "The step has been delivered. Nothing was changed.")]
    [InlineData("retry", "prep-7d", "", "Nothing was changed.")]
    [InlineData("send-now", "nothing", "", "Nothing was changed.")]
    [InlineData("move-to-plan", "", "77", "Nothing was changed.")]
    [InlineData("skip", "", "", "Skip needs a step")]
    [InlineData("skip", "no step/../x", "", "The step must be")]
    [InlineData("move-to-plan", "", "-1", "Name the version")]
    [InlineData("explode", "", "", "Choose what to do.")]
    public async Task What_cannot_be_done_is_refused_in_words_on_the_sessions_page(string command, string step, string version, string words)
    {
        using var root = await Staff.RootAsync(_app);
        var before = _store.Run("SELECT MAX(id) FROM audit");
        var answer = await root.PostAsync(
            Session + "/commands", ("command", command), ("command-step", step), ("plan-version", version), ("seen", await SeenAsync(root, "b-78")));
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        var html = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
        Assert.Contains(words, html, StringComparison.Ordinal);
        Assert.Contains("<h1>Session b-78</h1>", html, StringComparison.Ordinal);
        Assert.Equal(before, _store.Run("SELECT MAX(id) FROM audit"));
    }

    [Fact]
    public async Task Many_sessions_are_previewed_then_done_with_the_number_that_was_seen()
    {
        using var root = await Staff.RootAsync(_app);
        var preview = WebUtility.HtmlDecode(await root.PageAsync(Glow + "bulk/preview?command=skip&command-step=remind-3d&plan=microneedling-acne-scars"));
        Assert.Contains("<strong>3</strong><span>would change</span>", preview, StringComparison.Ordinal);
        Assert.Contains("Skip remind-3d: 3 sessions of Glow Clinic", preview, StringComparison.Ordinal);
        Assert.Contains("on the plan microneedling-acne-scars", preview, StringComparison.Ordinal);
        Assert.Contains("B•••", preview, StringComparison.Ordinal);
        Assert.Equal(0L, _store.Run("SELECT COUNT(*) FROM bulk_commands"));

        (string, string)[] form = [("command", "skip"), ("command-step", "remind-3d"), ("plan", "microneedling-acne-scars")];
        var stale = await root.PostAsync(Glow + "bulk", [.. form, ("expected", "9-9")]);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, stale.StatusCode);
        Assert.Contains("Nothing was done", await stale.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(0L, _store.Run("SELECT COUNT(*) FROM bulk_commands"));

        var expected = Field(preview, "expected");
        var progress = (await root.PostAsync(Glow + "bulk", [.. form, ("expected", expected)])).Headers.Location!.OriginalString;
        await _app.UntilStoreAsync("SELECT COUNT(*) FROM bulk_commands WHERE state = 'completed'");
        var html = await root.PageAsync(progress);
        Assert.Contains("3 done", html, StringComparison.Ordinal);
        Assert.Contains("<progress max=\"3\" value=\"3\"", html, StringComparison.Ordinal);
        Assert.Contains("Completed", html, StringComparison.Ordinal);
        Assert.Contains(progress, await root.PageAsync(Glow + "bulk"), StringComparison.Ordinal);
        Assert.Equal(3L, _store.Run("SELECT COUNT(*) FROM audit WHERE action = 'session-step-skipped' AND actor = 'staff:root'"));
        Assert.Equal(HttpStatusCode.SeeOther, (await root.PostAsync(progress + "/stop")).StatusCode);
    }

    [Theory]
    [InlineData("state", "wating")]
    [InlineData("due-before", "tomorrow")]
    [InlineData("plan", "a plan")]
    [InlineData("step", "a step")]
    [InlineData("find", "not-a-token-of-ours")]
    public async Task A_filter_that_is_not_understood_selects_nothing_at_all(string field, string value)
    {
        using var root = await Staff.RootAsync(_app);
        var preview = await root.GetAsync($"{Glow}bulk/preview?command=pause&{field}={Uri.EscapeDataString(value)}");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, preview.StatusCode);
        Assert.DoesNotContain("name=\"expected\"", await preview.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await root.PostAsync(Glow + "bulk", ("command", "pause"), (field, value), ("expected", "3-3"))).StatusCode);
        Assert.Equal(0L, _store.Run("SELECT COUNT(*) FROM bulk_commands"));
    }

    [Fact]
    public async Task A_search_leads_to_a_command_on_what_it_has_found_and_only_for_who_searched()
    {
        using var nurse = await Staff.WithRoleAsync(_app, "operator", "glow");
        var list = (await nurse.PostAsync(Glow + "sessions", ("find", "bea"))).Headers.Location!.OriginalString;
        var query = list[list.IndexOf('?', StringComparison.Ordinal)..] + "&command=pause";
        var preview = WebUtility.HtmlDecode(await nurse.PageAsync(Glow + "bulk/preview" + query));
        Assert.Contains("found by “bea”", preview, StringComparison.Ordinal);
        Assert.Contains("Pause: 1 session of Glow Clinic", preview, StringComparison.Ordinal);
        using var root = await Staff.RootAsync(_app);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await root.GetAsync(Glow + "bulk/preview" + query)).StatusCode);
    }

    [Fact]
    public async Task A_viewer_and_a_dashboard_for_reading_have_no_commands()
    {
        using var viewer = await Staff.WithRoleAsync(_app, "viewer");
        foreach (var page in new[] { "sessions", "sessions/b-77", "sessions/b-78" })
        {
            var html = await viewer.PageAsync(Glow + page);
            Assert.DoesNotContain("/commands\"", html, StringComparison.Ordinal);
            Assert.DoesNotContain("bulk/preview", html, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_command_from_a_page_that_is_old_is_not_done()
    {
        using var root = await Staff.RootAsync(_app);
        var seen = await SeenAsync(root, "b-78");
        var body = AppUnderTest.SessionBody();
        body["patient"]!["id"] = "p-1002";
        body["patient"]!["firstName"] = "Bea";
        body["patient"]!["phone"] = ClinicDay.BeasPhone;
        body["startsAt"] = "2026-12-10T10:00:00-08:00";
        (await _app.PutAsync($"{AppUnderTest.ClinicPath}/sessions/b-78", body)).EnsureSuccessStatusCode();

        var answer = await root.PostAsync(Session + "/commands", ("command", "pause"), ("seen", seen));
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Contains("has been changed since you looked", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.NotEqual("paused", _store.Run("SELECT state FROM sessions WHERE id = 'b-78'"));
    }

    [Fact]
    public async Task A_preview_is_done_once_and_never_for_other_sessions_than_it_has_shown()
    {
        using var root = await Staff.RootAsync(_app);
        await CommandAsync(root, "b-79", ("command", "skip"), ("command-step", "remind-3d"));
        (string, string)[] form = [("command", "cancel"), ("step", "remind-1d")];
        var preview = await root.PageAsync(Glow + "bulk/preview?command=cancel&step=remind-1d");
        Assert.Contains("<strong>1</strong><span>would change</span>", preview, StringComparison.Ordinal);
        (string, string)[] seen = [("expected", Field(preview, "expected")), ("id", Field(preview, "id"))];

        // As many sessions as before, but another one.
        await CommandAsync(root, "b-79", ("command", "retry"), ("command-step", "remind-3d"));
        await CommandAsync(root, "b-78", ("command", "skip"), ("command-step", "remind-3d"));
        Assert.Contains("<strong>1</strong><span>would change</span>", await root.PageAsync(Glow + "bulk/preview?command=cancel&step=remind-1d"), StringComparison.Ordinal);
        var stale = await root.PostAsync(Glow + "bulk", [.. form, .. seen]);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, stale.StatusCode);
        Assert.Equal(0L, _store.Run("SELECT COUNT(*) FROM bulk_commands"));

        preview = await root.PageAsync(Glow + "bulk/preview?command=pause&plan=microneedling-acne-scars");
        form = [("command", "pause"), ("plan", "microneedling-acne-scars"), ("expected", Field(preview, "expected")), ("id", Field(preview, "id"))];
        var first = await root.PostAsync(Glow + "bulk", form);
        var second = await root.PostAsync(Glow + "bulk", form);
        Assert.Equal(HttpStatusCode.SeeOther, first.StatusCode);
        Assert.Equal(first.Headers.Location, second.Headers.Location);
        Assert.Equal(1L, _store.Run("SELECT COUNT(*) FROM bulk_commands"));
    }

    [Fact]
    public async Task A_filter_that_stands_twice_selects_nothing()
    {
        using var root = await Staff.RootAsync(_app);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await root.GetAsync(Glow + "bulk/preview?command=pause&state=paused&state=failed")).StatusCode);
        var list = await root.PageAsync(Glow + "sessions?state=paused&state=failed");
        Assert.Contains("Not understood, and left out of the list below: state.", list, StringComparison.Ordinal);
        Assert.DoesNotContain("bulk/preview", list, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_on_many_of_another_clinic_is_not_there_under_ones_own()
    {
        (await _app.PutAsync("/api/clinics/other", AppUnderTest.ClinicBody())).EnsureSuccessStatusCode();
        var bulk = await _app.BulkSkipAsync();
        using var staff = await Staff.WithRoleAsync(_app, "operator", "other");
        Assert.Equal(HttpStatusCode.NotFound, (await staff.GetAsync($"/dashboard/clinics/other/bulk/{bulk}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await staff.PostAsync($"/dashboard/clinics/other/bulk/{bulk}/stop")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await staff.GetAsync($"/dashboard/clinics/glow/bulk/{bulk}")).StatusCode);
    }

    private static async Task<string> SeenAsync(Staff staff, string session) => Field(await staff.PageAsync(Glow + "sessions/" + session), "seen");

    private static string Field(string html, string name) => System.Text.RegularExpressions.Regex.Match(html, $"name=\"{name}\" value=\"([^\"]*)\"").Groups[1].Value;

    /// <summary>What the page of the session says after a command that was done.</summary>
    private static async Task<string> CommandAsync(Staff staff, string session, params (string, string)[] fields)
    {
        var path = $"{Glow}sessions/{session}/commands";
        var answer = await staff.PostAsync(path, [.. fields, ("seen", await SeenAsync(staff, session))]);
        Assert.True(answer.StatusCode == HttpStatusCode.SeeOther, $"{path} answered {answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        return await staff.PageAsync(answer.Headers.Location!.OriginalString);
    }
}
