using System.Net;
using System.Net.Http.Headers;
using Twilio.Clients;

namespace FollowUp.Sms;

/// <summary>
/// One call to Twilio through its library, which takes neither a base address nor a cancellation token, and whose errors carry no
/// headers: so each call has a client of its own, and this handler, above the shared connections, sees to the rest.
/// </summary>
internal sealed class TwilioCall : HttpMessageHandler
{
    /// <summary>A list of a thousand messages is a few megabytes.</summary>
    private const long LargestAnswer = 64 * 1024 * 1024;

    private readonly HttpMessageInvoker _connections;
    private readonly TwilioOptions _options;
    private readonly int _maxRequests;
    private readonly CancellationToken _cancellation;
    private readonly HttpClient _http;
    private int _requests;

    /// <param name="connections">Shared by all calls, and not disposed by this one.</param>
    /// <param name="options">Where to, and whose.</param>
    /// <param name="maxRequests">How many pages may be asked for.</param>
    /// <param name="cancellation">Ends the call.</param>
    public TwilioCall(HttpMessageInvoker connections, TwilioOptions options, int maxRequests, CancellationToken cancellation)
    {
        _connections = connections;
        _options = options;
        _maxRequests = maxRequests;
        _cancellation = cancellation;
        // The network's time is real, also where the host's clock is simulated: a time-out on that one would strike at once.
        _http = new HttpClient(this, disposeHandler: false) { Timeout = options.Timeout };
        Client = new TwilioRestClient(
            options.AccountSid, options.AuthToken, httpClient: new Twilio.Http.SystemNetHttpClient(_http));
    }

    public ITwilioRestClient Client { get; }

    public TimeSpan Timeout => _options.Timeout;

    public bool IsCancelled => _cancellation.IsCancellationRequested;

    /// <summary>The status of the last answer; null when there was none.</summary>
    public HttpStatusCode? Status { get; private set; }

    /// <summary>Twilio's clock at the last answer.</summary>
    public DateTimeOffset? Date { get; private set; }

    /// <summary>How long the last answer asks to wait; never negative.</summary>
    public TimeSpan? RetryAfter { get; private set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (++_requests > _maxRequests)
        {
            throw new InvalidOperationException($"Twilio's list is longer than {_maxRequests} pages.");
        }

        if (_options.BaseAddress is { } address)
        {
            request.RequestUri = new Uri(address.GetLeftPart(UriPartial.Path).TrimEnd('/') + request.RequestUri!.PathAndQuery);
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _cancellation);
        HttpResponseMessage answer = await _connections.SendAsync(request, either.Token).ConfigureAwait(false);
        try
        {
            await answer.Content.LoadIntoBufferAsync(LargestAnswer, either.Token).ConfigureAwait(false);
        }
        catch
        {
            answer.Dispose();
            throw;
        }

        Status = answer.StatusCode;
        Date = answer.Headers.Date;
        RetryAfter = Wait(answer.Headers.RetryAfter);
        return answer;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _http.Dispose();
        }

        base.Dispose(disposing);
    }

    private TimeSpan? Wait(RetryConditionHeaderValue? header)
    {
        TimeSpan? wait = header?.Delta ?? (header?.Date - Date);
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }
}
