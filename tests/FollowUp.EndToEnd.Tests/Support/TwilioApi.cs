using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FollowUp.EndToEnd.Tests.Support;

/// <summary>Reads the emulator's list over Twilio's own API: the judge of what was sent.</summary>
internal sealed class TwilioApi : IDisposable
{
    private readonly HttpClient _http;
    private readonly string _list;
    private readonly string _prefix;

    /// <param name="baseAddress">What <c>Twilio:BaseAddress</c> is for the app.</param>
    /// <param name="accountSid">The account.</param>
    /// <param name="authToken">Its token.</param>
    public TwilioApi(string baseAddress, string accountSid, string authToken)
    {
        _http = new HttpClient { BaseAddress = new Uri(baseAddress.TrimEnd('/') + "/") };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{accountSid}:{authToken}")));
        _prefix = baseAddress.TrimEnd('/');
        _list = $"2010-04-01/Accounts/{accountSid}/Messages.json?PageSize=1000";
    }

    /// <summary>The account of the emulator that an app runs in its own process.</summary>
    public static TwilioApi InProcessOf(string appAddress, string dataDirectory)
    {
        using JsonDocument credentials = JsonDocument.Parse(File.ReadAllText(Path.Combine(dataDirectory, "twilio-emulator.json")));
        return new TwilioApi(
            appAddress + "/twilio",
            credentials.RootElement.GetProperty("AccountSid").GetString()!,
            credentials.RootElement.GetProperty("AuthToken").GetString()!);
    }

    /// <summary>All texts, the oldest first.</summary>
    public async Task<IReadOnlyList<TwilioText>> ListAsync()
    {
        List<TwilioText> texts = [];
        for (string? page = _list; page is not null;)
        {
            Page answer = (await _http.GetFromJsonAsync<Page>(page, TestContext.Current.CancellationToken))!;
            texts.AddRange(answer.Messages);
            page = answer.NextPageUri is { } next ? _prefix + next : null;
        }

        texts.Reverse();
        return texts;
    }

    public void Dispose() => _http.Dispose();

    private sealed record Page(
        [property: JsonPropertyName("messages")] IReadOnlyList<TwilioText> Messages,
        [property: JsonPropertyName("next_page_uri")] string? NextPageUri);
}
