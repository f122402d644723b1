using System.Globalization;
using FollowUp.EmbeddedHost.Clock;
using FollowUp.EmbeddedHost.Engine;
using FollowUp.EmbeddedHost.Functions.Console;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FollowUp.Cli.Demo.Playing;

/// <summary>Where and how a demonstration's app runs.</summary>
/// <param name="Start">The simulated instant at which it begins, in a new data directory.</param>
/// <param name="Pace">The setting of the clock's pace: days a second, or <c>jump</c>.</param>
internal sealed record DemoPlace(DateTimeOffset Start, string Pace)
{
    /// <summary>Where it listens; by default on a free port.</summary>
    public string Urls { get; init; } = "http://127.0.0.1:0";

    /// <summary>Its data directory, which stays. Null for a temporary one that goes when it ends.</summary>
    public DirectoryInfo? Data { get; init; }

    /// <summary>A part of the app whose log is not heard: what it will complain of is meant. Null for none.</summary>
    public string? Silent { get; init; }

    /// <summary>Texts a second; null for what the sender's number allows.</summary>
    public int? MessagesPerSecond { get; init; }
}

/// <summary>The whole app in this process, on a simulated clock and in a data directory of its own.</summary>
internal sealed class DemoApp : IAsyncDisposable
{
    private readonly DirectoryInfo? _temporary;
    private readonly IHost _host;
    private readonly IDisposable _beforeBeginning;
    private readonly HttpApi _api;

    private DemoApp(DirectoryInfo? temporary, IHost host, IDisposable beforeBeginning)
    {
        _temporary = temporary;
        _host = host;
        _beforeBeginning = beforeBeginning;
        Configuration = host.Services.GetRequiredService<IConfiguration>();
        Clock = (SimulatedClock)host.Services.GetRequiredService<HostClock>();
        Address = new Uri(Configuration["FollowUp:PublicUrl"]!);
        _api = new HttpApi(Address, ApiKey);
        Clinic = new ClinicClient(_api);
        Phones = new PhoneClient(Configuration);
        Stage = new Stage(_api, Phones, host.Services.GetRequiredService<DurableEngine>());
    }

    public SimulatedClock Clock { get; }

    public Uri Address { get; }

    /// <summary>The root key, which the host has made in the data directory.</summary>
    public string ApiKey => Configuration["FollowUp:ApiKey"]!;

    public string DataDirectory => Configuration["FollowUp:DataDirectory"]!;

    /// <summary>What the clinic's booking system uses.</summary>
    public ClinicClient Clinic { get; }

    /// <summary>What the patients hold.</summary>
    public PhoneClient Phones { get; }

    /// <summary>What a story acts upon.</summary>
    public Stage Stage { get; }

    private IConfiguration Configuration { get; }

    /// <param name="place">Where and how.</param>
    /// <param name="cancellation">Gives up starting.</param>
    public static async Task<DemoApp> StartAsync(DemoPlace place, CancellationToken cancellation)
    {
        DirectoryInfo? temporary = place.Data is null ? Directory.CreateTempSubdirectory("followup-demo-") : null;
        try
        {
            FunctionsApplicationBuilder builder = AppHost.Create(Settings(place, temporary ?? place.Data!)).HideBanner();
            IHost host = builder.Build();
            IDisposable beforeBeginning = host.Services.GetRequiredService<HostClock>().Hold();
            await host.StartAsync(cancellation);
            return new DemoApp(temporary, host, beforeBeginning);
        }
        catch
        {
            temporary?.Delete(recursive: true);
            throw;
        }
    }

    /// <summary>Lets the clock run. It stands still from the start of the host until then.</summary>
    public void Begin() => _beforeBeginning.Dispose();

    public async ValueTask DisposeAsync()
    {
        Stage.Dispose();
        _api.Dispose();
        Phones.Dispose();
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
        _temporary?.Delete(recursive: true);
    }

    private static string[] Settings(DemoPlace place, DirectoryInfo data) =>
    [
        "--urls", place.Urls,
        "--FollowUp:DataDirectory", data.FullName,
        "--FollowUp:Clock:Start", place.Start.ToString("o", CultureInfo.InvariantCulture),
        "--FollowUp:Clock:DaysPerSecond", place.Pace,
        "--FollowUp:MessagesPerSecond", place.MessagesPerSecond?.ToString(CultureInfo.InvariantCulture) ?? string.Empty,

        // Months of bookings come in seconds.
        "--FollowUp:RateLimit:PerMinute", "0",

        // Nothing of a real account or installation that may be in the environment: a demonstration texts nobody.
        "--FollowUp:ApiKey", string.Empty,
        "--FollowUp:PublicUrl", string.Empty,
        "--FollowUp:Dashboard:SignIn", string.Empty,
        "--FollowUp:Dashboard:ReadOnly", string.Empty,
        "--Twilio:AccountSid", string.Empty,
        "--Twilio:BaseAddress", string.Empty,
        "--Database:Provider", "Sqlite",
        "--Database:ConnectionString", string.Empty,

        // The demo speaks for itself; the host is heard when something goes wrong.
        "--Logging:LogLevel:Default", "Error",
        "--Logging:LogLevel:FollowUp", "Error",
        $"--Logging:LogLevel:{place.Silent ?? "FollowUp.None"}", "None",
    ];
}
