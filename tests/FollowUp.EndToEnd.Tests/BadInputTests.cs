using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FollowUp.EndToEnd.Tests.Support;
using FollowUp.Testing;

namespace FollowUp.EndToEnd.Tests;

/// <summary>A sample, over the real process, of what is refused: the whole matrix is tested with the functions.</summary>
[Collection(ProcessCollection.Name)]
public sealed class BadInputTests
{
    [Fact]
    public async Task What_is_refused_says_why_and_stores_nothing()
    {
        using TemporaryDirectory directory = new();
        await using FollowUpApp app = new(directory.Path, FollowUpApp.FreeAddress());
        await app.StartAsync(daysPerSecond: null);
        await app.PutClinicAsync();
        DateTimeOffset startsAt = TimeProvider.System.GetUtcNow().AddDays(20);
        object good = Some.Booking(1, startsAt);

        foreach (string? key in new[] { null, "", "wrong", FollowUpApp.ApiKey + "x" })
        {
            using HttpClient stranger = app.Client(key);
            await AssertRefusedAsync(stranger, JsonContent.Create(good), HttpStatusCode.Unauthorized, field: null);
        }

        object fifthOfFour = Some.Booking(1, startsAt, sessionNumber: 5, plannedSessions: 4);
        await AssertRefusedAsync(app.Http, JsonContent.Create(fifthOfFour), HttpStatusCode.BadRequest, "sessionNumber");
        await AssertRefusedAsync(app.Http, new StringContent("{ \"plan\": "), HttpStatusCode.BadRequest, "$");
        string tooLong = new string(' ', 64 * 1024) + "{}";
        await AssertRefusedAsync(app.Http, new StringContent(tooLong), HttpStatusCode.RequestEntityTooLarge, field: null);

        using HttpResponseMessage session = await app.Http.GetAsync(Route, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, session.StatusCode);
        using TwilioApi twilio = TwilioApi.InProcessOf(app.Address, app.DataDirectory);
        Assert.Empty(await twilio.ListAsync());

        // And the same booking, with nothing wrong about it, is the first of its name.
        await app.BookAsync("b-77", good, HttpStatusCode.Accepted);
    }

    private static Uri Route { get; } = new($"/api/clinics/{Some.Clinic}/sessions/b-77", UriKind.Relative);

    private static async Task AssertRefusedAsync(HttpClient http, HttpContent body, HttpStatusCode status, string? field)
    {
        using HttpResponseMessage response = await http.PutAsync(Route, body, TestContext.Current.CancellationToken);
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        using JsonDocument problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal((int)status, problem.RootElement.GetProperty("status").GetInt32());
        if (field is not null)
        {
            Assert.Equal([field], problem.RootElement.GetProperty("errors").EnumerateObject().Select(error => error.Name));
        }
    }
}
