using System.Globalization;
using System.Security.Cryptography;
using FollowUp.EmbeddedHost.Clock;
using FollowUp.EmbeddedHost.Functions.Console;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FollowUp.Cli.Demo.Playing;

/// <summary>The whole app in this process, on a fast clock and a data directory of its own that goes when it ends.</summary>
internal sealed class DemoApp : IAsyncDisposable
{
    private readonly DirectoryInfo _data;
    private readonly IHost _host;
    private readonly IDisposable _beforeBeginning;

    private DemoApp(DirectoryInfo data, IHost host, IDisposable beforeBeginning, string apiKey)
    {
        _data = data;
        _host = host;
        _beforeBeginning = beforeBeginning;
        Configuration = host.Services.GetRequiredService<IConfiguration>();
        Clock = host.Services.GetRequiredService<HostClock>();
        Address = new Uri(Configuration["FollowUp:PublicUrl"]!);
        Clinic = new ClinicClient(Address, apiKey);
        Phones = new PhoneClient(Configuration);
    }

    public HostClock Clock { get; }

    public Uri Address { get; }

    /// <summary>What the clinic's booking system uses.</summary>
    public ClinicClient Clinic { get; }

    /// <summary>What the patients hold.</summary>
    public PhoneClient Phones { get; }

    private IConfiguration Configuration { get; }

    /// <param name="start">The simulated instant at which it begins.</param>
    /// <param name="daysPerSecond">The clock's pace.</param>
    /// <param name="cancellation">Gives up starting.</param>
    public static async Task<DemoApp> StartAsync(DateTimeOffset start, double daysPerSecond, CancellationToken cancellation)
    {
        DirectoryInfo data = Directory.CreateTempSubdirectory("followup-demo-");
        try
        {
            string apiKey = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
            FunctionsApplicationBuilder builder = AppHost.Create(
            [
                "--urls", "http://127.0.0.1:0",
                "--FollowUp:DataDirectory", data.FullName,
                "--FollowUp:ApiKey", apiKey,
                "--FollowUp:Clock:Start", start.ToString("o", CultureInfo.InvariantCulture),
                "--FollowUp:Clock:DaysPerSecond", daysPerSecond.ToString(CultureInfo.InvariantCulture),

                // Months of bookings come in seconds.
                "--FollowUp:RateLimit:PerMinute", "0",

                // Nothing of a real account that may be in the environment: a demonstration texts nobody.
                "--FollowUp:PublicUrl", string.Empty,
                "--Twilio:AccountSid", string.Empty,
                "--Twilio:BaseAddress", string.Empty,
                "--Database:Provider", "Sqlite",
                "--Database:ConnectionString", string.Empty,

                // The demo speaks for itself; the host is heard when something goes wrong.
                "--Logging:LogLevel:Default", "Error",
                "--Logging:LogLevel:FollowUp", "Error",
            ]).HideBanner();
            IHost host = builder.Build();
            IDisposable beforeBeginning = host.Services.GetRequiredService<HostClock>().Hold();
            await host.StartAsync(cancellation);
            return new DemoApp(data, host, beforeBeginning, apiKey);
        }
        catch
        {
            data.Delete(recursive: true);
            throw;
        }
    }

    /// <summary>Lets the clock run. It stands still from the start of the host until then.</summary>
    public void Begin() => _beforeBeginning.Dispose();

    public async ValueTask DisposeAsync()
    {
        Clinic.Dispose();
        Phones.Dispose();
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
        _data.Delete(recursive: true);
    }
}
