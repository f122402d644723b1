using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace FollowUp.Functions.Tests;

/// <summary>Lists of sessions and clinics, the audit, and entity tags, over HTTP.</summary>
public sealed class WatchingTests : IAsyncLifetime
{
    private AppUnderTest _app = null!;

    public async ValueTask InitializeAsync() => _app = await AppUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_list_shows_each_session_with_its_patient_and_next_step_newest_due_first()
    {
        await BookManyAsync(3);
        var list = await ListAsync("");
        Assert.Equal(["b-2", "b-1", "b-0"], Sessions(list));
        var row = list["items"]![2]!.AsObject();
        Assert.True((string)row["state"]! is "scheduled" or "waiting");
        row.Remove("state");
        Assert.Equal(
            """{"clinic":"glow","session":"b-0","instanceId":"glow:b-0","plan":"microneedling-acne-scars","planVersion":3,"startsAt":"2026-12-01T18:00:00Z","sessionNumber":1,"plannedSessions":4,"next":{"step":"prep-7d","dueAt":"2026-11-24T18:00:00Z"},"patient":{"id":"p-0","firstName":"Ada","phone":"+1•••••1000","timeZone":"America/Los_Angeles"}}""",
            System.Text.RegularExpressions.Regex.Unescape(row.ToJsonString()));
        Assert.Null(list["nextCursor"]);
    }

    [Fact]
    public async Task Its_pages_follow_one_another_by_cursor_in_each_order()
    {
        await BookManyAsync(5);
        foreach (var sort in new[] { "-due", "due", "-start", "start" })
        {
            List<string> seen = [];
            string? cursor = null;
            do
            {
                var page = await ListAsync($"?sort={sort}&limit=2&cursor={cursor}");
                seen.AddRange(Sessions(page));
                cursor = (string?)page["nextCursor"];
            }
            while (cursor is not null);

            string[] expected = ["b-0", "b-1", "b-2", "b-3", "b-4"];
            Assert.Equal(sort[0] == '-' ? expected.Reverse() : expected, seen);
        }
    }

    [Theory]
    [InlineData("?q=ada", "b-2 b-1 b-0")]
    [InlineData("?q=%2B1%20(415)%20555-1001", "b-1")]
    [InlineData("?q=1001", "b-1")]
    [InlineData("?q=p-2", "b-2")]
    [InlineData("?q=grace", "")]
    [InlineData("?state=cancelled", "")]
    [InlineData("?state=scheduled,waiting", "b-2 b-1 b-0")]
    [InlineData("?state=scheduled&state=waiting", "b-2 b-1 b-0")]
    [InlineData("?step=prep-7d&plan=microneedling-acne-scars", "b-2 b-1 b-0")]
    [InlineData("?due-before=2026-11-25T18:00:00Z", "b-0")]
    public async Task Filters_select(string query, string expected)
    {
        await BookManyAsync(3);
        Assert.Equal(expected, string.Join(' ', Sessions(await ListAsync(query))));
    }

    [Theory]
    [InlineData("/sessions?state=asleep", "state")]
    [InlineData("/sessions?sort=name", "sort")]
    [InlineData("/sessions?due-before=tomorrow", "due-before")]
    [InlineData("/sessions?due_before=2026-11-25T18:00:00Z", "due_before")]
    [InlineData("/sessions?plan=a&plan=b", "plan")]
    [InlineData("/sessions?limit=0", "limit")]
    [InlineData("/sessions?limit=201", "limit")]
    [InlineData("/sessions?cursor=x", "cursor")]
    [InlineData("/sessions?cursor=LWR1ZQp4CngKeA", "cursor")]
    [InlineData("/audit?since=now", "since")]
    [InlineData("/audit?subject=a%20b", "subject")]
    [InlineData("/audit?cursor=eAp4", "cursor")]
    [InlineData("/audit?who=me", "who")]
    public async Task A_wrong_query_answers_400_and_names_its_field(string path, string field)
    {
        var answer = await _app.Client.GetAsync(AppUnderTest.ClinicPath + path);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal([field], (await answer.Content.ReadFromJsonAsync<JsonObject>())!["errors"]!.AsObject().Select(error => error.Key));
    }

