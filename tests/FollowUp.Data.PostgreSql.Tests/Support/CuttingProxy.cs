using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;

namespace FollowUp.Testing;

/// <summary>A network between the app and PostgreSQL that breaks at a chosen moment of a commit, as far as both sides can tell.</summary>
public sealed class CuttingProxy : IDisposable
{
    private static readonly byte[] s_commit = Encoding.ASCII.GetBytes("COMMIT\0");
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly NpgsqlConnectionStringBuilder _server;
    private readonly CancellationTokenSource _end = new();
    private int _next;

    /// <param name="server">A connection string.</param>
    public CuttingProxy(string server)
    {
        _server = new NpgsqlConnectionStringBuilder(server);
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>What the next commit meets.</summary>
    public Cut Next
    {
        get => (Cut)Volatile.Read(ref _next);
        set => Volatile.Write(ref _next, (int)value);
    }

    /// <summary>How many commits have met something.</summary>
    public int Met { get; private set; }

    /// <summary>Through this network.</summary>
    public string ConnectionString => new NpgsqlConnectionStringBuilder(_server.ConnectionString)
    {
        Host = "127.0.0.1",
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port,
    }.ConnectionString;

    public void Dispose()
    {
        _end.Cancel();
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptSocketAsync(_end.Token));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var ours = client;
        using var server = await ConnectAsync();
        var swallow = false;
        var forth = PumpAsync(ours, server, bytes =>
        {
            if (Next == Cut.None || bytes.IndexOf(s_commit) < 0)
            {
                return true;
            }

            var cut = Next;
            (Next, swallow) = (Cut.None, cut == Cut.Answer);
            Met++;
            return swallow;
        });

        // The answer to the commit is there, so it is committed: now it is lost on its way.
        var back = PumpAsync(server, ours, _ => !swallow);
        await Task.WhenAny(forth, back);
    }

    private static async Task PumpAsync(Socket from, Socket to, Pass pass)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            int length;
            while ((length = await from.ReceiveAsync(buffer)) > 0 && pass(buffer.AsSpan(0, length)))
            {
                await to.SendAsync(buffer.AsMemory(0, length));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // One side has gone.
        }
    }

    private async Task<Socket> ConnectAsync()
    {
        var isFolder = _server.Host!.StartsWith('/');
        var socket = isFolder ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) : new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(isFolder ? new UnixDomainSocketEndPoint($"{_server.Host}/.s.PGSQL.{_server.Port}") : new DnsEndPoint(_server.Host, _server.Port));
        return socket;
    }

    private delegate bool Pass(ReadOnlySpan<byte> bytes);
}

public enum Cut
{
    None,

    /// <summary>The commit does not arrive.</summary>
    Commit,

    /// <summary>The commit arrives, and its answer does not.</summary>
    Answer,
}
