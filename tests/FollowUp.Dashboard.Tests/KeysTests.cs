using System.Net;
using System.Text.RegularExpressions;
using FollowUp.Dashboard.Tests.Support;
using FollowUp.Functions.Tests;

namespace FollowUp.Dashboard.Tests;

/// <summary>API keys, made and ended on the dashboard.</summary>
public sealed class KeysTests : IAsyncLifetime
{
    private const string Keys = "/dashboard/keys";

    private AppUnderTest _app = null!;

    public async ValueTask InitializeAsync() => _app = await AppUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_key_is_shown_once_opens_what_it_should_and_nothing_after_it_is_ended()
    {
        using var root = await Staff.RootAsync(_app);
        var made = await root.PostAsync(Keys, ("name", "Booking <system>"), ("clinic", "glow"), ("reading", "yes"), ("ends-on", ""));
        Assert.True(made.Headers.CacheControl!.NoStore);
        var secret = Regex.Match(await made.Content.ReadAsStringAsync(), "aria-label=\"The key\">([^<]+)<").Groups[1].Value;
        Assert.NotEmpty(secret);
        var list = await root.PageAsync(Keys);
        Assert.DoesNotContain(secret, list, StringComparison.Ordinal);
        Assert.Contains("Booking &lt;system&gt;", list, StringComparison.Ordinal);
        Assert.Contains("Glow Clinic, reading only", list, StringComparison.Ordinal);

        using var reader = _app.NewClient(secret);
        Assert.Equal(HttpStatusCode.OK, (await reader.GetAsync(AppUnderTest.ClinicPath)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await reader.DeleteAsync(AppUnderTest.ClinicPath + "/patients/p-1")).StatusCode);

        var end = Regex.Match(list, "action=\"(/dashboard/keys/[^/\"]+/end)\"").Groups[1].Value;
        var ended = await root.PostAsync(end);
        Assert.Contains("The key is ended", await root.PageAsync(ended.Headers.Location!.OriginalString), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await reader.GetAsync(AppUnderTest.ClinicPath)).StatusCode);
        Assert.Equal(2L, new StoreFile(_app).Run("SELECT COUNT(*) FROM audit WHERE action LIKE 'api-key-%' AND actor = 'staff:root'"));
    }

    [Theory]
    [InlineData("", "", "", "Must have 1 to 60 characters")]
    [InlineData("Booking", "none", "", "There is no such clinic.")]
    [InlineData("Booking", "", "2026-11-21", "Must be a day that is not over")]
    [InlineData("Booking", "", "soon", "Must be a day that is not over")]
    public async Task What_is_wrong_is_said_at_its_field_and_no_key_is_made(string name, string clinic, string endsOn, string words)
    {
        using var root = await Staff.RootAsync(_app);
        var answer = await root.PostAsync(Keys, ("name", name), ("clinic", clinic), ("ends-on", endsOn));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains(words, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(0L, new StoreFile(_app).Run("SELECT COUNT(*) FROM api_keys"));
    }

    [Fact]
    public async Task A_key_opens_the_doors_to_the_end_of_its_last_day_in_the_clinics_zone()
    {
        using var root = await Staff.RootAsync(_app);
        await root.PostAsync(Keys, ("name", "Trial"), ("ends-on", "2026-11-22"));
        Assert.StartsWith("2026-11-23T08:00:00", (string)new StoreFile(_app).Run("SELECT ends_at FROM api_keys")!, StringComparison.Ordinal);
    }
}
