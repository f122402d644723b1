using System.Data.Common;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using FollowUp.EmbeddedHost.Clock;
using FollowUp.EmbeddedHost.Functions;
using FollowUp.EmbeddedHost.Functions.Console;
using FollowUp.Functions.OpenApi;
using FollowUp.Functions.Security;
using FollowUp.Functions.Sessions;
using FollowUp.Functions.Tests.Contract;
using FollowUp.Testing;
using FollowUp.Workflows;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FollowUp.Functions.Tests;

/// <summary>
/// The whole app in its real host, with the emulator in it, on a free port and files of its own. The clock stands until a test lets it run;
/// then it jumps from one due thing to the next.
/// </summary>
internal sealed class AppUnderTest : IAsyncDisposable
{
    public const string ApiKey = "a-key-for-tests";
    public const string ClinicPath = "/api/clinics/glow";
    public const string SessionPath = ClinicPath + "/sessions/b-77";

    private readonly TemporaryDirectory _directory = new();
    private readonly TestDatabase _database;
    private readonly IHost _host;
    private IDisposable? _hold;
    private ApiContract? _contract;

    private AppUnderTest(string[] settings)
    {
        _database = new TestDatabase(_directory);
        var builder = FunctionsApplication.CreateBuilder(
        [
            .. _database.Settings.SelectMany(setting => new[] { "--" + setting.Key, setting.Value! }),
            "--urls", "http://127.0.0.1:0",
            "--FollowUp:DataDirectory", _directory.Path,
            "--FollowUp:ApiKey", ApiKey,
            "--FollowUp:Clock:Start", "2026-11-22T18:00:00Z",
            "--FollowUp:Clock:DaysPerSecond", "jump",
            "--TASKHUB_NAME", "followup",

            // Tests ask again and again; those about the limits set their own.
            "--FollowUp:RateLimit:PerMinute", "0",
            "--FollowUp:RateLimit:FailuresPerMinute", "0",
            .. settings,
        ]);
        builder.Logging.ClearProviders();
        builder.Logging.AddProvider(Log);
        builder.HideBanner();
        builder.ConfigureFunctionsWebApplication();
        builder.AddFollowUp();
        builder.UseFunctionAssemblies(typeof(SessionFunctions).Assembly, typeof(SessionFollowUp).Assembly);
        _host = builder.Build();
        _hold = _host.Services.GetRequiredService<HostClock>().Hold();
        Address = new Uri(builder.Configuration["urls"]!);
        Client = NewClient(ApiKey);
    }

    public TestLog Log { get; } = new(TestContext.Current.TestOutputHelper);

    public Uri Address { get; }

    /// <summary>Sends the API key.</summary>
    public HttpClient Client { get; }

    public IServiceProvider Services => _host.Services;

    /// <summary>The store, past the app.</summary>
    public DbConnection OpenDatabase() => _database.Open();

    public IConfiguration Configuration => _host.Services.GetRequiredService<IConfiguration>();

    /// <param name="withClinic">Whether the clinic "glow" is there already.</param>
    /// <param name="settings">As on the command line: <c>--Name</c>, value.</param>
    public static async Task<AppUnderTest> StartAsync(bool withClinic = true, params string[] settings)
    {
        var app = new AppUnderTest(settings);
        await app._host.StartAsync();
        if (withClinic)
        {
            (await app.PutAsync(ClinicPath, ClinicBody())).EnsureSuccessStatusCode();
        }

        return app;
    }

    public static JsonObject ClinicBody() => (JsonObject)JsonNode.Parse("""
        { "name": "Glow Clinic", "timeZone": "America/Los_Angeles", "phone": "(415) 555-0199", "emergencyNumber": "911",
          "bookingUrl": "https://glow.example/book", "languages": ["en", "es"] }
        """)!;

    public static JsonObject SessionBody() => (JsonObject)JsonNode.Parse("""
        {
          "patient": { "id": "p-1001", "firstName": "Ada", "phone": "+14155550123", "language": "en",
                       "timeZone": "America/Los_Angeles", "consents": ["care", "marketing"], "essentialsOnly": false },
          "plan": "microneedling-acne-scars",
          "startsAt": "2026-12-01T10:00:00-08:00",
          "sessionNumber": 1,
          "plannedSessions": 4
        }
        """)!;

    /// <param name="key">An API key that the client sends.</param>
    public HttpClient NewClient(string key)
    {
        var client = NewClient();
        client.DefaultRequestHeaders.Add(ApiKeyMiddleware.Header, key);
        return client;
    }

    /// <summary>Holds every answer of the API against the API's own description.</summary>
    public HttpClient NewClient() => new(new ContractHandler(ContractAsync, new SocketsHttpHandler { AllowAutoRedirect = false })) { BaseAddress = Address };

    private async Task<ApiContract> ContractAsync() => _contract ??= new ApiContract(await Services.GetRequiredService<ApiDocument>().JsonAsync());

    /// <summary>Makes an API key, and gives what goes into the header.</summary>
    public async Task<string> NewKeyAsync(string body)
    {
        using var content = Json(body);
        var answer = await Client.PostAsync("/api/keys", content);
        answer.EnsureSuccessStatusCode();
        return (string)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["secret"]!;
    }

    public Task<HttpResponseMessage> PutAsync(string path, JsonNode body) => Client.PutAsync(path, Json(body.ToJsonString()));

    public Task<HttpResponseMessage> PutTextAsync(string path, string body) => Client.PutAsync(path, Json(body));

    public Task<HttpResponseMessage> PostEventAsync(string type, string path = SessionPath) =>
        Client.PostAsync($"{path}/events", Json($$"""{ "type": "{{type}}" }"""));

    public async Task<JsonObject> GetSessionAsync(string path = SessionPath) => (await Client.GetFromJsonAsync<JsonObject>(path))!;

    public void LetTheClockRun()
    {
        _hold?.Dispose();
        _hold = null;
    }

    /// <summary>Asks for the session until it is as it should be.</summary>
    public async Task<JsonObject> UntilAsync(Func<JsonObject, bool> condition, string path = SessionPath)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var session = (await Client.GetFromJsonAsync<JsonObject>(path, patience.Token))!;
            if (condition(session))
            {
                return session;
            }
        }
    }

    /// <summary>The texts that the emulator has sent, oldest first.</summary>
    public async Task<IReadOnlyList<JsonObject>> TextsAsync()
    {
        using var client = NewClient();
        var account = Configuration["Twilio:AccountSid"]!;
        client.DefaultRequestHeaders.Authorization = new(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{account}:{Configuration["Twilio:AuthToken"]}")));
        var page = await client.GetFromJsonAsync<JsonObject>($"/twilio/2010-04-01/Accounts/{account}/Messages.json?PageSize=1000");
        return [.. page!["messages"]!.AsArray().Select(message => message!.AsObject()).Where(message => (string)message["direction"]! == "outbound-api").Reverse()];
    }

    /// <summary>The patient answers; Twilio tells the app soon after.</summary>
    public async Task AnswerAsync(string body, string from = "+14155550123")
    {
        using var client = NewClient();
        (await client.PostAsJsonAsync("/twilio/emulator/inbound", new { from, to = "+15005550006", body })).EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        LetTheClockRun();
        Client.Dispose();
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
        _database.Dispose();
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
}
