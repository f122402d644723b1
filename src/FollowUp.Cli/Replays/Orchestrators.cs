using FollowUp.EmbeddedHost.Engine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FollowUp.Cli.Replays;

/// <summary>The orchestrators of this release, put together as the app does. The app is built and never started.</summary>
internal sealed class Orchestrators : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("followup-replay-");
    private readonly IHost _host;

    public Orchestrators()
    {
        // A directory and settings of its own: nothing of the operator's is read, made or locked by it.
        _host = AppHost.Create(["--FollowUp:DataDirectory", _directory.FullName, "--Twilio:AccountSid", "", "--Database:ConnectionString", "", "--FollowUp:Clock:DaysPerSecond", ""]).Build();
        Replay = new HistoryReplay(_host.Services.GetRequiredService<TaskRegistry>());
    }

    public HistoryReplay Replay { get; }

    public void Dispose()
    {
        _host.Dispose();
        _directory.Delete(recursive: true);
    }
}
