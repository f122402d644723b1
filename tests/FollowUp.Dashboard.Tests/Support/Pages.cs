using FollowUp.Functions.Tests;
using Microsoft.Playwright;

namespace FollowUp.Dashboard.Tests.Support;

/// <summary>What tests do in a browser again and again.</summary>
internal static class Pages
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("FOLLOWUP_SCREENSHOTS") is { Length: > 0 } folder ? folder : null;

    public static async Task SignInAsync(this IPage page, string name = "root", string password = AppUnderTest.ApiKey)
    {
        await page.GotoAsync("/dashboard");
        await page.GetByLabel("Name").FillAsync(name);
        await page.GetByLabel("Password").FillAsync(password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Sign out" })).ToBeVisibleAsync();
    }

    /// <summary>Keeps what the page looks like, if FOLLOWUP_SCREENSHOTS names a folder: the pictures of the README are made so.</summary>
    public static async Task PictureAsync(this IPage page, string name)
    {
        if (Folder is not null)
        {
            Directory.CreateDirectory(Folder);
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Folder, name + ".png"), FullPage = true });
        }
    }

    /// <summary>Nothing is wider than the window.</summary>
    public static async Task AssertNoSidewaysScrollAsync(this IPage page)
    {
        var wide = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.True(wide <= 0, $"{page.Url} is {wide} pixels wider than the window.");
    }
}
