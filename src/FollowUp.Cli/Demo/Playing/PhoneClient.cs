using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Configuration;

namespace FollowUp.Cli.Demo.Playing;

/// <summary>A text as Twilio's list tells it.</summary>
internal sealed record PhoneText(
    [property: JsonPropertyName("sid")] string Sid,
    [property: JsonPropertyName("to")] string To,
    [property: JsonPropertyName("body")] string Body,
    [property: JsonPropertyName("direction")] string Direction,
    [property: JsonPropertyName("date_created")] string DateCreated)
{
    public DateTimeOffset At => DateTimeOffset.Parse(DateCreated, CultureInfo.InvariantCulture);

    /// <summary>True for what a patient wrote.</summary>
    public bool IsInbound => Direction == "inbound";
}

/// <summary>A switch of the emulator: what the network does to texts to a number.</summary>
/// <param name="Kind">As the emulator's control API names it.</param>
internal sealed record FaultRequest([property: JsonPropertyName("kind")] string Kind)
{
    [JsonPropertyName("to")]
    public string? To { get; init; }

    [JsonPropertyName("count")]
    public int? Count { get; init; }

    [JsonPropertyName("code")]
    public int? Code { get; init; }

    [JsonPropertyName("delaySeconds")]
    public double? DelaySeconds { get; init; }
}

/// <summary>Reads and answers texts over the emulator's own HTTP API, as the patients' phones would.</summary>
internal sealed class PhoneClient : IDisposable
{
    private const string Faults = "emulator/faults";
    private static readonly JsonSerializerOptions s_withoutNulls = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
    private readonly SemaphoreSlim _oneFault = new(1);
    private readonly HttpClient _http;
    private readonly string _list;
    private readonly string _from;

    public PhoneClient(IConfiguration configuration)
    {
        string account = configuration["Twilio:AccountSid"]!;
        _http = new HttpClient { BaseAddress = new Uri(configuration["Twilio:BaseAddress"]!.TrimEnd('/') + "/") };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{account}:{configuration["Twilio:AuthToken"]}")));
        _list = $"2010-04-01/Accounts/{account}/Messages.json?PageSize=1000";
        _from = configuration["Twilio:From"]!;
    }

    /// <summary>The newest thousand texts in both directions, oldest first.</summary>
    public async Task<IReadOnlyList<PhoneText>> ListAsync(CancellationToken cancellation)
    {
        ListPage? page = await _http.GetFromJsonAsync<ListPage>(_list, cancellation);
        return [.. (page?.Messages ?? []).Reverse()];
    }

    public async Task ReplyAsync(string phone, string text, CancellationToken cancellation)
    {
        using HttpResponseMessage response = await _http.PostAsJsonAsync("emulator/inbound", new { from = phone, to = _from, body = text }, cancellation);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Adds to what is set already and not used up.</summary>
    public async Task AddFaultAsync(FaultRequest fault, CancellationToken cancellation)
    {
        // One after the other: what is set is replaced as a whole.
        await _oneFault.WaitAsync(cancellation);
        try
        {
            FaultRequest[] set = await _http.GetFromJsonAsync<FaultRequest[]>(Faults, s_withoutNulls, cancellation) ?? [];
            using HttpResponseMessage response = await _http.PutAsJsonAsync(Faults, (FaultRequest[])[.. set, fault], s_withoutNulls, cancellation);
            response.EnsureSuccessStatusCode();
        }
        finally
        {
            _oneFault.Release();
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        _oneFault.Dispose();
    }

    private sealed record ListPage([property: JsonPropertyName("messages")] IReadOnlyList<PhoneText> Messages);
}
