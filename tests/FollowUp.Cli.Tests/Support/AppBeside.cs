using System.Net.Http.Json;
using FollowUp.EmbeddedHost.Functions.Console;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FollowUp.Cli.Tests.Support;

/// <summary>The app with one clinic, "glow", in this process: it runs on the data directory that a command is tried on.</summary>
internal sealed class AppBeside : IAsyncDisposable
{
    private const string RootKey = "the-root-key-of-this-app-is-long-enough";
    private readonly IHost _host;
    private readonly Uri _address;

    private AppBeside(IHost host, Uri address)
    {
        _host = host;
        _address = address;
        Root = Client(RootKey);
    }

    /// <summary>Sends the root key.</summary>
    public HttpClient Root { get; }

    public static async Task<AppBeside> StartAsync(string data)
    {
        FunctionsApplicationBuilder builder = AppHost.Create(
            ["--urls", "http://127.0.0.1:0", "--FollowUp:DataDirectory", data, "--FollowUp:ApiKey", RootKey, "--TASKHUB_NAME", "followup"]);
        builder.Logging.ClearProviders();
        builder.HideBanner();
        IHost host = builder.Build();
        await host.StartAsync();
        AppBeside app = new(host, new Uri(builder.Configuration["urls"]!));
        (await app.Root.PutAsJsonAsync("/api/clinics/glow", new { name = "Glow Clinic", timeZone = "Etc/UTC", phone = "+14155550100" })).EnsureSuccessStatusCode();
        return app;
    }

    public HttpClient Client(string key)
    {
        HttpClient client = new() { BaseAddress = _address };
        client.DefaultRequestHeaders.Add("X-Api-Key", key);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        Root.Dispose();
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }
}
