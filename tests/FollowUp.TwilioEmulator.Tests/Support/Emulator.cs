using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FollowUp.TwilioEmulator.Tests.Support;

/// <summary>The emulator on a real server with a port of its own, mapped under /twilio as in the embedded host, and a client for it.</summary>
internal sealed class Emulator : IAsyncDisposable
{
    public const string AccountSid = "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    public const string AuthToken = "a-token-for-tests";
    public const string Clinic = "+15005550006";
    public const string Patient = "+14155550123";

    private readonly WebApplication _server;

    private Emulator(WebApplication server, ManualClock clock, ClockHolds holds)
    {
        (_server, Clock, Holds) = (server, clock, holds);
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(Url) };
        Http.DefaultRequestHeaders.Authorization = Credentials(AuthToken);
    }

    public string Url => _server.Urls.First();

    public HttpClient Http { get; }

    public ManualClock Clock { get; }

    public ClockHolds Holds { get; }

    public static string Messages => $"/twilio/2010-04-01/Accounts/{AccountSid}/Messages.json";

    public static async Task<Emulator> StartAsync(string? inboundUrl = null, string? database = null, ManualClock? clock = null, Action<WebApplication>? map = null)
    {
        clock ??= new ManualClock();
        var holds = new ClockHolds();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddTwilioEmulator(new EmulatorOptions
        {
            AccountSid = AccountSid,
            AuthToken = AuthToken,
            DatabasePath = database,
            InboundUrl = inboundUrl,
            HoldClock = holds.Take,
        });
        var server = builder.Build();
        server.MapTwilioEmulator("/twilio");
        server.MapPhone();
        map?.Invoke(server);
        await server.StartAsync();
        return new Emulator(server, clock, holds);
    }

    public static AuthenticationHeaderValue Credentials(string token) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{AccountSid}:{token}")));

    /// <summary>Waits until every message and webhook that is due has been dealt with.</summary>
    public Task IdleAsync() => Holds.IdleAsync();

    /// <summary>Creates a message to the patient, with changes: a null value leaves a field out.</summary>
    public Task<Reply> CreateAsync(params (string Name, string? Value)[] fields) => CreateAsync(CancellationToken.None, fields);

    /// <inheritdoc cref="CreateAsync((string, string?)[])"/>
    public Task<Reply> CreateAsync(CancellationToken cancellation, params (string Name, string? Value)[] fields)
    {
        var form = new Dictionary<string, string?> { ["To"] = Patient, ["From"] = Clinic, ["Body"] = "Hello Ada" };
        foreach (var (name, value) in fields)
        {
            form[name] = value;
        }

        return SendAsync(new HttpRequestMessage(HttpMethod.Post, Messages)
        {
            Content = new FormUrlEncodedContent(form.Where(field => field.Value is not null)!),
        }, cancellation);
    }

    public Task<Reply> GetAsync(string address) => SendAsync(new HttpRequestMessage(HttpMethod.Get, address));

    /// <summary>The list as bodies, newest first.</summary>
    public async Task<string[]> BodiesAsync(string query = "")
    {
        var page = await GetAsync(Messages + query);
        return [.. page.Json.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("body").GetString()!)];
    }

    public async Task<JsonElement> FetchAsync(string sid) =>
        (await GetAsync($"/twilio/2010-04-01/Accounts/{AccountSid}/Messages/{sid}.json")).Json;

    public async Task<Reply> TextAsync(string body, string from = Patient, string? to = Clinic) =>
        await SendAsync(new HttpRequestMessage(HttpMethod.Post, "/twilio/emulator/inbound") { Content = JsonContent.Create(new { from, to, body }) });

    public async Task<Reply> SetFaultsAsync(string json) => await SendAsync(new HttpRequestMessage(HttpMethod.Put, "/twilio/emulator/faults")
    {
        Content = new StringContent(json, Encoding.UTF8, "application/json"),
    });

    public async Task<Reply> SendAsync(HttpRequestMessage request, CancellationToken cancellation = default)
    {
        using var response = await Http.SendAsync(request, cancellation);
        var text = await response.Content.ReadAsStringAsync(cancellation);
        var isJson = response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true;
        return new Reply(response.StatusCode, text, isJson ? JsonDocument.Parse(text).RootElement : default, response.Headers);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _server.StopAsync();
        await _server.DisposeAsync();
    }
}

/// <summary>An answer of the emulator.</summary>
internal sealed record Reply(HttpStatusCode Status, string Text, JsonElement Json, HttpResponseHeaders Headers)
{
    public string Sid => Json.GetProperty("sid").GetString()!;

    public string? this[string name] => Json.GetProperty(name).ValueKind == JsonValueKind.Null ? null : Json.GetProperty(name).ToString();
}
