using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using FollowUp.Functions.Security;
using FollowUp.Sms;

namespace FollowUp.Functions.Tests.Fuzz;

/// <summary>A clinic with a session, a patient, a text in the inbox, an alert, an import and a key, made anew whenever what was sent has used them up.</summary>
internal sealed class FuzzWorld(AppUnderTest app, HttpClient client)
{
    private int _times;

    /// <summary>Parameters of routes that lead to something.</summary>
    public IReadOnlyDictionary<string, string> Known { get; private set; } = new Dictionary<string, string>();

    public async Task RestoreAsync()
    {
        var number = ++_times;
        var (session, patient, sid, phone) = ($"b-{number}", $"p-{number}", $"SM{number:x32}", $"+1415555{2000 + (number % 7000)}");
        await ExpectAsync(HttpMethod.Put, AppUnderTest.ClinicPath, AppUnderTest.ClinicBody());
        var booking = AppUnderTest.SessionBody();
        booking["patient"]!["id"] = patient;
        booking["patient"]!["phone"] = phone;
        await ExpectAsync(HttpMethod.Put, $"{AppUnderTest.ClinicPath}/sessions/{session}", booking);
        using var inbound = Signed("/api/twilio/inbound", $"MessageSid={sid}&From={Uri.EscapeDataString(phone)}&To=%2B15005550006&Body=I+have+a+fever");
        (await client.SendAsync(inbound)).EnsureSuccessStatusCode();
        var alerts = (await client.GetFromJsonAsync<JsonObject>($"{AppUnderTest.ClinicPath}/alerts?limit=1"))!;
        using var key = new HttpRequestMessage(HttpMethod.Post, "/api/keys") { Content = JsonContent.Create(new { name = "Fuzz" }) };
        var made = (await (await client.SendAsync(key)).EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>())!;
        using var many = new HttpRequestMessage(HttpMethod.Post, $"{AppUnderTest.ClinicPath}/commands")
        {
            Content = JsonContent.Create(new { command = "resume", filter = new { q = session } }),
        };
        using var begun = (await client.SendAsync(many)).EnsureSuccessStatusCode();
        await EndOfWorkAsync(begun);
        using var file = new HttpRequestMessage(HttpMethod.Post, $"{AppUnderTest.ClinicPath}/imports") { Content = new StringContent(FileOf(number), Encoding.UTF8, "text/csv") };
        using var import = (await client.SendAsync(file)).EnsureSuccessStatusCode();
        await EndOfWorkAsync(import);
        Known = new Dictionary<string, string>
        {
            ["clinic"] = "glow",
            ["session"] = session,
            ["patient"] = patient,
            ["plan"] = "microneedling-acne-scars",
            ["message"] = sid,
            ["alert"] = alerts["items"]![0]!["alert"]!.ToJsonString(),
            ["key"] = (string)made["key"]!,
            ["import"] = import.Headers.Location!.OriginalString.Split('/')[^1],
            ["bulk"] = begun.Headers.Location!.OriginalString.Split('/')[^1],
        };
    }

    /// <summary>A line that is booked and one that is not.</summary>
    private static string FileOf(int number) =>
        "session,patientId,firstName,phone,plan,startsAt,sessionNumber,plannedSessions\n"
        + $"i-{number},i-{number},Ada,+14155550100,microneedling-acne-scars,2026-12-01T10:00:00-08:00,1,4\n"
        + $"j-{number},j-{number},Ada,4155550100,microneedling-acne-scars,2026-12-01T10:00:00-08:00,1,4\n";

    /// <summary>A command on many sessions and an import go on after their answers: what they store is not the next request's doing.</summary>
    public async Task EndOfWorkAsync(HttpResponseMessage answer)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (answer.Headers.Location is { } location && Array.Exists(["/commands/", "/imports/"], path => location.OriginalString.Contains(path, StringComparison.Ordinal))
            && (string?)(await client.GetFromJsonAsync<JsonObject>(location, patience.Token))!["state"] == "running")
        {
        }
    }

    public static HttpClient NewClient(AppUnderTest app)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = app.Address };
        client.DefaultRequestHeaders.Add(ApiKeyMiddleware.Header, AppUnderTest.ApiKey);
        return client;
    }

    /// <summary>A form with the signature that Twilio would give it.</summary>
    public HttpRequestMessage Signed(string address, string form)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new StringContent(form, Encoding.UTF8, "application/x-www-form-urlencoded") };
        Sign(request, address, form);
        return request;
    }

    public void Sign(HttpRequestMessage request, string address, string form)
    {
        var fields = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(form);
        var text = app.Configuration["FollowUp:PublicUrl"] + address + string.Concat(fields
            .OrderBy(field => field.Key, StringComparer.Ordinal).SelectMany(field => field.Value.Distinct().Order(StringComparer.Ordinal).Select(value => field.Key + value)));
#pragma warning disable CA5350 // Twilio's signature is HMAC-SHA1.
        var signature = HMACSHA1.HashData(Encoding.UTF8.GetBytes(app.Configuration["Twilio:AuthToken"]!), Encoding.UTF8.GetBytes(text));
#pragma warning restore CA5350
        request.Headers.TryAddWithoutValidation(TwilioSignature.Header, Convert.ToBase64String(signature));
    }

    private async Task ExpectAsync(HttpMethod method, string path, JsonNode body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
        var answer = await client.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {await answer.Content.ReadAsStringAsync()}");
    }
}
