using System.Net;
using FollowUp.Dashboard.Tests.Support;
using FollowUp.Functions.Tests;

namespace FollowUp.Dashboard.Tests;

/// <summary>Who is let in, who is kept out, and when a sign-in ends.</summary>
public sealed class SignInTests : IAsyncLifetime
{
    private AppUnderTest _app = null!;

    public async ValueTask InitializeAsync() => _app = await AppUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task The_root_key_lets_in_and_the_first_page_is_the_clinics_day()
    {
        using var root = await Staff.RootAsync(_app);
        var home = await root.GetAsync("/dashboard");
        Assert.Equal("/dashboard/clinics/glow/today", home.Headers.Location!.OriginalString);
        var page = await root.PageAsync("/dashboard/clinics/glow/today");
        Assert.Contains("<h1>Today</h1>", page, StringComparison.Ordinal);
        Assert.DoesNotContain(AppUnderTest.ApiKey, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_key_a_wrong_password_and_an_unknown_name_get_one_and_the_same_answer()
    {
        using var ada = await Staff.WithRoleAsync(_app, "viewer", name: "ada");
        using var stranger = new Staff(_app);
        var answers = new List<string>();
        foreach (var name in new[] { "root", "ada", "nobody" })
        {
            var answer = await stranger.SignInAsync(name, "not the password");
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.Null(stranger.Cookie("followup"));
            answers.Add(Without(await answer.Content.ReadAsStringAsync(), name));
        }

        Assert.Equal(answers[0], answers[1]);
        Assert.Equal(answers[0], answers[2]);
    }

    [Fact]
    public async Task After_five_wrong_passwords_even_the_right_one_waits_whether_the_name_exists_or_not()
    {
        using var ada = await Staff.WithRoleAsync(_app, "viewer", name: "ada");
        using var guesser = new Staff(_app);
        foreach (var name in new[] { "ada", "nobody" })
        {
            for (var attempt = 0; attempt < 5; attempt++)
            {
                Assert.Equal(HttpStatusCode.Unauthorized, (await guesser.SignInAsync(name, $"guess {attempt}")).StatusCode);
            }

            var blocked = await guesser.SignInAsync(name, Staff.Password);
            Assert.Equal(HttpStatusCode.TooManyRequests, blocked.StatusCode);
            Assert.InRange(blocked.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 10);
        }

        // When the wait is over the right password is good again, and clears what was counted.
        new StoreFile(_app).Run("UPDATE sign_in_failures SET blocked_until = '2020-01-01T00:00:00.0000000Z'");
        Assert.Equal(HttpStatusCode.SeeOther, (await guesser.SignInAsync("ada", Staff.Password)).StatusCode);
        Assert.Equal(1L, new StoreFile(_app).Run("SELECT COUNT(*) FROM sign_in_failures"));
    }

    [Fact]
    public async Task Each_further_failure_waits_twice_as_long_and_a_quarter_of_an_hour_at_most()
    {
        using var guesser = new Staff(_app);
        var store = new StoreFile(_app);
        var waits = new List<double>();
        for (var attempt = 1; attempt <= 14; attempt++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await guesser.SignInAsync("nobody", "guess")).StatusCode);
            waits.Add(Convert.ToDouble(store.Run(
                "SELECT COALESCE(MAX(ROUND((julianday(blocked_until) - julianday(last_at)) * 86400)), 0) FROM sign_in_failures WHERE failures < 20"),
                System.Globalization.CultureInfo.InvariantCulture));
            store.Run("UPDATE sign_in_failures SET blocked_until = NULL");
        }

        Assert.Equal([0, 0, 0, 0, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900], waits);
    }

