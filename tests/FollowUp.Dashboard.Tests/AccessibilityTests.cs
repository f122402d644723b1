using System.Text.Json;
using FollowUp.Dashboard.Serving;
using FollowUp.Dashboard.Tests.Support;
using FollowUp.Functions.Tests;
using FollowUp.Tests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace FollowUp.Dashboard.Tests;

/// <summary>axe-core looks at every page that there is, light and dark, on a desk and on a phone.</summary>
public sealed class AccessibilityTests(Chromium chromium) : IAsyncLifetime
{
    private const string Judge = "FollowUp.Dashboard.Tests/npm";

    private AppUnderTest _app = null!;

    public async ValueTask InitializeAsync() => _app = await ClinicDay.StartAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(1280, ColorScheme.Dark)]
    [InlineData(390, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task No_page_has_a_serious_finding_and_none_is_wider_than_its_window(int width, ColorScheme scheme)
    {
        await NpmJudge.InstallAsync(Judge, "axe-core");
        var axe = await File.ReadAllTextAsync(Path.Combine(NpmJudge.RepositoryRoot, "tests", Judge, "node_modules", "axe-core", "axe.min.js"));
        using (await Staff.WithRoleAsync(_app, "operator", "glow", "nurse-joy"))
        {
        }

        (await _app.PutAsync("/api/clinics/second", AppUnderTest.ClinicBody())).EnsureSuccessStatusCode();
        var page = await chromium.OpenAsync(_app, width, scheme: scheme);
        List<string> findings = [];
        await page.GotoAsync("/dashboard/sign-in");
        await LookAsync(page, axe, findings);
        await page.GetByLabel("Name").FillAsync("nobody");
        await page.GetByLabel("Password").FillAsync("wrong");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await LookAsync(page, axe, findings);
        await page.SignInAsync();
        var bulk = await _app.BulkSkipAsync();
        var paths = _app.Services.GetRequiredService<RouteMap>().Pages.Select(route => route.Pattern).Where(pattern => pattern is not ("" or "sign-in"))
            .Concat(["clinics/{clinic}/inbox?all=1", "clinics/{clinic}/alerts?all=1", "clinics/{clinic}/audit?id=%20", "clinics/{clinic}/today?done=read",
                "clinics/{clinic}/bulk/preview?command=skip&command-step=remind-1d&state=waiting", "nothing"]);
        foreach (var path in paths)
        {
            await page.GotoAsync(Addresses.Of(path, session: "b-78", patient: "p-1002", bulk: bulk));
            await page.EvaluateAsync("document.querySelectorAll('main details').forEach(details => { details.open = true; })");
            await LookAsync(page, axe, findings);
            await page.PictureAsync($"all-{path.Split('?')[0].Replace('/', '-').Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal)}-{width}-{scheme}");
        }

        await page.GotoAsync("/dashboard/clinics/glow/patients/p-1002");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show name and number" }).ClickAsync();
        await LookAsync(page, axe, findings);
        Assert.True(findings.Count == 0, string.Join(Environment.NewLine, findings));
    }

    private static async Task LookAsync(IPage page, string axe, List<string> findings)
    {
        // Through the debugger: the page's own policy would refuse a foreign script.
        await page.EvaluateAsync(axe);
        var result = await page.EvaluateAsync<JsonElement>(
            "async () => (await axe.run(document, { resultTypes: ['violations'] })).violations.map(found => "
            + "({ id: found.id, impact: found.impact, help: found.help, nodes: found.nodes.slice(0, 3).map(node => node.html + ' ' + node.failureSummary) }))");
        findings.AddRange(result.EnumerateArray()
            .Where(found => found.GetProperty("impact").GetString() is "serious" or "critical")
            .Select(found => $"{page.Url}: {found}"));
        await page.AssertNoSidewaysScrollAsync();
    }
}
