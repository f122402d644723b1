using System.Net;
using System.Text.Json;

namespace FollowUp.Cli.Health;

/// <summary>What became of asking an app how it is.</summary>
/// <param name="Answered">Whether FollowUp itself answered, well or not.</param>
/// <param name="Problems">What is wrong, in words; empty when all is well.</param>
internal sealed record HealthAnswer(bool Answered, IReadOnlyList<string> Problems)
{
    public bool IsHealthy => Answered && Problems.Count == 0;
}

/// <summary>Asks an app's health route, which needs no key.</summary>
internal sealed class HealthQuestion : IDisposable
{
    private const string Route = "/api/health";

    /// <summary>A text in <c>problems</c> longer than this is none of ours.</summary>
    private const int LongestProblem = 300;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http;

    /// <param name="app">The app's address, without the route.</param>
    public HealthQuestion(Uri app)
    {
        Address = new Uri(app.GetLeftPart(UriPartial.Path).TrimEnd('/') + Route);

        // A proxy that the environment names is for the world outside, and could not reach this machine's own addresses.
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = !app.IsLoopback })
        {
            Timeout = s_patience,
            MaxResponseContentBufferSize = 64 * 1024,
        };
    }

    public Uri Address { get; }

    public async Task<HealthAnswer> AskAsync(CancellationToken cancellation)
    {
        try
        {
            using HttpResponseMessage answer = await _http.GetAsync(Address, cancellation);
            return Read(answer.StatusCode, await answer.Content.ReadAsStringAsync(cancellation));
        }
        catch (HttpRequestException refusal)
        {
            return Silent($"{Address} does not answer: {(refusal.InnerException?.Message ?? refusal.Message).TrimEnd('.')}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Silent($"{Address} has not answered within {s_patience.TotalSeconds:0} seconds");
        }
    }

    public void Dispose() => _http.Dispose();

    private HealthAnswer Read(HttpStatusCode status, string body)
    {
        if (status is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable && Problems(body) is { } problems && (problems.Count == 0) == (status == HttpStatusCode.OK))
        {
            return new HealthAnswer(Answered: true, problems);
        }

        return Silent(status == HttpStatusCode.ServiceUnavailable
            ? $"{Address} answers 503: the app is starting or stopping, or a proxy does not reach it"
            : $"{Address} answers {(int)status}, which says nothing about health: FollowUp is somewhere else");
    }

    /// <summary>The problems of an answer of FollowUp's; null when it is somebody else's.</summary>
    private static List<string>? Problems(string body)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("problems", out JsonElement problems) && problems.ValueKind == JsonValueKind.Array
                && problems.EnumerateArray().All(problem => problem.ValueKind == JsonValueKind.String)
                ? [.. problems.EnumerateArray().Select(problem => Printable(problem.GetString()!))]
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // It comes over the network and goes to a terminal.
    private static string Printable(string text) =>
        new([.. text.Take(LongestProblem).Select(character => char.IsControl(character) ? ' ' : character)]);

    private static HealthAnswer Silent(string why) => new(Answered: false, [why]);
}
