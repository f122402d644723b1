using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using FollowUp.Data.Webhooks;
using FollowUp.Sms;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FollowUp.Workflows.Webhooks;

/// <summary>
/// Posts events, signed as the Standard Webhooks specification (standardwebhooks.com) says. Addresses are a clinic's to choose, so that none
/// inside the network of this machine is connected to.
/// </summary>
public sealed class WebhookClient : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);
    private readonly HttpMessageInvoker _connections;
    private readonly ILogger<WebhookClient> _log;

    public WebhookClient(IOptions<TwilioOptions> twilio, ILogger<WebhookClient> log)
    {
        ArgumentNullException.ThrowIfNull(twilio);

        // Where texts stay on this machine, as in a demonstration, posts may too.
        var localAllowed = twilio.Value.IsLoopback;
        _log = log;
        _connections = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = Timeout,

            // What an answer holds is never looked at, and a long one not waited for.
            MaxResponseHeadersLength = 16,
            MaxResponseDrainSize = 0,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            ConnectCallback = (context, cancellation) => ConnectAsync(context.DnsEndPoint, localAllowed, cancellation),
        });
    }

    /// <summary>Makes one try, of at most ten seconds of real time.</summary>
    public async Task<WebhookAnswer> PostAsync(WebhookPost post, byte[] key, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(post);

        // Real time, whatever the app's clock: the receiver compares it with its own.
        var timestamp = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(HttpMethod.Post, post.Url)
        {
            Content = new StringContent(post.Body, Encoding.UTF8, "application/cloudevents+json"),
        };
        request.Headers.Add("webhook-id", post.Id);
        request.Headers.Add("webhook-timestamp", timestamp);
        request.Headers.Add("webhook-signature", Sign(key, post.Id, timestamp, post.Body));

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var timer = TimeProvider.System.CreateTimer(_ => limit.Cancel(), null, Timeout, System.Threading.Timeout.InfiniteTimeSpan);
        WebhookAnswer answer;
        try
        {
            using var response = await _connections.SendAsync(request, limit.Token);
            answer = response.IsSuccessStatusCode
                ? WebhookAnswer.Taken
                : new WebhookAnswer($"HTTP {(int)response.StatusCode}", response.StatusCode == HttpStatusCode.Gone);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            answer = new WebhookAnswer($"no answer within {Timeout.TotalSeconds} s", IsGone: false);
        }
        catch (HttpRequestException exception)
        {
            answer = new WebhookAnswer($"not reached ({exception.HttpRequestError})", IsGone: false);
        }

        if (answer.Error is not null)
        {
            _log.LogWarning("The post {Post} of clinic {Clinic} was not taken: {Error}.", post.Id, post.Clinic, answer.Error);
        }

        return answer;
    }

    /// <summary>The header <c>webhook-signature</c>: a version and the Base64 of HMAC-SHA256 over id, timestamp and body.</summary>
    public static string Sign(byte[] key, string id, string timestamp, string body) =>
        "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{id}.{timestamp}.{body}")));

    public void Dispose() => _connections.Dispose();

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint endPoint, bool localAllowed, CancellationToken cancellation)
    {
        // Looked up here and connected to by address, so that a name cannot lead somewhere else after it was checked.
        var addresses = await Dns.GetHostAddressesAsync(endPoint.Host, cancellation);
        var allowed = addresses.Where(address => IsPublic(address) || (localAllowed && IPAddress.IsLoopback(address))).ToList();
        SocketException? failure = null;
        foreach (var address in allowed)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, endPoint.Port), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException exception)
            {
                // A name has several addresses so that the next can stand in.
                socket.Dispose();
                failure = exception;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw new HttpRequestException(
            HttpRequestError.ConnectionError, allowed.Count == 0 ? "The address is not a public one." : null, failure);
    }

    /// <summary>Whether an address lies outside of all networks that this machine may be in.</summary>
    public static bool IsPublic(IPAddress given)
    {
        ArgumentNullException.ThrowIfNull(given);
        var address = given.IsIPv4MappedToIPv6 ? given.MapToIPv4() : given;
        if (IPAddress.IsLoopback(address) || address.IsIPv6LinkLocal || address.IsIPv6SiteLocal || address.IsIPv6UniqueLocal || address.IsIPv6Multicast
            || address.Equals(IPAddress.IPv6Any))
        {
            return false;
        }

        return address.GetAddressBytes() switch
        {
            [0x20, 0x02, var a, var b, var c, var d, ..] => IsPublic(new IPAddress([a, b, c, d])), // 6to4 leads to an IPv4 address
            [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, var a, var b, var c, var d] => IsPublic(new IPAddress([a, b, c, d])), // as IPv4-compatible ones do
            [0x01, 0x00, 0, 0, 0, 0, 0, 0, ..] => false, // leads nowhere
            [0x00, 0x64, 0xFF, 0x9B, 0x00, 0x01, ..] => false, // NAT64 of the network's own
            [0x00, 0x64, 0xFF, 0x9B, .., var a, var b, var c, var d] => IsPublic(new IPAddress([a, b, c, d])), // NAT64 leads to an IPv4 address
            { Length: > 4 } => true,
            [0 or 10 or 127, ..] => false,
            [100, >= 64 and <= 127, ..] => false,
            [169, 254, ..] => false,
            [172, >= 16 and <= 31, ..] => false,
            [192, 168, ..] or [192, 0, 0, _] => false,
            [198, 18 or 19, ..] => false,
            [>= 224, ..] => false,
            _ => true,
        };
    }
}

/// <summary>What a try to post came to.</summary>
/// <param name="Error">Why it was not taken; null when it was.</param>
/// <param name="IsGone">The receiver says that nobody is there any more.</param>
public sealed record WebhookAnswer(string? Error, bool IsGone)
{
    public static WebhookAnswer Taken { get; } = new(null, false);
}
