using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Logging;

namespace FollowUp.TwilioEmulator.Tests.Support;

/// <summary>A webhook as it arrived.</summary>
internal sealed record Arrival(string Url, IReadOnlyDictionary<string, string> Form, IHeaderDictionary Headers)
{
    public string this[string name] => Form[name];
}

/// <summary>The application that Twilio calls: a real server that keeps every webhook and answers as a test wants.</summary>
internal sealed class Application : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly Lock _gate = new();
    private readonly List<Arrival> _arrivals = [];
    private readonly Channel<Arrival> _incoming = Channel.CreateUnbounded<Arrival>();

    private Application(WebApplication server) => _server = server;

    public string Url => _server.Urls.First();

    public string StatusUrl => Url + "/api/twilio/status?clinic=glow";

    /// <summary>How a webhook is answered; an empty 200 unless set.</summary>
    public Func<Arrival, Task<IResult>> Answer { get; set; } = _ => Task.FromResult(Results.Ok());

    public IReadOnlyList<Arrival> Arrivals
    {
        get
        {
            lock (_gate)
            {
                return [.. _arrivals];
            }
        }
    }

    public IEnumerable<string> Statuses => Arrivals.Where(a => a.Form.ContainsKey("MessageStatus")).Select(a => a["MessageStatus"]);

    public static async Task<Application> StartAsync(int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var server = builder.Build();
        var application = new Application(server);
        server.MapPost("/{**path}", (Delegate)application.ReceiveAsync);
        await server.StartAsync();
        return application;
    }

    /// <summary>Waits for the next webhook that no test step has waited for yet.</summary>
    public async Task<Arrival> NextAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await _incoming.Reader.ReadAsync(limit.Token);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task<IResult> ReceiveAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync();
        var arrival = new Arrival(
            context.Request.GetEncodedUrl(),
            form.ToDictionary(pair => pair.Key, pair => pair.Value.ToString()),
            new HeaderDictionary(context.Request.Headers.ToDictionary()));
        lock (_gate)
        {
            _arrivals.Add(arrival);
        }

        _incoming.Writer.TryWrite(arrival);
        return await Answer(arrival);
    }
}
