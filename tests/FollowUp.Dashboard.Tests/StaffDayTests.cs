using FollowUp.Dashboard.Tests.Support;
using FollowUp.Functions.Tests;
using Microsoft.Playwright;

namespace FollowUp.Dashboard.Tests;

/// <summary>The staff's day in a real browser: on a desk, on a phone, and without JavaScript.</summary>
public sealed class StaffDayTests(Chromium chromium) : IAsyncLifetime
{
    private AppUnderTest _app = null!;

    public async ValueTask InitializeAsync() => _app = await ClinicDay.StartAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData(1280, true)]
    [InlineData(390, true)]
    [InlineData(1280, false)]
    public async Task Staff_see_what_failed_try_it_again_pause_a_course_skip_for_many_answer_a_reply_and_sign_out(int width, bool script)
    {
        var page = await chromium.OpenAsync(_app, width, script);
        var errors = new List<string>();
        page.Console += (_, message) =>
        {
            // Such as a style that the policy refuses.
            if (message.Type == "error")
            {
                errors.Add(message.Text);
            }
        };
        var name = $"{width}{(script ? "" : "-without-script")}";

        await page.SignInAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Today", Exact = true })).ToBeVisibleAsync();
        await page.PictureAsync($"today-{name}");

        // The text that failed, and whose it is.
        await page.GetByRole(AriaRole.Region, new() { Name = "Not delivered, last 7 days" }).GetByRole(AriaRole.Link, new() { Name = "p-1001" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("A•••");
        await Assertions.Expect(page.GetByText("the number is not in service (30005)")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("+14155550123")).Not.ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Show name and number" }).ClickAsync();
        await Assertions.Expect(page.GetByText("+14155550123")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Ada");
        await page.PictureAsync($"patient-{name}");

        // Its session.
        await page.GetByRole(AriaRole.Link, new() { Name = "b-77", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Img, new() { Name = "The course" })).ToBeVisibleAsync();
        await page.PictureAsync($"session-{name}");

        // A text that can be tried again, and is.
        await page.GotoAsync("/dashboard/clinics/glow/today");
        await page.GetByRole(AriaRole.Region, new() { Name = "Not delivered, last 7 days" }).GetByRole(AriaRole.Link, new() { Name = "p-1003" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "b-79", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Retry prep-7d" }).ClickAsync();
        await Assertions.Expect(page.GetByText("It is tried again: below stands when.")).ToBeVisibleAsync();
        await _app.UntilStoreAsync("SELECT COUNT(*) FROM steps WHERE session_id = 'b-79' AND step = 'prep-7d' AND state = 'delivered'");
        if (!script)
        {
            await page.ReloadAsync();
        }

        await Assertions.Expect(page.Locator("#step-prep-7d").GetByText("Delivered", new() { Exact = true })).ToBeVisibleAsync();

        // The course is paused.
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Assertions.Expect(page.GetByText("The session is paused: nothing is sent until it is resumed.")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Resume" })).ToBeVisibleAsync();
        await page.AssertNoSidewaysScrollAsync();

        // A step is skipped for everybody on the plan who waits.
        await page.GetByRole(AriaRole.Navigation, new() { Name = "Dashboard" }).GetByRole(AriaRole.Link, new() { Name = "Sessions" }).ClickAsync();
        await page.GetByLabel("Plan").SelectOptionAsync("microneedling-acne-scars");
        await page.GetByLabel("State").SelectOptionAsync("waiting");
        await page.GetByRole(AriaRole.Button, new() { Name = "Find" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "b-79", Exact = true })).Not.ToBeVisibleAsync();
        await page.PictureAsync($"sessions-{name}");
        await page.GetByText("Act on all of these").ClickAsync();
        await page.GetByLabel("Do", new() { Exact = true }).SelectOptionAsync("skip");
        await page.GetByLabel("Step", new() { Exact = true }).FillAsync("remind-3d");
        await page.GetByRole(AriaRole.Button, new() { Name = "Preview" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Skip remind-3d: 2 sessions of Glow Clinic")).ToBeVisibleAsync();
        await page.AssertNoSidewaysScrollAsync();
        await page.PictureAsync($"bulk-preview-{name}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Skip remind-3d: 2 sessions of Glow Clinic" }).ClickAsync();
        await _app.UntilStoreAsync("SELECT COUNT(*) FROM bulk_commands WHERE state = 'completed'");
        if (!script)
        {
            await page.ReloadAsync();
        }

        await Assertions.Expect(page.GetByText("Completed")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("2 done")).ToBeVisibleAsync();
        await page.PictureAsync($"bulk-{name}");

        // The inbox, and an answer.
        await page.GetByRole(AriaRole.Navigation, new() { Name = "Dashboard" }).GetByRole(AriaRole.Link, new() { Name = "Inbox" }).ClickAsync();
        await Assertions.Expect(page.GetByText(ClinicDay.Question)).ToBeVisibleAsync();
        await page.PictureAsync($"inbox-{name}");
        await page.GetByLabel("Reply to the text of p-1002").FillAsync($"Please wait a day longer. ({name})");
        await page.GetByRole(AriaRole.Button, new() { Name = "Send the reply" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Your reply is on its way.")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("Nothing to read.")).ToBeVisibleAsync();
        await _app.UntilStoreAsync("SELECT COUNT(*) FROM direct_messages WHERE kind = 'staff-reply' AND state = 'delivered'");
        Assert.Contains(await _app.TextsAsync(), text => (string)text["body"]! == $"Please wait a day longer. ({name})" && (string)text["to"]! == ClinicDay.BeasPhone);

        // The alert about the number.
        await page.GetByRole(AriaRole.Navigation, new() { Name = "Dashboard" }).GetByRole(AriaRole.Link, new() { Name = "Alerts" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Acknowledge Number cannot get texts" }).ClickAsync();
        await Assertions.Expect(page.GetByText("The alert is acknowledged.")).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Assertions.Expect(page.GetByText("You are signed out.")).ToBeVisibleAsync();
        await page.GotoAsync("/dashboard/clinics/glow/today");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        Assert.Empty(errors);
    }

    [Fact]
    public async Task A_text_arrives_on_an_open_page_without_a_reload_and_never_under_somebodys_hands()
    {
        var page = await chromium.OpenAsync(_app);
        await page.Clock.InstallAsync();
        var renewals = 0;
        page.Request += (_, request) => renewals += request.Headers.ContainsKey("x-live") ? 1 : 0;
        await page.SignInAsync();
        await page.GotoAsync("/dashboard/clinics/glow/patients/p-1002");
        await page.EvaluateAsync("window.notReloaded = true");
        await _app.AnswerAsync("It tingles a little", ClinicDay.BeasPhone);

        await Assertions.Expect(page.GetByText("It tingles a little")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#live")).ToHaveTextAsync("The page has been brought up to date.");
        Assert.True(await page.EvaluateAsync<bool>("window.notReloaded === true"));

        // While somebody writes, the page stays as it is; what came meanwhile comes afterwards.
        await page.GetByLabel("Reply to the text of p-1002").FillAsync("That is");
        await _app.AnswerAsync("And is red", ClinicDay.BeasPhone);
        await _app.UntilStoreAsync("SELECT COUNT(*) FROM inbound_messages WHERE body = 'And is red'");
        renewals = 0;
        await page.Clock.RunForAsync(20_000);
        Assert.True(renewals > 0, "The page has not looked.");
        await Assertions.Expect(page.GetByText("And is red")).Not.ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#live")).ToHaveTextAsync("There is something new. The page shows it when you have finished writing.");
        await Assertions.Expect(page.GetByLabel("Reply to the text of p-1002")).ToHaveValueAsync("That is");
        await page.GetByLabel("Reply to the text of p-1002").FillAsync("");
        await page.GetByRole(AriaRole.Heading, new() { Level = 1 }).ClickAsync();
        await Assertions.Expect(page.GetByText("And is red")).ToBeVisibleAsync();
        Assert.True(await page.EvaluateAsync<bool>("window.notReloaded === true"));
    }

    [Fact]
    public async Task The_keyboard_alone_reaches_the_content_and_every_part_shows_where_it_is()
    {
        var page = await chromium.OpenAsync(_app);
        await page.SignInAsync();
        await page.GotoAsync("/dashboard/clinics/glow/sessions");
        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Skip to the content" })).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#main")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(page.GetByLabel("Name, number or id")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("Ada");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "b-77", Exact = true })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "b-78", Exact = true })).Not.ToBeVisibleAsync();
        Assert.DoesNotContain("Ada", page.Url, StringComparison.Ordinal);
        await page.GetByRole(AriaRole.Link, new() { Name = "b-77", Exact = true }).FocusAsync();
        Assert.NotEqual("0px", await page.EvaluateAsync<string>("getComputedStyle(document.activeElement).outlineWidth"));
    }
}
