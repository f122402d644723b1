using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FollowUp.Testing;

namespace FollowUp.Cli.Tests.Support;

/// <summary><c>demo --keep</c> as a process, with a small clinic, from its start to where it says how to sign in.</summary>
public sealed partial class KeptClinic : IAsyncLifetime
{
    public const int Patients = 80;
    public const string Today = "2027-03-02";
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    private readonly TemporaryDirectory _directory = new();
    private ChildProcess? _process;

    public string Data => _directory.File("clinic");

    internal ChildProcess Process => _process!;

    public Uri Address { get; private set; } = null!;

    public string Key { get; private set; } = string.Empty;

    /// <summary>Sends the key that was printed.</summary>
    public HttpClient Api { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        // So slow that what is on its way at the hand-over is so for a while.
        _process = ChildProcess.Start(
            "followup", _directory.Path, new Dictionary<string, string>(),
            "demo", "--keep", "--patients", $"{Patients}", "--today", Today, "--minutes-per-second", "0.2", "--urls", "http://127.0.0.1:0", "--data", Data);
        long started = Stopwatch.GetTimestamp();
        while (!_process.Output.Contains("Ctrl+C stops it."))
        {
            Assert.True(!_process.HasExited && Stopwatch.GetElapsedTime(started) < s_patience, _process.Transcript());
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        Address = new Uri(Said(DashboardLine()));
        Key = Said(PasswordLine());
        Api = new HttpClient { BaseAddress = new Uri(Address, "/api/") };
        Api.DefaultRequestHeaders.Add("X-Api-Key", Key);
    }

    public async ValueTask DisposeAsync()
    {
        Api?.Dispose();
        await _process!.DisposeAsync();
        _directory.Dispose();
    }

    /// <summary>All items of a list.</summary>
    public async Task<IReadOnlyList<JsonObject>> AllAsync(string path)
    {
        List<JsonObject> items = [];
        for (string? cursor = string.Empty; cursor is not null;)
        {
            string address = $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}limit=200{(cursor.Length == 0 ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}";
            JsonObject page = (await Api.GetFromJsonAsync<JsonObject>(address, TestContext.Current.CancellationToken))!;
            items.AddRange(page["items"]!.AsArray().Select(item => (JsonObject)item!));
            cursor = (string?)page["nextCursor"];
        }

        return items;
    }

    /// <summary>A browser that has signed in with what the console says.</summary>
    public async Task<HttpClient> SignInAsync()
    {
        HttpClient browser = new(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = Address };
        string form = await browser.GetStringAsync("/dashboard/sign-in", TestContext.Current.CancellationToken);
        using FormUrlEncodedContent fields = new(new Dictionary<string, string>
        {
            ["name"] = Said(NameLine()),
            ["password"] = Key,
            ["return"] = string.Empty,
            ["__form"] = FormToken().Match(form).Groups[1].Value,
        });
        using HttpResponseMessage answer = await browser.PostAsync("/dashboard/sign-in", fields, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        return browser;
    }

    private string Said(Regex line) => Assert.Single(Process.Output, text => line.IsMatch(text)) is var found ? line.Match(found).Groups[1].Value : string.Empty;

    [GeneratedRegex(@"^  dashboard  (http://\S+)\s*$")]
    private static partial Regex DashboardLine();

    [GeneratedRegex(@"^  name       (\S+)\s*$")]
    private static partial Regex NameLine();

    [GeneratedRegex(@"^  password   (\S+)\s*$")]
    private static partial Regex PasswordLine();

    [GeneratedRegex("name=\"__form\" value=\"([^\"]+)\"")]
    private static partial Regex FormToken();
}
