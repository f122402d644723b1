using System.Text.Json;
using FollowUp.EmbeddedHost.Functions.Settings;
using Microsoft.Azure.Functions.Worker;

namespace FollowUp.EmbeddedHost.Functions.Timers;

/// <summary>Keeps the state of monitored schedules, a small file each in the data directory.</summary>
internal sealed class TimerMonitor(DataDirectory data)
{
    private const string Folder = "timers";

    /// <summary>The state, or null when none was kept or it is unreadable: then the schedule begins anew.</summary>
    public ScheduleStatus? Read(string function)
    {
        string path = data.File(Name(function));
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<ScheduleStatus>(File.ReadAllText(path)) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public void Write(string function, ScheduleStatus status)
    {
        Directory.CreateDirectory(data.File(Folder));
        data.Write(Name(function), JsonSerializer.Serialize(status), overwrite: true);
    }

    private static string Name(string function) => Path.Combine(Folder, function + ".json");
}
