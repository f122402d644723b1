using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace FollowUp.TwilioEmulator.Delivery;

/// <summary>What came of posting a webhook once.</summary>
/// <param name="Reached">False if no answer came because the connection failed: worth trying again.</param>
/// <param name="Answer">The body of a 2xx answer of at most 64 KB; null for any other.</param>
/// <param name="ContentType">Its media type.</param>
internal sealed record WebhookResult(bool Reached, string? Answer, string? ContentType);

/// <summary>Posts webhooks as Twilio does: a signed form, with a token that is the same on every attempt.</summary>
internal sealed class WebhookClient : IDisposable
{
    public const string ApiVersion = "2010-04-01";

    private readonly EmulatorOptions _options;
    private readonly OwnAddress _ownAddress;
    private readonly ILogger<WebhookClient> _log;
    private readonly HttpClient _http;

    public WebhookClient(EmulatorOptions options, OwnAddress ownAddress, ILogger<WebhookClient> log)
    {
        _options = options;
        _ownAddress = ownAddress;
        _log = log;
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false })
        {
            Timeout = options.WebhookTimeout,
            MaxResponseContentBufferSize = 64 * 1024,
        };
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("TwilioProxy/1.1");
    }

    /// <summary>Posts once. As with Twilio, only a connection that fails is worth a retry: an error answer or none within the time-out is final.</summary>
    public async Task<WebhookResult> PostAsync(QueuedWebhook queued, CancellationToken cancellation)
    {
        var (webhook, what) = (queued.Webhook, queued.Webhook.Kind == WebhookKind.Status ? "status callback" : "inbound message");
        if (_ownAddress.Resolve(webhook.Url) is not { } url)
        {
            _log.LogWarning("The {What} of {Sid} was dropped: this server has no address to complete its path with", what, webhook.MessageSid);
            return new WebhookResult(true, null, null);
        }

        var form = new Dictionary<string, string>(webhook.Form, StringComparer.Ordinal)
        {
            ["AccountSid"] = _options.AccountSid,
            ["ApiVersion"] = ApiVersion,
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new FormUrlEncodedContent(form) };
        // AbsoluteUri without the fragment is what the receiver sees on the wire.
        request.Headers.Add("X-Twilio-Signature", WebhookSignature.Compute(_options.AuthToken, url.AbsoluteUri, form));
        request.Headers.Add("I-Twilio-Idempotency-Token", queued.Token);
        try
        {
            using var response = await _http.SendAsync(request, cancellation);
            if (response.IsSuccessStatusCode)
            {
                var text = await response.Content.ReadAsStringAsync(cancellation);
                return new WebhookResult(true, text, response.Content.Headers.ContentType?.MediaType);
            }

            _log.LogWarning("The application answered the {What} of {Sid} with {Status}", what, webhook.MessageSid, (int)response.StatusCode);
            return new WebhookResult(true, null, null);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            _log.LogWarning("The answer to the {What} of {Sid} is longer than 64 KB", what, webhook.MessageSid);
            return new WebhookResult(true, null, null);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            // The last two come bare when the application dies in the middle of the connection.
            _log.LogDebug("The {What} of {Sid} did not get through ({Error})", what, webhook.MessageSid, e.GetType().Name);
            return new WebhookResult(false, null, null);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            _log.LogWarning("The application did not answer the {What} of {Sid} in {Timeout}", what, webhook.MessageSid, _options.WebhookTimeout);
            return new WebhookResult(true, null, null);
        }
    }

    public void Dispose() => _http.Dispose();
}
