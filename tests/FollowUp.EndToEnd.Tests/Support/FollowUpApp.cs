using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using FollowUp.Testing;

namespace FollowUp.EndToEnd.Tests.Support;

/// <summary>
/// The built app on one port and one data directory, as a process that can be stopped, killed and started again. Its requests carry
/// the API key.
/// </summary>
internal sealed class FollowUpApp : IAsyncDisposable
{
    public const string ApiKey = "end-to-end-key";

    /// <summary>A simulated clock that for a test stands still: what is booked meanwhile is booked at its start.</summary>
    public const double NearlyStill = 1e-6;

    /// <summary>A simulated clock that jumps to whatever is due next.</summary>
    public const double Jumping = double.PositiveInfinity;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);
    private readonly string _directory;
    private readonly Dictionary<string, string> _settings;
    private readonly List<string> _earlierLog = [];
    private ChildProcess? _process;

    /// <param name="directory">Its working directory, and the data directory in it.</param>
    /// <param name="address">Where it listens.</param>
    /// <param name="settings">More settings, as environment variables.</param>
    public FollowUpApp(string directory, string address, IReadOnlyDictionary<string, string>? settings = null)
    {
        _directory = directory;
        Address = address;
        DataDirectory = Path.Combine(directory, "data");
        _settings = new Dictionary<string, string>(settings ?? new Dictionary<string, string>())
        {
            ["FollowUp__ApiKey"] = ApiKey,
            ["FollowUp__DataDirectory"] = DataDirectory,

            // Tests ask again and again.
            ["FollowUp__RateLimit__PerMinute"] = "0",
        };
        Http = Client(ApiKey);
    }

    public string Address { get; }

    public string DataDirectory { get; }

    /// <summary>Speaks to it with the right key.</summary>
    public HttpClient Http { get; }

    /// <summary>All that this and its earlier processes have written.</summary>
    public IReadOnlyList<string> Log => [.. _earlierLog, .. _process?.Output ?? [], .. _process?.Errors ?? []];

    public static string FreeAddress() => $"http://127.0.0.1:{Port.Free()}";

    /// <summary>A client with another key, or none.</summary>
    public HttpClient Client(string? apiKey)
    {
        HttpClient http = new() { BaseAddress = new Uri(Address) };
        if (apiKey is not null)
        {
            http.DefaultRequestHeaders.Add("X-Api-Key", apiKey);
        }

        return http;
    }

    /// <summary>Starts it and returns at once, while it is still coming up.</summary>
    /// <param name="daysPerSecond">The pace of its clock; null for the real one.</param>
    public void Launch(double? daysPerSecond)
    {
        if (daysPerSecond is { } pace)
        {
            _settings["FollowUp__Clock__DaysPerSecond"] = double.IsInfinity(pace) ? "jump" : pace.ToString(CultureInfo.InvariantCulture);
        }

        _process = ChildProcess.Start("FollowUp.Functions", _directory, _settings, "--urls", Address);
    }

    /// <summary>Starts it and waits until it answers.</summary>
    /// <param name="daysPerSecond">The pace of its clock; null for the real one.</param>
    public Task StartAsync(double? daysPerSecond)
    {
        Launch(daysPerSecond);
        return UntilUpAsync();
    }

    /// <summary>Waits until the process that was launched answers.</summary>
    public Task UntilUpAsync() => Eventually.GetAsync(
        "answer of the app",
        async () =>
        {
            Assert.False(_process!.HasExited, $"The app has ended.\n{Transcript()}");
            try
            {
                using HttpResponseMessage response = await Http.GetAsync("/api/health", TestContext.Current.CancellationToken);
                return response.StatusCode.ToString();
            }
            catch (HttpRequestException)
            {
                return null;
            }
        },
        s_patience,
        Transcript);

    /// <summary><c>kill -9</c>.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await ForgetAsync();
    }

    /// <summary>SIGTERM, and waits for the end; gives the exit code.</summary>
    public async Task<int> StopAsync()
    {
        _process!.Terminate();
        int code = await _process.ExitAsync(s_patience);
        await ForgetAsync();
        return code;
    }

    public async Task<HttpResponseMessage> PutAsync(string route, object body) =>
        await Http.PutAsJsonAsync(route, body, TestContext.Current.CancellationToken);

    /// <summary>Books as a booking system does, and reads the answer, which must have this status.</summary>
    public async Task<SessionAnswer> BookAsync(string session, object body, HttpStatusCode expected)
    {
        using HttpResponseMessage response = await PutAsync($"/api/clinics/{Some.Clinic}/sessions/{session}", body);
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == expected, $"The app answered {(int)response.StatusCode}: {text}\n{Transcript()}");
        return (await response.Content.ReadFromJsonAsync<SessionAnswer>(TestContext.Current.CancellationToken))!;
    }

    public async Task PutClinicAsync()
    {
        using HttpResponseMessage response = await PutAsync($"/api/clinics/{Some.Clinic}", Some.ClinicSettings);
        Assert.True(
            response.IsSuccessStatusCode,
            $"The app answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}");
    }

    public async Task<SessionAnswer> GetSessionAsync(string session) =>
        (await Http.GetFromJsonAsync<SessionAnswer>(
            $"/api/clinics/{Some.Clinic}/sessions/{session}", TestContext.Current.CancellationToken))!;

    /// <summary>Waits until every one of the sessions has ended, and Twilio has reported on all that it was given.</summary>
    public Task<IReadOnlyList<SessionAnswer>> EndedAsync(params IReadOnlyList<string> sessions) =>
        EndedAsync(sessions, _ => true);

    /// <param name="sessions">Their ids.</param>
    /// <param name="isReported">Whether Twilio's reports on a session's texts come.</param>
    public Task<IReadOnlyList<SessionAnswer>> EndedAsync(
        IReadOnlyList<string> sessions, Func<string, bool> isReported) => Eventually.GetAsync(
        "end of the sessions",
        async () =>
        {
            List<SessionAnswer> views = [];
            foreach (string session in sessions)
            {
                SessionAnswer view = await GetSessionAsync(session);
                if (!view.HasEnded || (isReported(session) && view.Timeline.Any(step => step.State == "sent")))
                {
                    return null;
                }

                views.Add(view);
            }

            return (IReadOnlyList<SessionAnswer>)views;
        },
        s_patience,
        Transcript);

    public string Transcript() => _process?.Transcript() ?? string.Join('\n', _earlierLog.TakeLast(80));

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (_process is not null)
        {
            await ForgetAsync();
        }
    }

    private async Task ForgetAsync()
    {
        _earlierLog.AddRange(_process!.Output);
        _earlierLog.AddRange(_process.Errors);
        await _process.DisposeAsync();
        _process = null;
    }
}
