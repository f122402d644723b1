using System.CommandLine;
using System.Globalization;
using FollowUp.Cli.Stores;
using FollowUp.Data.Moves;

namespace FollowUp.Cli.Commands;

/// <summary><c>export</c>: all courses into one file, to go on elsewhere; this copy is retired first.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        Argument<string?> file = new("file") { Description = "The file to write, such as followup.export.zip. It must not exist.", Arity = ArgumentArity.ZeroOrOne };
        Option<string?> to = new("--to") { Description = "Where the courses go, in your words, such as \"Azure\". Whoever starts this copy reads it." };
        Option<bool> takeBack = new("--take-back")
        {
            Description = "Makes this copy live again, after an export. Only if the other copy was never started: else every patient is texted twice.",
        };
        StoreOptions store = new();
        Command command = new(
            "export",
            "Moves all running courses out: writes every row of the store into one file, for `followup import` elsewhere. First it marks this copy as moved on, so that it "
            + "never sends again. No host may be running. The file holds patients' data and secrets: encrypt it on its way, and delete it afterwards.")
        { file, to, takeBack };
        store.AddTo(command);
        command.SetAction((parsed, cancellation) => CommandErrors.CatchAsync(() => (parsed.GetValue(takeBack), parsed.GetValue(file)) switch
        {
            (true, null) => TakeBackAsync(store, parsed, cancellation),
            (true, _) => throw new CommandException("--take-back writes no file: leave FILE out."),
            (false, null) => throw new CommandException("Name the file to write: followup export FILE."),
            (false, { } path) => ExportAsync(store, parsed, path, parsed.GetValue(to), cancellation),
        }));
        return command;
    }

    private static async Task<int> ExportAsync(StoreOptions options, ParseResult parsed, string path, string? to, CancellationToken cancellation)
    {
        await using StoreAccess store = options.Open(parsed);
        using IDisposable? alone = HostLock.Take(store, "export");

        // Whatever keeps the file from being written should do so before the mark.
        await using PrivateFile file = PrivateFile.Create(path);
        MoveView move = await store.Get<MoveStore>().RetireAsync(to, Operator.Name, cancellation);
        MoveScreen screen = new(Screen.Create());
        ExportManifest manifest;
        try
        {
            manifest = await screen.RunAsync("Writing", progress => store.Get<StoreExport>().WriteAsync(file.Stream, move, progress, cancellation));
            await file.FinishAsync();
        }
        catch (Exception)
        {
            await Console.Error.WriteLineAsync(
                "The export was not finished. This copy is marked as moved on already, and will not start: run the same command again, or `followup export --take-back`.");
            throw;
        }

        screen.Show(manifest);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"Export {move.Id}: {manifest.Rows:N0} rows in {file.Path}{(move.Again ? ". The store had been marked as moved on before." : ".")}"));
        Console.WriteLine("This copy sends nothing any more. Take the file to its new place, and there: followup import FILE. Then delete the file: patients' data and secrets are in it.");
        return 0;
    }

    private static async Task<int> TakeBackAsync(StoreOptions options, ParseResult parsed, CancellationToken cancellation)
    {
        await using StoreAccess store = options.Open(parsed);
        using IDisposable? alone = HostLock.Take(store, "take the export back");
        MoveView move = await store.Get<MoveStore>().TakeBackAsync(Operator.Name, cancellation)
            ?? throw new CommandException("This copy was not moved on: there is nothing to take back.");
        Console.WriteLine($"This copy is live again. Delete the file of the export {move.Id}, and never start what was imported from it.");
        return 0;
    }
}
