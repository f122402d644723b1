using System.Net.Http.Json;
using System.Text.Json;

namespace FollowUp.Cli.Demo.Playing;

/// <summary>The app refused what was said; the message is the app's own.</summary>
internal sealed class RefusedException(string path, string message) : Exception(message)
{
    /// <summary>What was asked for, behind <c>/api/</c>.</summary>
    public string Path => path;
}

/// <summary>Speaks to the app over HTTP, with the API key.</summary>
internal sealed class HttpApi : IDisposable
{
    private readonly HttpClient _http;

    public HttpApi(Uri address, string apiKey)
    {
        _http = new HttpClient { BaseAddress = new Uri(address, "/api/") };
        _http.DefaultRequestHeaders.Add("X-Api-Key", apiKey);
    }

    /// <summary>The answer to a GET.</summary>
    /// <param name="path">Behind <c>/api/</c>.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="RefusedException">There is no such thing.</exception>
    public async Task<JsonDocument> GetAsync(string path, CancellationToken cancellation)
    {
        using HttpResponseMessage response = await _http.GetAsync(path, cancellation);
        await ThrowIfRefusedAsync(response, path, cancellation);
        return await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancellation), default, cancellation);
    }

    /// <summary>The same app, spoken to with another key.</summary>
    public HttpApi With(string apiKey) => new(new Uri(_http.BaseAddress!, "/"), apiKey);

    /// <summary>The answer to a POST.</summary>
    /// <inheritdoc cref="SendAsync"/>
    public async Task<JsonDocument> PostAsync(string path, object body, CancellationToken cancellation)
    {
        using HttpResponseMessage response = await _http.PostAsJsonAsync(path, body, cancellation);
        await ThrowIfRefusedAsync(response, path, cancellation);
        return await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancellation), default, cancellation);
    }

    /// <summary>Sends a change.</summary>
    /// <param name="method">The verb.</param>
    /// <param name="path">Behind <c>/api/</c>.</param>
    /// <param name="body">The body; null for none.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="RefusedException">The app refused it.</exception>
    public async Task SendAsync(HttpMethod method, string path, object? body, CancellationToken cancellation)
    {
        using HttpRequestMessage request = new(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using HttpResponseMessage response = await _http.SendAsync(request, cancellation);
        await ThrowIfRefusedAsync(response, path, cancellation);
    }

    public void Dispose() => _http.Dispose();

    private static async Task ThrowIfRefusedAsync(HttpResponseMessage response, string path, CancellationToken cancellation)
    {
        if (!response.IsSuccessStatusCode)
        {
            throw new RefusedException(path, $"{(int)response.StatusCode}: {await ExplainAsync(response, cancellation)}");
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
