using System.CommandLine;
using System.Globalization;
using FollowUp.Cli.Stores;
using FollowUp.Data;
using FollowUp.Data.Moves;
using FollowUp.EmbeddedHost.Functions.Settings;
using Microsoft.Extensions.Configuration;

namespace FollowUp.Cli.Commands;

/// <summary><c>import</c>: the courses of an export go on here.</summary>
internal static class ImportCommand
{
    private static readonly TimeSpan s_ahead = TimeSpan.FromDays(1);

    public static Command Create()
    {
        Argument<FileInfo> file = new("file") { Description = "A file that `followup export` has written." };
        Option<bool> dryRun = new("--dry-run") { Description = "Checks the file to its last byte, and whether it fits, and writes nothing." };
        StoreOptions store = new();
        Command command = new(
            "import",
            "Takes the courses of an export into an empty store: a new data directory, or the database that --provider and --connection (or the environment) name. All of it is "
            + "there afterwards, or nothing. The app must not be running on it; started afterwards, it goes on with each course at its next text.")
        { file, dryRun };
        store.AddTo(command);
        command.SetAction((parsed, cancellation) => CommandErrors.CatchAsync(async () =>
        {
            FileInfo given = parsed.GetValue(file)!;
            if (!given.Exists)
            {
                throw new CommandException($"There is no file {given.FullName}.");
            }

            MoveScreen screen = new(Screen.Create());

            // Nobody else may change it between the check and the import.
            await using FileStream stream = new(given.FullName, FileMode.Open, FileAccess.Read, FileShare.Read);
            using ExportFile export = ExportFile.Open(stream);
            await screen.RunAsync("Checking", async progress =>
            {
                await export.VerifyAsync(progress, cancellation);
                return true;
            });
            return parsed.GetValue(dryRun)
                ? await CheckAsync(store, parsed, export, screen, cancellation)
                : await ImportAsync(store, parsed, export, screen, cancellation);
        }));
        return command;
    }

    private static async Task<int> CheckAsync(StoreOptions options, ParseResult parsed, ExportFile export, MoveScreen screen, CancellationToken cancellation)
    {
        IConfiguration settings = StoreAccess.Settings(options.Data(parsed), options.Settings(parsed));
        string? file = StoreAccess.FileOf(settings, HostEnvironment.DataDirectory(settings));
        if (file is null || File.Exists(file))
        {
            await using StoreAccess store = options.Open(parsed);
            await store.Get<StoreImport>().CheckAsync(export, cancellation);
        }
        else
        {
            // There is no store yet, and a look must not make one: the file is held against a store that is thrown away.
            DirectoryInfo somewhere = Directory.CreateTempSubdirectory("followup-import-");
            try
            {
                await using StoreAccess store = StoreAccess.OpenFile(somewhere.FullName, Path.Combine(somewhere.FullName, DatabaseOptions.FileName));
                await store.Get<StoreImport>().CheckAsync(export, cancellation);
            }
            finally
            {
                somewhere.Delete(recursive: true);
            }
        }

        screen.Show(export.Manifest);
        Console.WriteLine($"The export {export.Manifest.Export} is whole, and fits. Nothing was written.");
        return 0;
    }

    private static async Task<int> ImportAsync(StoreOptions options, ParseResult parsed, ExportFile export, MoveScreen screen, CancellationToken cancellation)
    {
        await using StoreAccess store = options.Open(parsed, mustExist: false);
        using IDisposable? alone = HostLock.Take(store, "import");
        ImportedStore imported = await screen.RunAsync("Importing", progress => store.Get<StoreImport>().ImportAsync(export, Operator.Name, progress, cancellation));
        screen.Show(export.Manifest);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"Imported {imported.Export}: {imported.Rows:N0} rows; {imported.Sessions:N0} sessions go on with their next text when the app is started."));
        DateTimeOffset exported = export.Manifest.ExportedAt;
        if (exported > store.Clock.GetUtcNow() + s_ahead)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"It comes from a simulated clock, at {exported.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z: start the app with FollowUp:Clock:Start={exported.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}."));
        }

        Console.WriteLine("Next: point Twilio and the booking systems at the new place, start the app, look at /api/health, and delete the file: patients' data and secrets are in it.");
        return 0;
    }
}