    [Fact]
    public async Task A_cursor_of_another_order_is_refused()
    {
        await BookManyAsync(2);
        var cursor = (string)(await ListAsync("?limit=1"))["nextCursor"]!;
        Assert.Equal(HttpStatusCode.BadRequest, (await _app.Client.GetAsync($"/api/clinics/glow/sessions?sort=due&cursor={cursor}")).StatusCode);
    }

    [Fact]
    public async Task An_empty_list_is_one_and_a_clinic_that_is_not_there_answers_404()
    {
        Assert.Equal("""{"items":[],"nextCursor":null}""", (await ListAsync("")).ToJsonString());
        foreach (var path in new[] { "/sessions", "/audit", "" })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await _app.Client.GetAsync("/api/clinics/none" + path)).StatusCode);
        }
    }

    [Fact]
    public async Task The_audit_says_newest_first_who_did_what()
    {
        await BookManyAsync(2);
        await _app.PostEventAsync("cancelled", "/api/clinics/glow/sessions/b-1");
        var audit = await GetAsync("/api/clinics/glow/audit");
        Assert.Equal(
            ["key:root session-cancelled b-1", "key:root session-booked b-1", "key:root session-booked b-0", "key:root clinic-created glow"],
            audit["items"]!.AsArray().Select(line => $"{line!["actor"]} {line["action"]} {line["subject"]}"));
        Assert.Equal(2, (await GetAsync("/api/clinics/glow/audit?subject=b-1"))["items"]!.AsArray().Count);
        Assert.Equal(4, (await GetAsync("/api/clinics/glow/audit?since=2026-11-22T18:00:00Z"))["items"]!.AsArray().Count);
        Assert.Empty((await GetAsync("/api/clinics/glow/audit?since=2026-11-22T18:00:01Z"))["items"]!.AsArray());
        var first = await GetAsync("/api/clinics/glow/audit?limit=3");
        var rest = await GetAsync($"/api/clinics/glow/audit?limit=3&cursor={(string)first["nextCursor"]!}");
        Assert.Equal("clinic-created", (string)rest["items"]!.AsArray().Single()!["action"]!);
    }

    [Fact]
    public async Task Clinics_are_listed_by_id_and_one_is_read_as_it_was_put()
    {
        await _app.PutAsync("/api/clinics/aura", AppUnderTest.ClinicBody());
        var first = await GetAsync("/api/clinics?limit=1");
        Assert.Equal("""[{"clinic":"aura","name":"Glow Clinic","timeZone":"America/Los_Angeles","createdAt":"2026-11-22T18:00:00Z"}]""", first["items"]!.ToJsonString());
        Assert.Equal("glow", (string)(await GetAsync($"/api/clinics?limit=1&cursor={(string)first["nextCursor"]!}"))["items"]![0]!["clinic"]!);

        var put = await _app.PutAsync(AppUnderTest.ClinicPath, AppUnderTest.ClinicBody());
        Assert.Equal(await put.Content.ReadAsStringAsync(), await _app.Client.GetStringAsync(AppUnderTest.ClinicPath));
    }

    [Theory]
    [InlineData("clinic")]
    [InlineData("session")]
    [InlineData("patient")]
    public async Task A_change_of_what_somebody_else_has_changed_answers_412_and_the_same_change_again_is_none(string what)
    {
        await BookManyAsync(1);
        var (path, body, change) = Resource(what);
        var seen = await TagAsync(path);
        change(body, "One");
        var first = await PutAsync(path, body, seen);
        Assert.True(first.IsSuccessStatusCode);
        Assert.NotEqual(seen, first.Headers.ETag!.Tag);
        Assert.Equal(await TagAsync(path), first.Headers.ETag!.Tag);

        // The answer got lost, and the client asks again.
        Assert.True((await PutAsync(path, body, seen)).IsSuccessStatusCode);

        change(body, "Two");
        var late = await PutAsync(path, body, seen);
        Assert.Equal(HttpStatusCode.PreconditionFailed, late.StatusCode);
        Assert.Equal("application/problem+json", late.Content.Headers.ContentType!.MediaType);
        Assert.Equal(first.Headers.ETag!.Tag, await TagAsync(path));

        Assert.True((await PutAsync(path, body, $"\"x\", {await TagAsync(path)}")).IsSuccessStatusCode);
        change(body, "Three");
        Assert.True((await PutAsync(path, body, "*")).IsSuccessStatusCode);
        change(body, "Four");
        Assert.True((await PutAsync(path, body, null)).IsSuccessStatusCode);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await PutAsync(path + "-new", body, "*")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _app.Client.GetAsync(path + "-new")).StatusCode);
    }

    [Fact]
    public async Task A_weak_tag_matches_nothing_and_one_without_quotation_marks_is_none()
    {
        await BookManyAsync(1);
        var (path, body, change) = Resource("session");
        change(body, "One");
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await PutAsync(path, body, "W/" + await TagAsync(path))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await PutAsync(path, body, (await TagAsync(path)).Trim('"'))).StatusCode);
    }

    [Fact]
    public async Task Commands_events_and_erasures_keep_to_the_tag_too()
    {
        await BookManyAsync(1);
        var session = await TagAsync("/api/clinics/glow/sessions/b-0");
        var patient = await TagAsync("/api/clinics/glow/patients/p-0");
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await SendAsync(HttpMethod.Post, "/api/clinics/glow/sessions/b-0/commands", """{ "command": "pause" }""", "\"old\"")).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await SendAsync(HttpMethod.Post, "/api/clinics/glow/sessions/b-0/commands", """{ "command": "pause" }""", session)).StatusCode);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await SendAsync(HttpMethod.Post, "/api/clinics/glow/sessions/b-0/events", """{ "type": "cancelled" }""", session)).StatusCode);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await SendAsync(HttpMethod.Delete, "/api/clinics/glow/patients/p-0", null, "\"old\"")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(HttpMethod.Delete, "/api/clinics/glow/patients/p-0", null, patient)).StatusCode);
    }

    [Fact]
    public async Task A_patients_tag_changes_with_a_STOP()
    {
        await BookManyAsync(1);
        var before = await TagAsync("/api/clinics/glow/patients/p-0");
        await _app.AnswerAsync("STOP", from: "+14155551000");
        await _app.UntilAsync(session => (string)session["state"]! == "opted-out", "/api/clinics/glow/sessions/b-0");
        Assert.NotEqual(before, await TagAsync("/api/clinics/glow/patients/p-0"));
    }

    private static (string Path, JsonObject Body, Action<JsonObject, string> Change) Resource(string what) => what switch
    {
        "clinic" => (AppUnderTest.ClinicPath, AppUnderTest.ClinicBody(), (body, name) => body["name"] = name),
        "patient" => ("/api/clinics/glow/patients/p-0", Booking(0)["patient"]!.DeepClone().AsObject(), (body, name) =>
        {
            body.Remove("id");
            body["firstName"] = name;
        }
        ),
        _ => ("/api/clinics/glow/sessions/b-0", Booking(0), (body, name) => body["patient"]!["firstName"] = name),
    };

    private static JsonObject Booking(int number)
    {
        var body = AppUnderTest.SessionBody();
        body["patient"]!["id"] = $"p-{number}";
        body["patient"]!["phone"] = $"+1415555{1000 + number}";
        body["startsAt"] = $"2026-12-{1 + (2 * number):00}T10:00:00-08:00";
        return body;
    }

    private async Task BookManyAsync(int sessions)
    {
        for (var number = 0; number < sessions; number++)
        {
            (await _app.PutAsync($"/api/clinics/glow/sessions/b-{number}", Booking(number))).EnsureSuccessStatusCode();
        }
    }

    private Task<JsonObject> ListAsync(string query) => GetAsync("/api/clinics/glow/sessions" + query);

    private async Task<JsonObject> GetAsync(string path) => (await _app.Client.GetFromJsonAsync<JsonObject>(path))!;

    private async Task<string> TagAsync(string path) => (await _app.Client.GetAsync(path)).Headers.ETag!.Tag;

    private Task<HttpResponseMessage> PutAsync(string path, JsonObject body, string? ifMatch) => SendAsync(HttpMethod.Put, path, body.ToJsonString(), ifMatch);

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? body, string? ifMatch)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        }

        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        return await _app.Client.SendAsync(request);
    }

    private static IEnumerable<string> Sessions(JsonObject list) => list["items"]!.AsArray().Select(row => (string)row!["session"]!);
}
