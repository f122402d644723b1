using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace FollowUp.EndToEnd.Tests.Support;

/// <summary>Ports for processes that are started again on the same one.</summary>
internal static class Port
{
    // Below those that the system hands out: while the process is down, nobody else is given its port, and a client that calls it
    // cannot by chance be given that very port and be connected to itself.
    private const int Lowest = 12_000;
    private const int Highest = 31_000;

    public static int Free()
    {
        while (true)
        {
            int port = RandomNumberGenerator.GetInt32(Lowest, Highest);
            try
            {
                using TcpListener listener = new(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken; another.
            }
        }
    }
}
