using System.Buffers.Text;
using System.Net;
using FollowUp.Dashboard.Tests.Support;
using FollowUp.Functions.Tests;

namespace FollowUp.Dashboard.Tests;

public sealed class CookieTests
{
    [Fact]
    public async Task Over_https_the_cookies_are_bound_to_the_host_and_no_script_reads_them()
    {
        await using var app = await AppUnderTest.StartAsync(true, "--FollowUp:PublicUrl", "https://clinic.example");
        var cookies = await SignInCookiesAsync(app, "__Host-followup-form");
        var session = Assert.Single(cookies, cookie => cookie.StartsWith("__Host-followup=", StringComparison.Ordinal));
        foreach (var part in new[] { "path=/", "secure", "httponly", "samesite=lax" })
        {
            Assert.Contains(part, session, StringComparison.OrdinalIgnoreCase);
        }

        Assert.DoesNotContain("domain=", session, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("expires=", session, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task On_this_machine_without_https_the_cookie_is_still_kept_from_scripts_and_other_sites()
    {
        await using var app = await AppUnderTest.StartAsync();
        var session = Assert.Single(await SignInCookiesAsync(app, "followup-form"), cookie => cookie.StartsWith("followup=", StringComparison.Ordinal));
        Assert.Contains("httponly", session, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", session, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_forged_or_foreign_cookie_lets_nobody_in()
    {
        await using var app = await AppUnderTest.StartAsync();
        await using var other = await AppUnderTest.StartAsync();
        using var root = await Staff.RootAsync(app);
        using var elsewhere = await Staff.RootAsync(other);
        var good = root.Cookie("followup")!;
        var bytes = Base64Url.DecodeFromChars(good);
        bytes[^1] ^= 1;
        foreach (var forged in new[]
        {
            "", "x", "root", Base64Url.EncodeToString(new byte[32]), Base64Url.EncodeToString(bytes), good[..^8], good + "AAAA", elsewhere.Cookie("followup")!,
            new string('A', 900), "../../etc/passwd", "%00",
        })
        {
            using var thief = app.NewClient();
            thief.DefaultRequestHeaders.TryAddWithoutValidation("Cookie", $"followup={forged}");
            var answer = await thief.GetAsync("/dashboard/clinics/glow/today");
            Assert.True(answer.StatusCode == HttpStatusCode.SeeOther, $"The cookie '{forged}' got {answer.StatusCode}.");
        }

        using var honest = app.NewClient();
        honest.DefaultRequestHeaders.TryAddWithoutValidation("Cookie", $"followup={good}");
        Assert.Equal(HttpStatusCode.OK, (await honest.GetAsync("/dashboard/clinics/glow/today")).StatusCode);
    }

    [Fact]
    public async Task An_API_key_lets_nobody_into_the_dashboard_and_a_sign_in_nobody_into_the_API()
    {
        await using var app = await AppUnderTest.StartAsync();
        Assert.Equal(HttpStatusCode.Redirect, Redirected((await app.Client.GetAsync("/dashboard/clinics/glow/today")).StatusCode));
        using var root = await Staff.RootAsync(app);
        Assert.Equal(HttpStatusCode.Unauthorized, (await root.GetAsync("/api/care-plans")).StatusCode);
    }

    private static HttpStatusCode Redirected(HttpStatusCode code) => code is HttpStatusCode.SeeOther ? HttpStatusCode.Redirect : code;

    private static async Task<IReadOnlyList<string>> SignInCookiesAsync(AppUnderTest app, string formCookie)
    {
        // A client that sends the cookies of https back over the loopback address, which a browser would not.
        using var client = app.NewClient();
        var page = await client.GetAsync("/dashboard/sign-in");
        var set = page.Headers.GetValues("Set-Cookie").Single(cookie => cookie.StartsWith(formCookie + "=", StringComparison.Ordinal));
        Assert.Contains("samesite=strict", set, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("httponly", set, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(formCookie.StartsWith("__Host-", StringComparison.Ordinal), set.Contains("secure", StringComparison.OrdinalIgnoreCase));
        var token = System.Text.RegularExpressions.Regex.Match(await page.Content.ReadAsStringAsync(), "name=\"__form\" value=\"([^\"]+)\"").Groups[1].Value;
        client.DefaultRequestHeaders.Add("Cookie", set.Split(';')[0]);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["__form"] = token, ["name"] = "root", ["password"] = AppUnderTest.ApiKey });
        var answer = await client.PostAsync("/dashboard/sign-in", form);
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        return [.. answer.Headers.GetValues("Set-Cookie")];
    }
}
