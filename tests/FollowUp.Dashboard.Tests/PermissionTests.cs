using System.Net;
using System.Text.Json.Nodes;
using FollowUp.Dashboard.Serving;
using FollowUp.Dashboard.Tests.Support;
using FollowUp.Data.Staff;
using FollowUp.Functions.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.Dashboard.Tests;

/// <summary>Who may see and do what. The routes are taken from the app itself, so that a new one cannot be forgotten.</summary>
public sealed class PermissionTests : IAsyncLifetime
{
    private AppUnderTest _app = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await AppUnderTest.StartAsync();
        (await _app.PutAsync(AppUnderTest.SessionPath, AppUnderTest.SessionBody())).EnsureSuccessStatusCode();
        (await _app.PutAsync("/api/clinics/other", AppUnderTest.ClinicBody())).EnsureSuccessStatusCode();
        var body = AppUnderTest.SessionBody();
        body["patient"]!["id"] = "p-2002";
        body["patient"]!["firstName"] = "Bertha";
        body["patient"]!["phone"] = "+14155550777";
        (await _app.PutAsync("/api/clinics/other/sessions/b-88", body)).EnsureSuccessStatusCode();
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private RouteMap Routes => _app.Services.GetRequiredService<RouteMap>();

    [Fact]
    public async Task Without_a_sign_in_every_page_and_every_act_but_the_sign_in_leads_to_it()
    {
        using var stranger = new Staff(_app);
        foreach (var page in Routes.Pages.Where(page => page.Pattern != "sign-in"))
        {
            var answer = await stranger.GetAsync(Addresses.Of(page.Pattern));
            Assert.True(answer.StatusCode == HttpStatusCode.SeeOther, $"{page.Pattern} answered {answer.StatusCode}.");
            Assert.StartsWith("/dashboard/sign-in", answer.Headers.Location!.OriginalString, StringComparison.Ordinal);
        }

        foreach (var act in Routes.Acts.Where(act => act.Pattern != "sign-in"))
        {
            var answer = await stranger.PostAsync(Addresses.Of(act.Pattern), ("text", "x"));
            Assert.True(answer.StatusCode == HttpStatusCode.SeeOther, $"{act.Pattern} answered {answer.StatusCode}.");
            Assert.StartsWith("/dashboard/sign-in", answer.Headers.Location!.OriginalString, StringComparison.Ordinal);
        }

        Assert.True(Routes.Pages.Count > 10 && Routes.Acts.Count > 10);
    }

    [Theory]
    [InlineData("viewer", StaffRole.Viewer)]
    [InlineData("operator", StaffRole.Operator)]
    [InlineData("admin", StaffRole.Admin)]
    public async Task A_role_opens_its_pages_and_acts_and_no_others(string name, StaffRole role)
    {
        using var staff = await Staff.WithRoleAsync(_app, name);
        foreach (var page in Routes.Pages.Where(page => page.Role is not null))
        {
            var answer = await staff.GetAsync(Addresses.Of(page.Pattern));
            Assert.True((answer.StatusCode == HttpStatusCode.Forbidden) == (page.Role > role), $"{name} got {answer.StatusCode} at {page.Pattern}.");
        }

        // The one that signs out comes last.
        foreach (var act in Routes.Acts.Where(act => act.Role is not null).OrderBy(act => act.Pattern == "sign-out"))
        {
            var answer = await staff.PostAsync(Addresses.Of(act.Pattern));
            Assert.True((answer.StatusCode == HttpStatusCode.Forbidden) == (act.Role > role), $"{name} got {answer.StatusCode} at {act.Pattern}.");
        }
    }

