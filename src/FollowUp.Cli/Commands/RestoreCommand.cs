using System.CommandLine;
using System.Globalization;
using FollowUp.Cli.Backups;
using FollowUp.Cli.Stores;
using FollowUp.Data;
using FollowUp.Data.Moves;
using FollowUp.EmbeddedHost.Functions.Settings;
using NodaTime;
using Spectre.Console;

namespace FollowUp.Cli.Commands;

/// <summary><c>restore</c>: a backup becomes a data directory again, which knows that it is older than the world.</summary>
internal static class RestoreCommand
{
    public static Command Create()
    {
        Argument<FileInfo?> file = new("file") { Description = "A file that `followup backup` has written.", Arity = ArgumentArity.ZeroOrOne };
        Option<bool> hold = new("--hold")
        {
            Description = "Sends nothing after the start until --release: time for the booking systems to put their bookings again, and for staff to withdraw what was withdrawn since.",
        };
        Option<bool> release = new("--release") { Description = "Ends the hold. The app may be running." };
        Option<string?> markSince = new("--mark-since")
        {
            Description = "For a database that was restored by other means, such as PostgreSQL's point-in-time restore: marks it as being of this moment, such as 2026-11-25T09:00:00Z.",
        };
        StoreOptions store = new();
        Command command = new(
            "restore",
            "Restores a backup into an empty data directory. Before the app sends anything to anybody it reads again, at Twilio, what patients have answered since the backup, and "
            + "for a week it looks each text up there before sending it, so that none is sent twice. Bookings since the backup must be put again by the booking systems.")
        { file, hold, release, markSince };
        store.AddTo(command);
        command.SetAction((parsed, cancellation) => CommandErrors.CatchAsync(() => (parsed.GetValue(file), parsed.GetValue(release), parsed.GetValue(markSince)) switch
        {
            ({ } backup, false, null) => RestoreAsync(store, parsed, backup, parsed.GetValue(hold), cancellation),
            (null, true, null) => ReleaseAsync(store, parsed, cancellation),
            (null, false, { } since) => MarkAsync(store, parsed, since, parsed.GetValue(hold), cancellation),
            _ => throw new CommandException("Give one of these: a backup FILE, --release, or --mark-since INSTANT."),
        }));
        return command;
    }

    /// <summary>Runs the work with one line that says what is being done; into a pipe nothing is shown.</summary>
    public static async Task<T> WithStatusAsync<T>(Func<Action<string>, Task<T>> run)
    {
        IAnsiConsole console = Screen.Create();
        return console.Profile.Capabilities.Interactive
            ? await console.Status().StartAsync("...", context => run(text => context.Status(Markup.Escape(text))))
            : await run(_ => { });
    }

    private static async Task<int> RestoreAsync(StoreOptions options, ParseResult parsed, FileInfo file, bool hold, CancellationToken cancellation)
    {
        if (!file.Exists)
        {
            throw new CommandException($"There is no file {file.FullName}.");
        }

        var settings = StoreAccess.Settings(options.Data(parsed), options.Settings(parsed));
        string directory = HostEnvironment.DataDirectory(settings);
        if (StoreAccess.FileOf(settings, directory) != Path.Combine(directory, DatabaseOptions.FileName))
        {
            throw new CommandException(
                "Database:Provider or Database:ConnectionString name a store outside of the data directory. Restore a PostgreSQL database with pg_restore, then: followup restore --mark-since INSTANT.");
        }

        await using FileStream backup = new(file.FullName, FileMode.Open, FileAccess.Read, FileShare.Read);
        (BackupManifest manifest, DateTimeOffset at) = await WithStatusAsync(report => Restorer.RestoreAsync(backup, directory, hold, report, cancellation));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"Restored {manifest.Backup} into {directory}. It is as of {manifest.TakenAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z; what happened from then to {at.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z is in doubt."));
        Tell(hold);
        return 0;
    }

    private static async Task<int> MarkAsync(StoreOptions options, ParseResult parsed, string since, bool hold, CancellationToken cancellation)
    {
        await using StoreAccess store = options.Open(parsed);
        if (!DateTimeOffset.TryParse(since, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset from) || from > store.Clock.GetUtcNow())
        {
            throw new CommandException("--mark-since takes a moment in the past, such as 2026-11-25T09:00:00Z.");
        }

        using IDisposable? alone = HostLock.Take(store, "mark the store");
        RestoreView restored = await store.Get<RestoreStore>().MarkAsync(
            MoveStore.NewId(Instant.FromDateTimeOffset(from)), Instant.FromDateTimeOffset(from), hold, Operator.Name, cancellation);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"The store is marked: what happened from {restored.From} to {restored.At} is in doubt."));
        Tell(hold);
        return 0;
    }

    private static async Task<int> ReleaseAsync(StoreOptions options, ParseResult parsed, CancellationToken cancellation)
    {
        await using StoreAccess store = options.Open(parsed);
        if (!await store.Get<RestoreStore>().ReleaseAsync(Operator.Name, cancellation))
        {
            throw new CommandException("Nothing is held here.");
        }

        Console.WriteLine("Released: texts leave within a minute or two, as soon as the replies since the backup have been read again.");
        return 0;
    }

    private static void Tell(bool held) => Console.WriteLine(held
        ? "Start the app. It reads the replies since then at Twilio, and sends nothing. Let the booking systems put their bookings again, withdraw and erase what was since; then: followup restore --release."
        : "Start the app. It reads the replies since then at Twilio before it sends anything. Let the booking systems put their bookings again, withdraw and erase what was since.");
}
