using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using FollowUp.Dashboard.Serving;
using FollowUp.Dashboard.Tests.Support;
using FollowUp.Functions.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.Dashboard.Tests;

/// <summary>Probes that must not get in; docs/security.md lists them.</summary>
public sealed class AttackTests : IAsyncLifetime
{
    private const string Script = "<script>alert(1)</script>";
    private const string Attribute = "\" onmouseover=\"alert(2)\" x='";

    private AppUnderTest _app = null!;

    public async ValueTask InitializeAsync() => _app = await AppUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData(Script)]
    [InlineData(Attribute)]
    [InlineData("<img src=x onerror=alert(3)>")]
    [InlineData("</title><svg onload=alert(4)>")]
    [InlineData("{{7*7}}@(1+1)${1}")]
    public async Task Markup_in_a_name_or_a_reply_is_shown_as_it_was_typed_and_never_runs(string markup)
    {
        var clinic = AppUnderTest.ClinicBody();
        clinic["name"] = markup.Length > 60 ? markup[..60] : markup;
        (await _app.PutAsync(AppUnderTest.ClinicPath, clinic)).EnsureSuccessStatusCode();
        var body = AppUnderTest.SessionBody();
        body["patient"]!["firstName"] = markup;
        (await _app.PutAsync(AppUnderTest.SessionPath, body)).EnsureSuccessStatusCode();
        await ReplyAsync(markup + " pus");
        using var root = await Staff.RootAsync(_app);
        var opened = (await root.PostAsync("/dashboard/clinics/glow/patients/p-1001/open")).Headers.Location!.OriginalString;

        var shown = 0;
        foreach (var path in new[]
        {
            opened, "/dashboard/clinics/glow/today", "/dashboard/clinics/glow/sessions", "/dashboard/clinics/glow/sessions/b-77", "/dashboard/clinics/glow/patients",
            "/dashboard/clinics/glow/inbox", "/dashboard/clinics/glow/alerts", "/dashboard/clinics/glow/audit", "/dashboard/clinics/glow/system", "/dashboard/users",
            "/dashboard/clinics/glow/plans/microneedling-acne-scars", "/dashboard/clinics/glow/bulk/preview?command=pause", "/dashboard/keys",
        })
        {
            var html = await root.PageAsync(path);
            Assert.DoesNotContain(markup, html.Replace("{{7*7}}@(1+1)${1}", "", StringComparison.Ordinal), StringComparison.Ordinal);
            Assert.DoesNotContain("<script>", html, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotMatch("<[^>]*\\son(mouseover|error|load)=", html);
            Assert.DoesNotContain("49", html.Contains("7*7", StringComparison.Ordinal) ? html.Split("7*7")[1][..2] : "", StringComparison.Ordinal);
            shown += WebUtility.HtmlDecode(html).Contains(markup, StringComparison.Ordinal) ? 1 : 0;
        }

        Assert.True(shown >= 2, "The markup was nowhere to be seen, so this test has proved nothing.");
    }

    [Fact]
    public async Task Every_answer_tells_the_browser_to_run_nothing_but_our_own_files()
    {
        using var root = await Staff.RootAsync(_app);
        using var stranger = new Staff(_app);
        foreach (var answer in new[]
        {
            await root.GetAsync("/dashboard/clinics/glow/today"), await root.GetAsync("/dashboard/clinics/glow/nothing"), await root.GetAsync("/dashboard/clinics/none/today"),
            await root.PostWithAsync(null, "/dashboard/sign-out"), await stranger.GetAsync("/dashboard"), await stranger.GetAsync("/dashboard/sign-in"),
            await stranger.SignInAsync("x", "y"), await stranger.GetAsync("/dashboard/assets/none.css"),
        })
        {
            var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
            Assert.StartsWith("default-src 'none';", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
            Assert.Equal("same-origin", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
            Assert.Equal("DENY", Assert.Single(answer.Headers.GetValues("X-Frame-Options")));
            Assert.True(answer.Headers.CacheControl!.NoStore);
        }
    }

    [Fact]
    public async Task No_page_has_a_style_or_a_script_of_its_own()
    {
        await BookAsync();
        using var root = await Staff.RootAsync(_app);
        var bulk = await _app.BulkSkipAsync();
        foreach (var page in _app.Services.GetRequiredService<RouteMap>().Pages.Where(page => page.Pattern.Length > 0))
        {
            var html = await root.PageAsync(Addresses.Of(page.Pattern, bulk: bulk));
            Assert.DoesNotMatch("<style|\\sstyle=|<script(?! src=\"/dashboard/assets/)|\\son[a-z]+=|javascript:", html);
        }
    }

    [Fact]
    public async Task Style_and_script_are_kept_for_ever_under_a_name_that_holds_their_hash()
    {
        using var stranger = new Staff(_app);
        var page = await (await stranger.GetAsync("/dashboard/sign-in")).Content.ReadAsStringAsync();
        foreach (var (pattern, type) in new[] { ("dashboard-[0-9a-f]{16}\\.css", "text/css"), ("dashboard-[0-9a-f]{16}\\.js", "text/javascript"), ("icon-[0-9a-f]{16}\\.svg", "image/svg+xml") })
        {
            var file = System.Text.RegularExpressions.Regex.Match(page, pattern).Value;
            var answer = await stranger.GetAsync("/dashboard/assets/" + file);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(type, answer.Content.Headers.ContentType!.MediaType);
            Assert.Contains("immutable", answer.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        }

        foreach (var wrong in new[] { "dashboard.css", "dashboard-0000000000000000.css", "..%2f..%2fhost.json", "%2e%2e/host.json", "host.json" })
        {
            Assert.Equal(HttpStatusCode.NotFound, Signed((await stranger.GetAsync("/dashboard/assets/" + wrong)).StatusCode));
        }
    }

    [Fact]
    public async Task A_form_that_is_not_ours_changes_nothing()
    {
        await BookAsync();
        using var root = await Staff.RootAsync(_app);
        using var other = await Staff.WithRoleAsync(_app, "operator");
        using var stranger = new Staff(_app);
        var (foreign, anonymous) = (await other.TokenAsync(), await stranger.TokenAsync());
        foreach (var act in _app.Services.GetRequiredService<RouteMap>().Acts)
        {
            var path = Addresses.Of(act.Pattern, user: "operator");
            foreach (var token in new[] { null, "", "x", foreign, anonymous })
            {
                var answer = await root.PostWithAsync(token, path, ("name", "mallory"), ("role", "admin"), ("password", Staff.Password), ("text", "x"));
                Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, $"{path} answered {answer.StatusCode} to the token '{token}'.");
            }
        }

        Assert.Equal(1L, new StoreFile(_app).Run("SELECT COUNT(*) FROM dashboard_users"));
        await root.PageAsync("/dashboard/clinics/glow/today");
    }

    [Fact]
    public async Task A_body_that_is_no_form_or_too_large_is_refused_in_words()
    {
        using var root = await Staff.RootAsync(_app);
        var token = await root.TokenAsync();
        foreach (var (body, type, status) in new[]
        {
            ("{}", "application/json", HttpStatusCode.BadRequest),
            ("", "application/x-www-form-urlencoded", HttpStatusCode.BadRequest),
            ("x", "multipart/form-data; boundary=none", HttpStatusCode.BadRequest),
            ("__form=" + token + "&name=" + new string('a', 70_000), "application/x-www-form-urlencoded", HttpStatusCode.RequestEntityTooLarge),
        })
        {
            using var content = new StringContent(body, Encoding.UTF8);
            content.Headers.Remove("Content-Type");
            content.Headers.TryAddWithoutValidation("Content-Type", type);
            var answer = await root.Client.PostAsync("/dashboard/users", content);
            Assert.Equal(status, answer.StatusCode);
            Assert.Contains("Nothing was changed", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("HEAD")]
    [InlineData("OPTIONS")]
    public async Task Other_methods_find_nothing(string method)
    {
        using var root = await Staff.RootAsync(_app);
        using var request = new HttpRequestMessage(new HttpMethod(method), "/dashboard/clinics/glow/today");
        Assert.Equal(HttpStatusCode.NotFound, (await root.Client.SendAsync(request)).StatusCode);
    }

    [Theory]
    [InlineData("/dashboard/../api/care-plans", 401)]
    [InlineData("/dashboard/%2e%2e/api/care-plans", 401)]
    [InlineData("/dashboard/..%2fapi/care-plans", 404)]
    [InlineData("/dashboard/clinics/glow%2ftoday", 404)]
    [InlineData("/dashboard/clinics/glow/patients/..%2f..%2fother", 404)]
    [InlineData("/dashboard/clinics/glow/patients/p-1001%00", 404)]
    [InlineData("/dashboard/clinics/glow/patients/%3Cscript%3E", 404)]
    [InlineData("/dashboard/clinics/glow/sessions/b-77'%20OR%201=1--", 404)]
    [InlineData("/dashboard/clinics/glow/today%0d%0aSet-Cookie:%20a=b", 404)]
    [InlineData("/dashboard//clinics/glow/today", 404)]
    [InlineData("/dashboard/clinics/GLOW/today", 404)]
    public async Task Tricks_with_the_path_find_nothing(string path, int status)
    {
        await BookAsync();
        using var root = await Staff.RootAsync(_app);
        var (code, head) = await RawAsync(path, root.Cookie("followup")!);
        Assert.True(code == status || (status == 404 && code == 400), $"{path} answered {code}.");
        Assert.DoesNotContain("Set-Cookie: a=b", head, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Line_breaks_in_what_somebody_sends_get_into_no_header()
    {
        using var root = await Staff.RootAsync(_app);
        foreach (var (path, field) in new[] { ("/dashboard/clinics/glow/patients", "find"), ("/dashboard/clinics/glow/sessions", "plan"), ("/dashboard/clinics/glow/sessions", "due-before") })
        {
            var answer = await root.PostAsync(path, (field, "x\r\nSet-Cookie: a=b\r\n\r\n<script>"));
            Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
            Assert.DoesNotContain("script", answer.Headers.Location!.OriginalString, StringComparison.Ordinal);
            Assert.Null(root.Cookie("a"));
        }

        Assert.DoesNotContain("<script>", await root.PageAsync("/dashboard/clinics/glow/today?done=%3Cscript%3E"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("' OR '1'='1")]
    [InlineData("%")]
    [InlineData("_____")]
    [InlineData("\\")]
    [InlineData("'; DROP TABLE patients; --")]
    public async Task Signs_of_the_database_in_a_search_find_only_themselves(string text)
    {
        await BookAsync();
        using var root = await Staff.RootAsync(_app);
        foreach (var list in new[] { "patients", "sessions" })
        {
            var found = (await root.PostAsync($"/dashboard/clinics/glow/{list}", ("find", text))).Headers.Location!.OriginalString;
            var html = await root.PageAsync(found);
            Assert.DoesNotContain("<tbody>", html, StringComparison.Ordinal);
            Assert.DoesNotContain(Uri.EscapeDataString(text), found.Split("find=")[1] == text ? "" : found, StringComparison.Ordinal);
        }

        Assert.Equal(1L, new StoreFile(_app).Run("SELECT COUNT(*) FROM patients"));
    }

    [Fact]
    public async Task What_is_searched_for_and_who_is_opened_stand_in_no_address_and_help_nobody_else()
    {
        await BookAsync();
        using var root = await Staff.RootAsync(_app);
        using var viewer = await Staff.WithRoleAsync(_app, "viewer");
        var search = (await viewer.PostAsync("/dashboard/clinics/glow/patients", ("find", "Ada"))).Headers.Location!.OriginalString;
        Assert.DoesNotContain("Ada", search, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("value=\"Ada\"", await viewer.PageAsync(search), StringComparison.Ordinal);
        Assert.DoesNotContain("value=\"Ada\"", await root.PageAsync(search), StringComparison.Ordinal);

        var opened = (await viewer.PostAsync("/dashboard/clinics/glow/patients/p-1001/open")).Headers.Location!.OriginalString;
        Assert.Contains("+14155550123", WebUtility.HtmlDecode(await viewer.PageAsync(opened)), StringComparison.Ordinal);
        Assert.DoesNotContain("+14155550123", WebUtility.HtmlDecode(await root.PageAsync(opened)), StringComparison.Ordinal);
        Assert.Equal("staff:viewer", new StoreFile(_app).Run("SELECT actor FROM audit WHERE action = 'patient-opened' AND subject = 'p-1001'"));
    }

    private async Task BookAsync() => (await _app.PutAsync(AppUnderTest.SessionPath, AppUnderTest.SessionBody())).EnsureSuccessStatusCode();

    private async Task ReplyAsync(string text)
    {
        await _app.AnswerAsync(text);
        _app.LetTheClockRun();
        var store = new StoreFile(_app);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (store.Run("SELECT COUNT(*) FROM inbound_messages") is 0L)
        {
            await _app.Client.GetAsync("/api/health", patience.Token);
        }
    }

    /// <summary>Unsigned requests lead to the sign-in; that is as good as nothing there.</summary>
    private static HttpStatusCode Signed(HttpStatusCode code) => code == HttpStatusCode.SeeOther ? HttpStatusCode.NotFound : code;

    /// <summary>A client library would tidy the path; this one sends it as it is.</summary>
    private async Task<(int Status, string Head)> RawAsync(string path, string cookie)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(_app.Address.Host, _app.Address.Port);
        await using var stream = tcp.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"GET {path} HTTP/1.1\r\nHost: {_app.Address.Authority}\r\nCookie: followup={cookie}\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var text = await reader.ReadToEndAsync();
        return (int.Parse(text.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture), text.Split("\r\n\r\n")[0]);
    }
}
