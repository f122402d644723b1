using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.TwilioEmulator.Delivery;

/// <summary>
/// Completes webhook addresses that are only a path: they are on the server that hosts the emulator, whose port may be known only once it
/// listens.
/// </summary>
internal sealed class OwnAddress(IServiceProvider services)
{
    /// <returns>The absolute address without fragment; null for a path while the server has no address.</returns>
    public Uri? Resolve(string url)
    {
        if (ReadAbsolute(url) is { } absolute)
        {
            return absolute;
        }

        var listening = services.GetService<IServer>()?.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();
        return listening is null ? null : new Uri(Connectable(listening), url);
    }

    /// <returns>The URL without its fragment, if it is an absolute http or https one; else null.</returns>
    public static Uri? ReadAbsolute(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
            ? new Uri(uri.GetLeftPart(UriPartial.Query))
            : null;

    // A server that listens on every interface names it so; the way to it from here is the loopback.
    private static Uri Connectable(string listening) => new(listening
        .Replace("//+", "//127.0.0.1", StringComparison.Ordinal)
        .Replace("//*", "//127.0.0.1", StringComparison.Ordinal)
        .Replace("//0.0.0.0", "//127.0.0.1", StringComparison.Ordinal)
        .Replace("//[::]", "//127.0.0.1", StringComparison.Ordinal));
}
