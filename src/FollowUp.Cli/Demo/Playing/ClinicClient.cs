using System.Text.Json;

namespace FollowUp.Cli.Demo.Playing;

/// <summary>A session as the API tells it.</summary>
internal sealed record SessionView(string Session, string State, int SessionNumber, int PlannedSessions, IReadOnlyList<StepView> Timeline)
{
    public bool HasEnded => State is "completed" or "cancelled" or "opted-out" or "failed";
}

/// <summary>A step of a session's timeline as the API tells it.</summary>
internal sealed record StepView(
    string Step, string Kind, DateTimeOffset DueAt, string State, string? Reason, string? MessageSid, DateTimeOffset? SentAt, DateTimeOffset? DeliveredAt);

/// <summary>Speaks to the app as the booking system of the demonstration's one clinic does.</summary>
internal sealed class ClinicClient(HttpApi api)
{
    private const string Clinic = "clinics/demo";

    public Task PutClinicAsync(object settings, CancellationToken cancellation) => api.SendAsync(HttpMethod.Put, Clinic, settings, cancellation);

    public Task PutSessionAsync(string session, object booking, CancellationToken cancellation) =>
        api.SendAsync(HttpMethod.Put, $"{Clinic}/sessions/{session}", booking, cancellation);

    public Task PostEventAsync(string session, string type, CancellationToken cancellation) =>
        api.SendAsync(HttpMethod.Post, $"{Clinic}/sessions/{session}/events", new { type }, cancellation);

    public async Task<SessionView> GetSessionAsync(string session, CancellationToken cancellation)
    {
        using JsonDocument view = await api.GetAsync($"{Clinic}/sessions/{session}", cancellation);
        return view.Deserialize<SessionView>(JsonSerializerOptions.Web)!;
    }
}
