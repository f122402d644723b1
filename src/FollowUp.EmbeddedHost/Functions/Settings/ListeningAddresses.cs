using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace FollowUp.EmbeddedHost.Functions.Settings;

/// <summary>The addresses that the host listens on.</summary>
internal sealed class ListeningAddresses
{
    public const string Default = "http://127.0.0.1:7071";

    private ListeningAddresses(IReadOnlyList<string> urls)
    {
        Urls = urls;
        Local = LocalAddress(BindingAddress.Parse(urls[0]));
    }

    /// <summary>The addresses, with a port of their own each.</summary>
    public IReadOnlyList<string> Urls { get; }

    /// <summary>The first address as a program on this machine calls it, without a slash at its end.</summary>
    public string Local { get; }

    /// <param name="urls">Addresses with a semicolon between them; the default one when null or empty. For port 0 a free one is chosen now.</param>
    /// <exception cref="HostStartException">An address is malformed.</exception>
    public static ListeningAddresses Parse(string? urls)
    {
        string[] given = (urls ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        try
        {
            return new ListeningAddresses([.. (given.Length == 0 ? [Default] : given).Select(WithPort)]);
        }
        catch (Exception cause) when (cause is FormatException or SocketException)
        {
            throw new HostStartException($"--urls '{urls}' is not a list of addresses such as {Default}: {cause.Message}", cause);
        }
    }

    private static string WithPort(string url)
    {
        BindingAddress address = BindingAddress.Parse(url);
        return address.Port == 0 && !address.IsUnixPipe && !address.IsNamedPipe
            ? $"{address.Scheme}://{address.Host}:{FreePort(address.Host)}{address.PathBase}"
            : url;
    }

    private static int FreePort(string host)
    {
        IPAddress ip = host == "localhost" ? IPAddress.Loopback : IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? parsed) ? parsed : IPAddress.Any;
        using var listener = new TcpListener(ip, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string LocalAddress(BindingAddress address)
    {
        bool everywhere = address.Host is "*" or "+" or "0.0.0.0" or "[::]";
        return $"{address.Scheme}://{(everywhere ? "127.0.0.1" : address.Host)}:{address.Port}{address.PathBase}".TrimEnd('/');
    }
}
