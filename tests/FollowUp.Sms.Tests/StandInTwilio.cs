using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FollowUp.Sms.Tests;

/// <summary>A server on this machine that answers as a test tells it to, and remembers what it was asked.</summary>
internal sealed class StandInTwilio : IAsyncDisposable
{
    private readonly WebApplication _app;

    private StandInTwilio(WebApplication app) => _app = app;

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public ConcurrentQueue<Asked> Requests { get; } = new();

    public static async Task<StandInTwilio> StartAsync(Func<HttpContext, Task> answer)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        WebApplication app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var server = new StandInTwilio(app);
        app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
            server.Requests.Enqueue(new Asked(
                context.Request.Method,
                context.Request.Path + context.Request.QueryString,
                context.Request.Headers.Authorization.ToString(),
                context.Request.ContentType,
                await reader.ReadToEndAsync()));
            await answer(context);
        });
        await app.StartAsync();
        return server;
    }

    /// <summary>A server that takes the message.</summary>
    public static Task<StandInTwilio> AcceptingAsync() => StartAsync(context => Json(context, 201, Message("SM1", "+15550100", "Hi")));

    public static Task<StandInTwilio> AnsweringAsync(int status, string body, string type = "application/json") =>
        StartAsync(context => Write(context, status, body, type));

    /// <summary>A server that reads the request and never answers it.</summary>
    public static Task<StandInTwilio> SilentAsync() => StartAsync(SilenceAsync);

    public static async Task SilenceAsync(HttpContext context)
    {
        var gone = new TaskCompletionSource();
        using (context.RequestAborted.Register(gone.SetResult))
        {
            await gone.Task;
        }
    }

    public static Task Json(HttpContext context, int status, string body) => Write(context, status, body, "application/json");

    public static string Message(string sid, string to, string body, string status = "queued", string? created = "Sun, 22 Nov 2026 10:00:00 +0000") =>
        System.Text.Json.JsonSerializer.Serialize(new Dictionary<string, object?>
        {
            ["sid"] = sid,
            ["to"] = to,
            ["body"] = body,
            ["status"] = status,
            ["date_created"] = created,
            ["error_code"] = null,
            ["subresource_uris"] = new { media = "/media.json" },
        });

    public static string Error(int code, string message) =>
        System.Text.Json.JsonSerializer.Serialize(new { code, message, more_info = $"https://www.twilio.com/docs/errors/{code}", status = 400 });

    public async ValueTask DisposeAsync()
    {
        // A server that still holds a silent request would wait for it.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private static async Task Write(HttpContext context, int status, string body, string type)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        await context.Response.WriteAsync(body);
    }

    internal sealed record Asked(string Method, string Target, string Authorization, string? ContentType, string Body);
}
