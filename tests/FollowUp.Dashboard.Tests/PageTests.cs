using System.Net;
using System.Text;
using System.Text.Json;
using FollowUp.Dashboard.Serving;
using FollowUp.Dashboard.Tests.Support;
using FollowUp.Functions.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.Dashboard.Tests;

/// <summary>What pages say, above all when there is nothing to say.</summary>
public sealed class PageTests
{
    private const string Glow = "/dashboard/clinics/glow/";

    [Theory]
    [InlineData("today", "No open alerts. Nobody is waiting for you.")]
    [InlineData("today", "Nothing is planned for the next 14 days.")]
    [InlineData("sessions", "No session is booked yet.")]
    [InlineData("patients", "The clinic has no patients yet.")]
    [InlineData("inbox", "Nothing to read.")]
    [InlineData("inbox?all=1", "No patient has written yet.")]
    [InlineData("alerts", "No open alerts.")]
    [InlineData("alerts?all=1", "There has been no alert yet.")]
    [InlineData("audit?id=none", "Nothing was done to this id.")]
    [InlineData("audit?id=not an id", "Must be 1 to 64 of A-Z")]
    [InlineData("sessions?state=paused", "No session is like that.")]
    [InlineData("system", "All well")]
    public async Task An_empty_page_says_so(string page, string words)
    {
        await using var app = await AppUnderTest.StartAsync();
        using var root = await Staff.RootAsync(app);
        Assert.Contains(words, await root.PageAsync(Glow + page), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("clinics/none/today", "There is no such clinic")]
    [InlineData("clinics/glow/patients/none", "There is no such patient")]
    [InlineData("clinics/glow/sessions/none", "There is no such session")]
    [InlineData("clinics/glow/plans/none", "There is no such plan")]
    [InlineData("clinics/glow/plans/microneedling-acne-scars?version=77", "There is no such version of the plan")]
    [InlineData("clinics/glow/nothing", "There is no such page")]
    public async Task What_is_not_there_is_404_in_words_with_a_way_on(string page, string words)
    {
        await using var app = await AppUnderTest.StartAsync();
        using var root = await Staff.RootAsync(app);
        var answer = await root.GetAsync("/dashboard/" + page);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        var html = await answer.Content.ReadAsStringAsync();
        Assert.Contains($"<h1>{words}</h1>", html, StringComparison.Ordinal);
        Assert.Contains("aria-label=\"Dashboard\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_clinic_the_first_page_says_how_one_is_made()
    {
        await using var app = await AppUnderTest.StartAsync(withClinic: false);
        using var root = await Staff.RootAsync(app);
        Assert.Contains("curl -X PUT", await root.PageAsync("/dashboard"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_does_not_answer_is_told_in_words()
    {
        await using var app = await AppUnderTest.StartAsync();
        using var root = await Staff.RootAsync(app);
        new StoreFile(app).Run("ALTER TABLE clinics RENAME TO gone");
        var answer = await root.GetAsync(Glow + "today");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        var html = await answer.Content.ReadAsStringAsync();
        Assert.Contains("The store does not answer", html, StringComparison.Ordinal);
        Assert.DoesNotContain("no such table", html, StringComparison.Ordinal);
        new StoreFile(app).Run("ALTER TABLE gone RENAME TO clinics");
        await root.PageAsync(Glow + "today");
    }

    [Fact]
    public async Task A_page_that_has_not_changed_is_not_sent_again_and_one_that_has_is()
    {
        await using var app = await AppUnderTest.StartAsync();
        using var root = await Staff.RootAsync(app);
        var first = await root.GetAsync(Glow + "sessions");
        Assert.Contains($"data-version=\"{first.Headers.ETag!.Tag.Trim('"')}\"", await first.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotModified, (await AgainAsync()).StatusCode);
        (await app.PutAsync(AppUnderTest.SessionPath, AppUnderTest.SessionBody())).EnsureSuccessStatusCode();
        Assert.Equal(HttpStatusCode.OK, (await AgainAsync()).StatusCode);

        async Task<HttpResponseMessage> AgainAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Glow + "sessions");
            request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
            request.Headers.Add("X-Live", "1");
            return await root.Client.SendAsync(request);
        }
    }

    [Fact]
    public async Task Names_and_numbers_are_nowhere_until_somebody_opens_them()
    {
        await using var app = await ClinicDay.StartAsync();
        using var root = await Staff.RootAsync(app);
        var bulk = await app.BulkSkipAsync();
        foreach (var page in app.Services.GetRequiredService<RouteMap>().Pages.Where(page => page.Pattern.StartsWith("clinics/", StringComparison.Ordinal)))
        {
            var html = WebUtility.HtmlDecode(await root.PageAsync(Addresses.Of(page.Pattern, session: "b-78", patient: "p-1002", bulk: bulk)));
            foreach (var secret in new[] { "Bea", "Ada", ClinicDay.BeasPhone, "+14155550123" })
            {
                Assert.DoesNotContain(secret, html, StringComparison.Ordinal);
            }
        }

        var opened = await root.PostAsync(Glow + "patients/p-1002/open");
        var page2 = WebUtility.HtmlDecode(await root.PageAsync(opened.Headers.Location!.OriginalString));
        Assert.Contains("Bea", page2, StringComparison.Ordinal);
        Assert.Contains("Hi Bea", page2, StringComparison.Ordinal);
        Assert.Contains("Patient opened by root", page2, StringComparison.Ordinal);

        // Coming back by the plain address shows nothing again.
        Assert.DoesNotContain("Bea", await root.PageAsync(Glow + "patients/p-1002"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_session_page_draws_the_course_and_tells_engineers_of_its_orchestration()
    {
        await using var app = await ClinicDay.StartAsync();
        using var root = await Staff.RootAsync(app);
        var html = WebUtility.HtmlDecode(await root.PageAsync(Glow + "sessions/b-78"));
        foreach (var words in new[] { "glow:b-78", "Running", "Session booked by the root key", "prep-7d", "Delivered", "Planned", ClinicDay.Question, "<svg class=\"course\"", "next session" })
        {
            Assert.Contains(words, html, StringComparison.Ordinal);
        }

        Assert.Contains("Not delivered", await root.PageAsync(Glow + "sessions/b-77"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sessions_are_found_by_name_number_id_state_plan_step_and_time()
    {
        await using var app = await ClinicDay.StartAsync();
        using var root = await Staff.RootAsync(app);
        foreach (var (fields, found) in new ((string, string)[], string)[]
        {
            ([("find", "bea")], "b-78"), ([("find", "(415) 555-0124")], "b-78"), ([("find", "b-77")], "b-77"), ([("find", "p-1001")], "b-77"),
            ([("find", "bea"), ("state", "paused")], ""), ([("plan", "chemical-peel")], ""), ([("step", "nothing")], ""),
            ([("due-before", "2026-11-01")], ""), ([("plan", "microneedling-acne-scars"), ("due-before", "2027-01-01"), ("state", "waiting")], "b-78"),
        })
        {
            var list = (await root.PostAsync(Glow + "sessions", fields)).Headers.Location!.OriginalString;
            var html = await root.PageAsync(list);
            foreach (var id in new[] { "b-77", "b-78" })
            {
                Assert.True(html.Contains($"sessions/{id}\"", StringComparison.Ordinal) == found.Contains(id, StringComparison.Ordinal), $"{list}: {id} is wrong.");
            }
        }
    }

    [Fact]
    public async Task A_long_list_has_pages_and_each_row_is_on_one_of_them()
    {
        await using var app = await AppUnderTest.StartAsync();
        for (var number = 0; number < 60; number++)
        {
            var body = AppUnderTest.SessionBody();
            body["patient"]!["id"] = $"p-{number:00}";
            body["patient"]!["phone"] = $"+141555502{number:00}";
            (await app.PutAsync($"{AppUnderTest.ClinicPath}/sessions/b-{number:00}", body)).EnsureSuccessStatusCode();
        }

        using var root = await Staff.RootAsync(app);
        foreach (var (page, link) in new[] { ("patients", "patients/p-"), ("sessions", "sessions/b-"), ("audit", "sessions/b-") })
        {
            var seen = new HashSet<string>();
            var next = Glow + page;
            for (var pages = 0; next is not null && pages < 5; pages++)
            {
                var html = WebUtility.HtmlDecode(await root.PageAsync(next));
                seen.UnionWith(System.Text.RegularExpressions.Regex.Matches(html, link + "\\d\\d\"").Select(match => match.Value));
                next = System.Text.RegularExpressions.Regex.Match(html, "href=\"([^\"]+)\" rel=\"next\"") is { Success: true } more ? more.Groups[1].Value : null;
            }

            Assert.Null(next);
            Assert.Equal(60, seen.Count);
        }
    }

    [Fact]
    public async Task Times_are_the_clinics_and_say_so()
    {
        await using var app = await ClinicDay.StartAsync();
        using var root = await Staff.RootAsync(app);
        Assert.Contains("Thu, Nov 26, 10:00 AM PST", await root.PageAsync(Glow + "sessions/b-78"), StringComparison.Ordinal);
        var clinic = AppUnderTest.ClinicBody();
        clinic["timeZone"] = "America/New_York";
        (await app.PutAsync(AppUnderTest.ClinicPath, clinic)).EnsureSuccessStatusCode();
        var html = await root.PageAsync(Glow + "sessions/b-78");
        Assert.Contains("Thu, Nov 26, 1:00 PM EST", html, StringComparison.Ordinal);
        Assert.Contains("America/Los_Angeles", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reply_that_is_too_long_or_empty_is_kept_with_the_reason()
    {
        await using var app = await ClinicDay.StartAsync();
        using var nurse = await Staff.WithRoleAsync(app, "operator", "glow");
        var sid = new StoreFile(app).Run("SELECT message_sid FROM inbound_messages");
        foreach (var (text, words) in new[] { (new string('a', 481), "this one has 481"), (" ", "Write a reply first.") })
        {
            var answer = await nurse.PostAsync($"{Glow}inbox/{sid}/reply", ("text", text));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
            var html = await answer.Content.ReadAsStringAsync();
            Assert.Contains(words, html, StringComparison.Ordinal);
            Assert.Contains(text.Trim(), html, StringComparison.Ordinal);
        }

        // The same form sent twice is one text.
        foreach (var _ in new[] { 1, 2 })
        {
            Assert.Equal(HttpStatusCode.SeeOther, (await nurse.PostAsync($"{Glow}inbox/{sid}/reply", ("text", "Yes, do."))).StatusCode);
        }

        Assert.Equal(1L, new StoreFile(app).Run("SELECT COUNT(*) FROM direct_messages WHERE kind = 'staff-reply'"));
        Assert.Equal("staff:operator", new StoreFile(app).Run("SELECT actor FROM audit WHERE action = 'message-answered'"));
    }

    [Fact]
    public async Task That_time_passes_is_no_news_on_an_open_page()
    {
        await using var app = await ClinicDay.StartAsync();
        using var root = await Staff.RootAsync(app);
        foreach (var page in new[] { "patients/p-1002", "sessions", "audit" })
        {
            var first = await root.GetAsync(Glow + page);
            var now = Now(await first.Content.ReadAsStringAsync());
            while (Now(await root.PageAsync(Glow + page)) == now)
            {
            }

            using var request = new HttpRequestMessage(HttpMethod.Get, Glow + page);
            request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
            Assert.Equal(HttpStatusCode.NotModified, (await root.Client.SendAsync(request)).StatusCode);
        }

        static string Now(string html) => System.Text.RegularExpressions.Regex.Match(html, "id=\"now\">([^<]+)<") is { Success: true } found
            ? found.Groups[1].Value
            : throw new InvalidOperationException("The page does not say what time it is.");
    }

    [Fact]
    public async Task Whoever_sends_a_form_after_the_sign_in_has_ended_is_told_that_nothing_was_done()
    {
        await using var app = await AppUnderTest.StartAsync();
        using var stranger = new Staff(app);
        var answer = await stranger.PostAsync(Glow + "inbox/SM1/reply", ("text", "Call us."));
        Assert.Equal("/dashboard/sign-in?return=%2Fdashboard%2Fclinics%2Fglow%2Finbox&done=not-done", answer.Headers.Location!.OriginalString);
        Assert.Contains("Nothing was done: your sign-in had ended.", await stranger.PageAsync(answer.Headers.Location.OriginalString), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Numbers_in_a_text_are_masked_but_for_the_clinics_own()
    {
        await using var app = await ClinicDay.StartAsync();
        await app.AnswerAsync("It itches, call my sister at 415-555-0177 or +1 (415) 555-0199", ClinicDay.BeasPhone);
        await app.UntilStoreAsync("SELECT COUNT(*) FROM inbound_messages WHERE body LIKE 'It itches%'");
        using var root = await Staff.RootAsync(app);
        var html = WebUtility.HtmlDecode(await root.PageAsync(Glow + "inbox"));
        Assert.Contains("call my sister at ••• or +1 (415) 555-0199", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_several_clinics_a_page_that_is_no_clinics_leads_to_none_by_chance()
    {
        await using var app = await AppUnderTest.StartAsync();
        (await app.PutAsync("/api/clinics/other", AppUnderTest.ClinicBody())).EnsureSuccessStatusCode();
        using var root = await Staff.RootAsync(app);
        var html = await root.PageAsync("/dashboard/users");
        Assert.DoesNotContain("/glow/sessions", html, StringComparison.Ordinal);
        Assert.Contains("Choose a clinic", html, StringComparison.Ordinal);
        Assert.Contains("/other/sessions", await root.PageAsync("/dashboard/clinics/other/today"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task App_Service_says_who_somebody_is_where_the_platform_vouches_for_it_and_nowhere_else()
    {
        string[] settings = ["--FollowUp:Dashboard:SignIn", "app-service"];
        await using (var app = await AppUnderTest.StartAsync(true, settings))
        {
            Assert.Equal(HttpStatusCode.SeeOther, await AskAsync(app, Principal("FollowUp.Admin")));
            using var stranger = new Staff(app);
            Assert.Contains("nobody is let in", await stranger.PageAsync("/dashboard/sign-in"), StringComparison.Ordinal);
        }

        await using (var app = await AppUnderTest.StartAsync())
        {
            Assert.Equal(HttpStatusCode.SeeOther, await AskAsync(app, Principal("FollowUp.Admin")));
        }

        await using (var app = await AppUnderTest.StartAsync(true, [.. settings, "--WEBSITE_AUTH_ENABLED", "True"]))
        {
            Assert.Equal(HttpStatusCode.OK, await AskAsync(app, Principal("FollowUp.Viewer")));
            Assert.Equal(HttpStatusCode.OK, await AskAsync(app, Principal("FollowUp.Operator", "FollowUp.Clinic.glow")));
            Assert.Equal(HttpStatusCode.NotFound, await AskAsync(app, Principal("FollowUp.Operator", "FollowUp.Clinic.other")));
            Assert.Equal(HttpStatusCode.SeeOther, await AskAsync(app, Principal("FollowUp.Admin", "FollowUp.Clinic.glow", "FollowUp.Clinic.other")));
            Assert.Equal(HttpStatusCode.SeeOther, await AskAsync(app, Principal("SomethingElse")));
            Assert.Equal(HttpStatusCode.SeeOther, await AskAsync(app, "not base64"));
            Assert.Equal(HttpStatusCode.SeeOther, await AskAsync(app, Convert.ToBase64String("[1]"u8.ToArray())));
            Assert.Equal(HttpStatusCode.SeeOther, await AskAsync(app, null));
        }

        static async Task<HttpStatusCode> AskAsync(AppUnderTest app, string? principal)
        {
            using var client = app.NewClient();
            client.DefaultRequestHeaders.TryAddWithoutValidation("X-MS-CLIENT-PRINCIPAL", principal);
            return (await client.GetAsync(Glow + "today")).StatusCode;
        }
    }

    private static string Principal(params string[] roles) => Convert.ToBase64String(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new
    {
        auth_typ = "aad",
        name_typ = "name",
        role_typ = "roles",
        claims = roles.Select(role => new { typ = "roles", val = role }).Prepend(new { typ = "name", val = "Joy" }),
    })));
}
