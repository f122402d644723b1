using System.Security.Cryptography;
using System.Text;

namespace FollowUp.TwilioEmulator.Delivery;

/// <summary>Twilio's X-Twilio-Signature for a form post.</summary>
internal static class WebhookSignature
{
    /// <returns>Base64 of HMAC-SHA1, keyed with the auth token, over the URL followed by every name and value, names in ordinal order.</returns>
    public static string Compute(string authToken, string url, IReadOnlyDictionary<string, string> form)
    {
        var text = new StringBuilder(url);
        foreach (var (name, value) in form.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            text.Append(name).Append(value);
        }

#pragma warning disable CA5350 // SHA-1 is what Twilio signs with.
        return Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(authToken), Encoding.UTF8.GetBytes(text.ToString())));
#pragma warning restore CA5350
    }
}