    [Fact]
    public async Task A_viewer_sees_no_buttons_that_would_be_refused()
    {
        await ReplyAsync("Can I use my serum?");
        using var viewer = await Staff.WithRoleAsync(_app, "viewer");
        using var nurse = await Staff.WithRoleAsync(_app, "operator");
        Assert.DoesNotContain("Mark as read", await viewer.PageAsync("/dashboard/clinics/glow/inbox"), StringComparison.Ordinal);
        Assert.Contains("Mark as read", await nurse.PageAsync("/dashboard/clinics/glow/inbox"), StringComparison.Ordinal);
        Assert.DoesNotContain("/dashboard/users", await nurse.PageAsync("/dashboard/clinics/glow/today"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_limited_to_a_clinic_finds_nothing_of_another_by_any_address()
    {
        using var staff = await Staff.WithRoleAsync(_app, "operator", clinic: "glow");
        foreach (var page in Routes.Pages.Where(page => page.Pattern.Contains("{clinic}", StringComparison.Ordinal)))
        {
            var answer = await staff.GetAsync(Addresses.Of(page.Pattern, "other", "b-88", "p-2002"));
            Assert.True(answer.StatusCode == HttpStatusCode.NotFound, $"{page.Pattern} answered {answer.StatusCode}.");
            Assert.DoesNotContain("B•••", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        foreach (var act in Routes.Acts.Where(act => act.Pattern.Contains("{clinic}", StringComparison.Ordinal)))
        {
            var answer = await staff.PostAsync(Addresses.Of(act.Pattern, "other", "b-88", "p-2002"), ("text", "x"));
            Assert.True(answer.StatusCode == HttpStatusCode.NotFound, $"{act.Pattern} answered {answer.StatusCode}.");
        }

        // Ids of another clinic under the address of one's own.
        foreach (var path in new[] { "sessions/b-88", "patients/p-2002" })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await staff.GetAsync($"/dashboard/clinics/glow/{path}")).StatusCode);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await staff.PostAsync("/dashboard/clinics/glow/patients/p-2002/open")).StatusCode);
        var system = await staff.PageAsync("/dashboard/clinics/glow/system");
        Assert.DoesNotContain("other", Between(system, "<h2 id=\"senders\">", "</section>"), StringComparison.Ordinal);
        Assert.DoesNotContain("clinics/other", await staff.PageAsync("/dashboard/clinics/glow/today"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_or_an_alert_of_another_clinic_cannot_be_settled_from_ones_own()
    {
        await ReplyAsync("I have pus and a fever", "+14155550777");
        using var staff = await Staff.WithRoleAsync(_app, "operator", clinic: "glow");
        var store = new StoreFile(_app);
        var sid = (string)store.Run("SELECT message_sid FROM inbound_copies WHERE clinic_id = 'other'")!;
        var alert = store.Run("SELECT id FROM alerts WHERE clinic_id = 'other'");
        foreach (var path in new[] { $"inbox/{sid}/read", $"inbox/{sid}/reply", $"alerts/{alert}/acknowledge" })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await staff.PostAsync($"/dashboard/clinics/glow/{path}", ("text", "hello"))).StatusCode);
        }

        Assert.Equal(0L, store.Run("SELECT COUNT(*) FROM alerts WHERE acknowledged_at IS NOT NULL"));
        Assert.Equal(0L, store.Run("SELECT COUNT(*) FROM inbound_copies WHERE read_at IS NOT NULL"));
    }

    [Fact]
    public async Task An_admin_of_one_clinic_cannot_be_made_so_nobody_limited_manages_users()
    {
        using var root = await Staff.RootAsync(_app);
        var answer = await root.PostAsync("/dashboard/users", ("name", "ada"), ("role", "admin"), ("clinic", "glow"), ("password", Staff.Password));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
    }

    [Fact]
    public async Task On_a_dashboard_for_reading_every_act_that_changes_something_is_refused_and_no_button_offers_one()
    {
        await using var app = await AppUnderTest.StartAsync(true, "--FollowUp:Dashboard:ReadOnly", "true");
        (await app.PutAsync(AppUnderTest.SessionPath, AppUnderTest.SessionBody())).EnsureSuccessStatusCode();
        using var root = await Staff.RootAsync(app);
        var routes = app.Services.GetRequiredService<RouteMap>();
        foreach (var act in routes.Acts.Where(act => act.Pattern is not ("sign-in" or "sign-out")))
        {
            var answer = await root.PostAsync(Addresses.Of(act.Pattern));
            var searches = act.Pattern is "clinics/{clinic}/patients" or "clinics/{clinic}/sessions";
            Assert.True(answer.StatusCode == (searches ? HttpStatusCode.SeeOther : HttpStatusCode.Forbidden), $"{act.Pattern} answered {answer.StatusCode}.");
        }

        Assert.DoesNotContain("/open\"", await root.PageAsync("/dashboard/clinics/glow/patients/p-1001"), StringComparison.Ordinal);
        Assert.DoesNotContain("Add the user", await root.PageAsync("/dashboard/users"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await root.PostAsync("/dashboard/sign-out")).StatusCode);
    }

    private async Task ReplyAsync(string text, string from = "+14155550123")
    {
        await _app.AnswerAsync(text, from);
        _app.LetTheClockRun();
        var store = new StoreFile(_app);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (store.Run("SELECT COUNT(*) FROM inbound_messages") is 0L)
        {
            await _app.Client.GetAsync("/api/health", patience.Token);
        }
    }

    private static string Between(string text, string from, string to)
    {
        var start = text.IndexOf(from, StringComparison.Ordinal);
        return text[start..text.IndexOf(to, start, StringComparison.Ordinal)];
    }
}
