using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
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

/// <summary>Reads and answers texts over the emulator's own HTTP API, as the patients' phones would.</summary>
internal sealed class PhoneClient : IDisposable
{
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

    public void Dispose() => _http.Dispose();

    private sealed record ListPage([property: JsonPropertyName("messages")] IReadOnlyList<PhoneText> Messages);
}
