using FollowUp.Data.Delivery;
using Microsoft.Extensions.Configuration;

namespace FollowUp.Workflows.Sending;

/// <summary>Addresses of this app as Twilio sees them: made from <c>FollowUp:PublicUrl</c> alone, because a Host header is anybody's to choose.</summary>
public sealed class CallbackAddress(IConfiguration configuration)
{
    public const string StatusPath = "/api/twilio/status";
    public const string ReferenceParameter = "ref";

    /// <summary>Whether Twilio's own servers could call it, over a connection that nobody reads: https, and not this machine's name for itself.</summary>
    public bool IsPublic => Of("/", "") is { IsLoopback: false } address && address.Scheme == Uri.UriSchemeHttps;

    /// <summary>Where Twilio reports on a text. Null when the public address is not known: then there are no reports.</summary>
    public Uri? ForStatus(SendReference reference) => Of(StatusPath, $"?{ReferenceParameter}={reference}");

    /// <param name="path">From the root, with its slash.</param>
    /// <param name="query">With its question mark; or empty.</param>
    public Uri? Of(string path, string query) =>
        configuration["FollowUp:PublicUrl"] is { Length: > 0 } url && Uri.TryCreate(url.TrimEnd('/') + path + query, UriKind.Absolute, out var address)
            ? address
            : null;
}
