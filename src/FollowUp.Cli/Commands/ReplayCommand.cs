using System.CommandLine;
using FollowUp.Cli.Replays;
using FollowUp.Cli.Stores;
using FollowUp.EmbeddedHost.Engine;
using FollowUp.EmbeddedHost.Functions.Settings;
using Spectre.Console;

namespace FollowUp.Cli.Commands;

/// <summary><c>replay</c>: before an upgrade, whether this release's orchestrators can go on with what is under way.</summary>
internal static class ReplayCommand
{
    public static Command Create()
    {
        Argument<FileInfo[]> files = new("history")
        {
            Description = "Recorded histories to replay, as --save writes them. Default: those in the data directory.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Option<DirectoryInfo?> data = StoreOptions.DataBesideApp();
        Option<bool> all = new("--all") { Description = "Also orchestrations that have ended, whose code never runs again." };
        Option<DirectoryInfo?> save = new("--save") { Description = "Also writes each history into this directory, one file each. They hold ids and instants." };
        Command command = new("replay", "Replays the histories of orchestrations against this release, and says which it could not go on with. Run it before an upgrade. Nothing is sent or changed.")
        {
            files, data, all, save,
        };
        command.SetAction((parsed, cancellation) => CommandErrors.CatchAsync(async () =>
        {
            using Orchestrators orchestrators = new();
            ReplayRun run = new(orchestrators.Replay);
            if (parsed.GetValue(files) is { Length: > 0 } named)
            {
                foreach (FileInfo file in named)
                {
                    run.Add(file.FullName, await ReadAsync(file, cancellation));
                }
            }
            else
            {
                ReplayDirectory(run, EngineFile(parsed.GetValue(data)), parsed.GetValue(all), parsed.GetValue(save), cancellation);
            }

            ReplayScreen.Show(run, Screen.Create());
            return run.Differences.Count == 0 ? 0 : 1;
        }));
        return command;
    }

    private static void ReplayDirectory(ReplayRun run, string engine, bool ended, DirectoryInfo? save, CancellationToken cancellation)
    {
        using HistoryFile histories = HistoryFile.Open(engine);
        save?.Create();
        Screen.Create().Progress().Start(progress =>
        {
            ProgressTask task = progress.AddTask("Replaying", maxValue: Math.Max(1, histories.Count(ended)));
            foreach (RecordedHistory history in histories.Read(ended))
            {
                cancellation.ThrowIfCancellationRequested();
                run.Add(history.InstanceId, history);
                if (save is not null)
                {
                    // Colons are no part of a file's name everywhere.
                    File.WriteAllText(Path.Combine(save.FullName, $"{history.InstanceId.Replace(':', '+')}.json"), history.ToJson());
                }

                task.Increment(1);
            }
        });
    }

    private static async Task<RecordedHistory> ReadAsync(FileInfo file, CancellationToken cancellation)
    {
        try
        {
            return RecordedHistory.Parse(await File.ReadAllTextAsync(file.FullName, cancellation));
        }
        catch (InvalidDataException e)
        {
            throw new CommandException($"{file.FullName}: {e.Message}");
        }
    }

    private static string EngineFile(DirectoryInfo? directory)
    {
        string file = HostEnvironment.EngineFile(HostEnvironment.DataDirectory(StoreAccess.Settings(directory, [])));

        // A mistyped directory must not look like one where nothing is under way.
        return File.Exists(file)
            ? file
            : throw new CommandException($"There is no engine's file {file}. Start the app there once, or name its data directory with --data.");
    }
}
