using System.Net.Http.Json;
using System.Text.Json;

namespace FollowUp.Cli.Demo.Playing;

/// <summary>The app refused what the clinic said; the message is the app's own.</summary>
internal sealed class RefusedException(string message) : Exception(message);

/// <summary>A session as the API tells it.</summary>
internal sealed record SessionView(string Session, string State, int SessionNumber, int PlannedSessions, IReadOnlyList<StepView> Timeline)
{
    public bool HasEnded => State is "completed" or "cancelled" or "opted-out" or "failed";
}

/// <summary>A step of a session's timeline as the API tells it.</summary>
internal sealed record StepView(
    string Step, string Kind, DateTimeOffset DueAt, string State, string? Reason, string? MessageSid, DateTimeOffset? SentAt, DateTimeOffset? DeliveredAt);

/// <summary>Speaks to the app as a clinic's booking system does: over HTTP, with the API key.</summary>
internal sealed class ClinicClient : IDisposable
{
    private const string Clinic = "demo";
    private readonly HttpClient _http;

    public ClinicClient(Uri address, string apiKey)
    {
        _http = new HttpClient { BaseAddress = new Uri(address, "/api/clinics/") };
        _http.DefaultRequestHeaders.Add("X-Api-Key", apiKey);
    }

    public Task PutClinicAsync(object settings, CancellationToken cancellation) => SendAsync(HttpMethod.Put, Clinic, settings, cancellation);

    public Task PutSessionAsync(string session, object booking, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Put, $"{Clinic}/sessions/{session}", booking, cancellation);

    public Task PostEventAsync(string session, string type, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Post, $"{Clinic}/sessions/{session}/events", new { type }, cancellation);

    public async Task<SessionView> GetSessionAsync(string session, CancellationToken cancellation) =>
        await _http.GetFromJsonAsync<SessionView>($"{Clinic}/sessions/{session}", cancellation)
        ?? throw new RefusedException($"The app does not know the session '{session}'.");

    public void Dispose() => _http.Dispose();

    private async Task SendAsync(HttpMethod method, string route, object body, CancellationToken cancellation)
    {
        using HttpRequestMessage request = new(method, route) { Content = JsonContent.Create(body) };
        using HttpResponseMessage response = await _http.SendAsync(request, cancellation);
        if (!response.IsSuccessStatusCode)
        {
            throw new RefusedException($"{(int)response.StatusCode}: {await ExplainAsync(response, cancellation)}");
        }
    }

    private static async Task<string> ExplainAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        string text = await response.Content.ReadAsStringAsync(cancellation);
        try
        {
            using JsonDocument problem = JsonDocument.Parse(text);
            return problem.RootElement.TryGetProperty("errors", out JsonElement errors)
                ? string.Join("; ", errors.EnumerateObject().Select(error => $"{error.Name}: {string.Join(" ", error.Value.EnumerateArray())}"))
                : problem.RootElement.GetProperty("title").GetString()!;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return response.ReasonPhrase ?? "refused";
        }
    }
}
