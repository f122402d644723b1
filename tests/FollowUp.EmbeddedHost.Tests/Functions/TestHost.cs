using FollowUp.EmbeddedHost.Functions;
using FollowUp.EmbeddedHost.Functions.Console;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FollowUp.EmbeddedHost.Tests.Functions;

/// <summary>A whole host on a free port, with a folder of its own, that serves the functions of the types given.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly TestFolder _folder;

    private TestHost(IHost host, TestFolder folder, string address)
    {
        _host = host;
        _folder = folder;
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(address) };
    }

    public HttpClient Client { get; }

    public IServiceProvider Services => _host.Services;

    public string Folder => _folder.Path;

    public Task StopAsync() => _host.StopAsync();

    public static Task<TestHost> StartAsync(params Type[] functions) => StartAsync(new Setup(), functions);

    public static async Task<TestHost> StartAsync(Setup setup, params Type[] functions)
    {
        TestFolder folder = setup.Folder ?? new TestFolder();
        FunctionsApplicationBuilder builder = Create(folder, setup, functions);
        IHost host = builder.Build();
        await host.StartAsync();
        return new TestHost(host, folder, builder.Configuration["urls"]!);
    }

    /// <summary>A builder that serves these functions, for tests of what is refused.</summary>
    public static FunctionsApplicationBuilder Create(TestFolder folder, Setup setup, params Type[] functions)
    {
        folder.Write("host.json", setup.HostJson);
        FunctionsApplicationBuilder builder = FunctionsApplication.CreateBuilder(
        [
            "--urls", "http://127.0.0.1:0",
            "--AzureWebJobsScriptRoot", folder.Path,
            "--FollowUp:DataDirectory", Path.Combine(folder.Path, "data"),
            .. setup.Arguments,
        ]);
        builder.Logging.ClearProviders().AddProvider(setup.Log);
        builder.HideBanner();
        setup.BeforeWeb?.Invoke(builder);
        builder.ConfigureFunctionsWebApplication();
        setup.AfterWeb?.Invoke(builder);
        builder.UseFunctionTypes(functions);
        return builder;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
        _folder.Dispose();
    }

    internal sealed record Setup
    {
        public string HostJson { get; init; } = """{ "version": "2.0", "extensions": { "http": { "routePrefix": "" } } }""";

        public string[] Arguments { get; init; } = [];

        public LogRecorder Log { get; } = new(TestContext.Current.TestOutputHelper);

        /// <summary>A folder to go on in; the host deletes it when it is disposed.</summary>
        public TestFolder? Folder { get; init; }

        public Action<FunctionsApplicationBuilder>? BeforeWeb { get; init; }

        public Action<FunctionsApplicationBuilder>? AfterWeb { get; init; }
    }
}

/// <summary>A folder that is deleted with the test.</summary>
internal sealed class TestFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("followup-host-").FullName;

    public void Write(string name, string text) => File.WriteAllText(System.IO.Path.Combine(Path, name), text);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
