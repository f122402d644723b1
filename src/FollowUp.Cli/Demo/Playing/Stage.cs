using System.Collections.Concurrent;
using System.Text.Json;
using FollowUp.EmbeddedHost.Engine;

namespace FollowUp.Cli.Demo.Playing;

/// <summary>What the acts of a story have at hand: the API as clinics use it, the patients' phones, and an engineer's reach into the engine.</summary>
internal sealed class Stage(HttpApi api, PhoneClient phones, DurableEngine engine) : IDisposable
{
    private readonly ConcurrentDictionary<string, HttpApi> _bookingSystems = new();

    public PhoneClient Phones => phones;

    /// <param name="path">Behind <c>/api/</c>.</param>
    /// <param name="body">What is said.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="RefusedException">The app refused it.</exception>
    public Task PutAsync(string path, object body, CancellationToken cancellation) => api.SendAsync(HttpMethod.Put, path, body, cancellation);

    /// <inheritdoc cref="PutAsync"/>
    public Task PostAsync(string path, object body, CancellationToken cancellation) => api.SendAsync(HttpMethod.Post, path, body, cancellation);

    /// <inheritdoc cref="PutAsync"/>
    public Task DeleteAsync(string path, CancellationToken cancellation) => api.SendAsync(HttpMethod.Delete, path, null, cancellation);

    /// <summary>Makes the key with which a clinic's booking system speaks from then on.</summary>
    public async Task MakeBookingKeyAsync(string clinic, CancellationToken cancellation)
    {
        using JsonDocument key = await api.PostAsync("keys", new { name = "Booking system", clinic }, cancellation);
        _bookingSystems[clinic] = api.With(key.RootElement.GetProperty("secret").GetString()!);
    }

    /// <summary>A clinic's booking system books or moves a visit.</summary>
    /// <exception cref="RefusedException">The app refused it.</exception>
    public Task BookAsync(string clinic, string session, object booking, CancellationToken cancellation) =>
        _bookingSystems.GetValueOrDefault(clinic, api).SendAsync(HttpMethod.Put, $"clinics/{clinic}/sessions/{session}", booking, cancellation);

    public void Dispose()
    {
        foreach (HttpApi system in _bookingSystems.Values)
        {
            system.Dispose();
        }
    }

    /// <summary>The first page of a list.</summary>
    public async Task<IReadOnlyList<JsonElement>> ListAsync(string path, CancellationToken cancellation)
    {
        using JsonDocument page = await api.GetAsync(path, cancellation);
        return [.. page.RootElement.GetProperty("items").EnumerateArray().Select(item => item.Clone())];
    }

    public async Task<string> StateOfAsync(string clinic, string session, CancellationToken cancellation)
    {
        using JsonDocument view = await api.GetAsync($"clinics/{clinic}/sessions/{session}", cancellation);
        return view.RootElement.GetProperty("state").GetString()!;
    }

    /// <summary>Ends a session's orchestration from outside, as a slip with an engine's own tools would.</summary>
    public Task TerminateAsync(string clinic, string session, CancellationToken cancellation) =>
        engine.Client.TerminateInstanceAsync($"{clinic}:{session}", options: null, cancellation);
}
