using System.Security.Cryptography;
using System.Text;

namespace Twilio.Security;

/// <summary>Checks that a webhook's request was signed with the account's auth token.</summary>
public class RequestValidator
{
    private readonly byte[] _secret;

    /// <param name="secret">The auth token.</param>
    public RequestValidator(string secret) => _secret = Encoding.UTF8.GetBytes(secret);

    /// <summary>
    /// Whether the signature is that of the URL followed by the parameters in the order of their names. The URL is tried as it is,
    /// and with its port added or left out, because Twilio signs either.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The URL or the signature is null or empty; or the URL's host is written in a way that its normal form does not contain.
    /// </exception>
    public bool Validate(string url, IDictionary<string, string>? parameters, string expected)
    {
        ArgumentException.ThrowIfNullOrEmpty(url);
        ArgumentException.ThrowIfNullOrEmpty(expected);
        string signed = parameters is null
            ? ""
            : string.Concat(parameters.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => p.Key + p.Value));
        return Matches(url + signed, expected) || Matches(WithOtherPort(url) + signed, expected);
    }

    private bool Matches(string signed, string expected)
    {
#pragma warning disable CA5350 // Twilio signs with HMAC-SHA1, whose use as a keyed hash is not broken.
        string signature = Convert.ToBase64String(HMACSHA1.HashData(_secret, Encoding.UTF8.GetBytes(signed)));
#pragma warning restore CA5350
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(signature), Encoding.UTF8.GetBytes(expected));
    }

    /// <summary>Without its port when it has one that is not the scheme's own, else with the scheme's own spelt out.</summary>
    private static string WithOtherPort(string url)
    {
        var uri = new Uri(url);
        var other = new UriBuilder(uri) { Port = uri.IsDefaultPort ? uri.Port : -1 };
        return AsWritten(url, uri.Scheme, AsWritten(url, uri.Host, other.ToString()));
    }

    /// <summary>Twilio signs the characters that it was given, and a parsed URL has lost their case.</summary>
    private static string AsWritten(string url, string part, string other) =>
        other.Replace(part, url.Substring(url.IndexOf(part, StringComparison.OrdinalIgnoreCase), part.Length), StringComparison.Ordinal);
}