    [Fact]
    public async Task Guessing_many_names_from_one_address_blocks_the_address()
    {
        using var guesser = new Staff(_app);
        for (var attempt = 0; attempt < 20; attempt++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await guesser.SignInAsync($"name{attempt}", "guess")).StatusCode);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, (await guesser.SignInAsync("another", "guess")).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await guesser.SignInAsync("root", AppUnderTest.ApiKey)).StatusCode);
    }

    [Fact]
    public async Task Attempts_that_must_wait_leave_nothing_in_the_store()
    {
        await using var app = await AppUnderTest.StartAsync();
        using var stranger = new Staff(app);
        for (var attempt = 0; attempt < 20; attempt++)
        {
            await stranger.SignInAsync($"name-{attempt}", "wrong");
        }

        var rows = new StoreFile(app).Run("SELECT COUNT(*) FROM sign_in_failures");
        for (var attempt = 0; attempt < 10; attempt++)
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, (await stranger.SignInAsync($"other-{attempt}", "wrong")).StatusCode);
        }

        Assert.Equal(rows, new StoreFile(app).Run("SELECT COUNT(*) FROM sign_in_failures"));
    }

    [Fact]
    public async Task Forty_guesses_at_once_are_counted_as_forty()
    {
        using var guesser = new Staff(_app);
        var token = await guesser.TokenAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(number => guesser.PostWithAsync(
            token, "/dashboard/sign-in", ("name", "root"), ("password", $"guess {number}"))));
        Assert.Equal(20, answers.Count(answer => answer.StatusCode == HttpStatusCode.Unauthorized));
        Assert.Equal(20, answers.Count(answer => answer.StatusCode == HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task What_is_typed_as_a_name_is_nowhere_in_the_store()
    {
        using var careless = new Staff(_app);
        await careless.SignInAsync("my-secret-typed-into-the-wrong-field", "x");
        Assert.Empty(new StoreFile(_app).Traces("my-secret-typed-into-the-wrong-field"));
    }

    [Fact]
    public async Task The_store_has_neither_passwords_nor_the_keys_of_cookies()
    {
        using var ada = await Staff.WithRoleAsync(_app, "viewer", name: "ada");
        Assert.Empty(new StoreFile(_app).Traces(Staff.Password, ada.Cookie("followup")!, AppUnderTest.ApiKey));
    }

    [Fact]
    public async Task Signing_out_ends_the_sign_in_for_a_copied_cookie_too()
    {
        using var root = await Staff.RootAsync(_app);
        using var thief = new Staff(_app);
        thief.Cookies.Add(_app.Address, new Cookie("followup", root.Cookie("followup")));
        await thief.PageAsync("/dashboard/clinics/glow/today");

        Assert.Equal("/dashboard/sign-in?done=signed-out", (await root.PostAsync("/dashboard/sign-out")).Headers.Location!.OriginalString);

        Assert.Null(root.Cookie("followup"));
        Assert.Equal(HttpStatusCode.SeeOther, (await thief.GetAsync("/dashboard/clinics/glow/today")).StatusCode);
    }

    [Theory]
    [InlineData("created_at", 13)]
    [InlineData("seen_at", 2)]
    public async Task A_sign_in_ends_after_twelve_hours_and_after_one_idle_hour(string column, int hours)
    {
        using var root = await Staff.RootAsync(_app);
        await root.PageAsync("/dashboard/clinics/glow/today");
        var then = TimeProvider.System.GetUtcNow().AddHours(-hours).ToString("yyyy-MM-dd'T'HH:mm:ss'.0000000Z'", System.Globalization.CultureInfo.InvariantCulture);
        new StoreFile(_app).Run($"UPDATE dashboard_sessions SET {column} = '{then}'");
        Assert.Equal(HttpStatusCode.SeeOther, (await root.GetAsync("/dashboard/clinics/glow/today")).StatusCode);
    }

    [Fact]
    public async Task A_page_that_renews_itself_keeps_nobody_signed_in_and_a_person_does()
    {
        using var root = await Staff.RootAsync(_app);
        var then = TimeProvider.System.GetUtcNow().AddMinutes(-30).ToString("yyyy-MM-dd'T'HH:mm:ss'.0000000Z'", System.Globalization.CultureInfo.InvariantCulture);
        new StoreFile(_app).Run($"UPDATE dashboard_sessions SET seen_at = '{then}'");

        using var renewal = new HttpRequestMessage(HttpMethod.Get, "/dashboard/clinics/glow/today");
        renewal.Headers.Add("X-Live", "1");
        Assert.Equal(HttpStatusCode.OK, (await root.Client.SendAsync(renewal)).StatusCode);
        Assert.Equal(then, new StoreFile(_app).Run("SELECT seen_at FROM dashboard_sessions"));

        await root.PageAsync("/dashboard/clinics/glow/today");
        Assert.NotEqual(then, new StoreFile(_app).Run("SELECT seen_at FROM dashboard_sessions"));
    }

    [Fact]
    public async Task The_simulated_clock_ends_no_sign_in()
    {
        using var root = await Staff.RootAsync(_app);
        (await _app.PutAsync(AppUnderTest.SessionPath, AppUnderTest.SessionBody())).EnsureSuccessStatusCode();
        _app.LetTheClockRun();
        await _app.UntilAsync(session => (string)session["state"]! == "completed");
        await root.PageAsync("/dashboard/clinics/glow/today");
    }

    [Fact]
    public async Task A_cookie_that_a_browser_came_with_is_not_the_cookie_of_the_sign_in()
    {
        using var attacker = await Staff.RootAsync(_app);
        using var victim = new Staff(_app);
        victim.Cookies.Add(_app.Address, new Cookie("followup", attacker.Cookie("followup")));
        var planted = victim.Cookie("followup");

        Assert.Equal(HttpStatusCode.SeeOther, (await victim.SignInAsync("root", AppUnderTest.ApiKey)).StatusCode);

        Assert.NotEqual(planted, victim.Cookie("followup"));
        Assert.Equal(HttpStatusCode.SeeOther, (await attacker.GetAsync("/dashboard/clinics/glow/today")).StatusCode);
    }

    [Fact]
    public async Task A_changed_role_a_new_password_and_a_removal_end_the_users_sign_ins()
    {
        using var root = await Staff.RootAsync(_app);
        foreach (var (act, fields) in new (string, (string, string)[])[]
        {
            ("role", [("role", "operator"), ("clinic", "")]),
            ("password", [("password", "another long password")]),
            ("end-sessions", []),
            ("remove", []),
        })
        {
            using var user = await Staff.WithRoleAsync(_app, "viewer", name: "u-" + act);
            await user.PageAsync("/dashboard/clinics/glow/today");
            Assert.Equal(HttpStatusCode.SeeOther, (await root.PostAsync($"/dashboard/users/u-{act}/{act}", fields)).StatusCode);
            var after = await user.GetAsync("/dashboard/clinics/glow/today");
            Assert.True(after.StatusCode == HttpStatusCode.SeeOther, $"{act} did not end the sign-in.");
        }
    }

    [Fact]
    public async Task Users_change_their_own_password_with_the_present_one()
    {
        using var user = await Staff.WithRoleAsync(_app, "viewer", name: "ada");
        Assert.Equal(HttpStatusCode.UnprocessableEntity,
            (await user.PostAsync("/dashboard/password", ("current", "wrong"), ("new", "a quite different password"))).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity,
            (await user.PostAsync("/dashboard/password", ("current", Staff.Password), ("new", "short"))).StatusCode);
        Assert.Equal(HttpStatusCode.SeeOther,
            (await user.PostAsync("/dashboard/password", ("current", Staff.Password), ("new", "a quite different password"))).StatusCode);
        Assert.Equal(HttpStatusCode.SeeOther, (await user.GetAsync("/dashboard/clinics/glow/today")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await user.SignInAsync("ada", Staff.Password)).StatusCode);
        Assert.Equal(HttpStatusCode.SeeOther, (await user.SignInAsync("ada", "a quite different password")).StatusCode);
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/dashboard")]
    [InlineData("/\\evil.example")]
    [InlineData("/dashboard//evil.example")]
    [InlineData("/dashboard\\@evil.example")]
    [InlineData("/dashboard/../phone")]
    [InlineData("/dashboard.evil.example")]
    [InlineData("/dashboard/x\r\nSet-Cookie: a=b")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/api/clinics")]
    public async Task After_signing_in_nobody_is_sent_elsewhere(string target)
    {
        using var root = new Staff(_app);
        var answer = await root.SignInAsync("root", AppUnderTest.ApiKey, target);
        Assert.Equal("/dashboard", answer.Headers.Location!.OriginalString);
        Assert.False(answer.Headers.Contains("Set-Cookie") && answer.Headers.GetValues("Set-Cookie").Any(cookie => cookie.StartsWith("a=", StringComparison.Ordinal)));
        var form = await (await new Staff(_app).GetAsync("/dashboard/sign-in?return=" + Uri.EscapeDataString(target))).Content.ReadAsStringAsync();
        Assert.DoesNotContain("evil.example", form, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_signing_in_the_page_is_there_that_was_asked_for()
    {
        using var root = new Staff(_app);
        var asked = await root.GetAsync("/dashboard/clinics/glow/audit?id=glow");
        var form = Uri.UnescapeDataString(asked.Headers.Location!.OriginalString);
        Assert.Equal("/dashboard/sign-in?return=/dashboard/clinics/glow/audit?id=glow", form);
        Assert.Equal("/dashboard/clinics/glow/audit?id=glow",
            (await root.SignInAsync("root", AppUnderTest.ApiKey, "/dashboard/clinics/glow/audit?id=glow")).Headers.Location!.OriginalString);
    }

    [Theory]
    [InlineData("root", "a long enough password", "viewer")]
    [InlineData("Ada Lovelace", "a long enough password", "viewer")]
    [InlineData("ada", "short", "viewer")]
    [InlineData("ada", "aaaaaaaaaaaaaaaa", "viewer")]
    [InlineData("ada", "ada-ada-ada-secret", "viewer")]
    [InlineData("ada", "a long enough password", "owner")]
    public async Task A_user_with_a_bad_name_password_or_role_is_refused_and_the_form_says_why(string name, string password, string role)
    {
        using var root = await Staff.RootAsync(_app);
        var answer = await root.PostAsync("/dashboard/users", ("name", name), ("password", password), ("role", role), ("clinic", ""));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.DoesNotContain(password == "short" ? "value=\"short\"" : password, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(0L, new StoreFile(_app).Run("SELECT COUNT(*) FROM dashboard_users"));
    }

    private static string Without(string html, string name) =>
        System.Text.RegularExpressions.Regex.Replace(html, "name=\"__form\" value=\"[^\"]+\"|data-version=\"[^\"]+\"", "")
            .Replace($"value=\"{name}\"", "", StringComparison.Ordinal);
}
