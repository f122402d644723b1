using FollowUp.Cli.Tests.Support;
using FollowUp.Testing;

namespace FollowUp.Cli.Tests;

/// <summary>Backup, restore, export and import as an operator meets them, beside an app that runs.</summary>
[Collection(ProcessCollection.Name)]
public sealed class MoveCommandTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private string _data = null!;
    private AppBeside? _app;

    public async ValueTask InitializeAsync()
    {
        _data = _directory.File("data");
        _app = await AppBeside.StartAsync(_data);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task While_the_app_runs_it_is_backed_up_and_neither_exported_nor_overwritten()
    {
        FollowUpCommand export = await FollowUpCommand.RunAsync("export", _directory.File("a.zip"), "--data", _data);
        Assert.Equal(1, export.ExitCode);
        Assert.Equal($"A host is running on {_data}. Stop it first (Ctrl+C in its window, or its service), then export.", Assert.Single(export.Errors));
        Assert.Empty(Directory.GetFiles(_directory.Path));

        FollowUpCommand backup = await FollowUpCommand.RunAsync("backup", _directory.File("b.zip"), "--data", _data);
        Assert.True(backup.ExitCode == 0, string.Join('\n', backup.Errors));
        Assert.Equal([_directory.File("b.zip")], Directory.GetFiles(_directory.Path));
        FollowUpCommand again = await FollowUpCommand.RunAsync("backup", _directory.File("b.zip"), "--data", _data);
        Assert.Equal($"{_directory.File("b.zip")} is there already. Name a new file.", Assert.Single(again.Errors));

        FollowUpCommand restore = await FollowUpCommand.RunAsync("restore", _directory.File("b.zip"), "--data", _data);
        Assert.Equal(1, restore.ExitCode);
        Assert.StartsWith($"{_data} is not empty: it holds ", Assert.Single(restore.Errors), StringComparison.Ordinal);
        FollowUpCommand import = await FollowUpCommand.RunAsync("import", _directory.File("b.zip"), "--data", _data);
        Assert.Equal("The file is a backup and not an export: `followup restore` takes it.", Assert.Single(import.Errors));
    }

    [Fact]
    public async Task An_export_that_was_taken_back_lives_on()
    {
        await StopAsync();
        Assert.Equal(0, (await FollowUpCommand.RunAsync("export", _directory.File("a.zip"), "--data", _data, "--to", "Azure")).ExitCode);
        FollowUpCommand key = await FollowUpCommand.RunAsync("keys", "add", "--name", "Booking", "--data", _data);
        Assert.Equal(1, key.ExitCode);
        Assert.Contains("to Azure", Assert.Single(key.Errors), StringComparison.Ordinal);
        FollowUpCommand restore = await FollowUpCommand.RunAsync("restore", _directory.File("a.zip"), "--data", _directory.File("new"));
        Assert.StartsWith("The file is not a backup of FollowUp.", Assert.Single(restore.Errors), StringComparison.Ordinal);

        Assert.Equal(0, (await FollowUpCommand.RunAsync("export", "--take-back", "--data", _data)).ExitCode);
        Assert.Equal(0, (await FollowUpCommand.RunAsync("keys", "add", "--name", "Booking", "--data", _data)).ExitCode);
        FollowUpCommand nothing = await FollowUpCommand.RunAsync("export", "--take-back", "--data", _data);
        Assert.Equal("This copy was not moved on: there is nothing to take back.", Assert.Single(nothing.Errors));
    }

    [Theory]
    [InlineData("Name the file to write: followup export FILE.", "export")]
    [InlineData("--take-back writes no file", "export", "a.zip", "--take-back")]
    [InlineData("Give one of these: a backup FILE, --release, or --mark-since INSTANT.", "restore")]
    [InlineData("--mark-since takes a moment in the past", "restore", "--mark-since", "tomorrow")]
    [InlineData("Nothing is held here.", "restore", "--release")]
    [InlineData("--keep goes with a folder", "backup", "a.zip", "--keep", "3")]
    [InlineData("There is no file", "import", "nowhere.zip")]
    [InlineData("The setting Database:Provider is 'Oracle'", "export", "a.zip", "--provider", "Oracle")]
    public async Task What_cannot_be_done_is_said_on_stderr(string message, params string[] arguments)
    {
        FollowUpCommand run = await FollowUpCommand.RunAsync([.. arguments, "--data", _data]);
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith(message, Assert.Single(run.Errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("backup")]
    [InlineData("restore")]
    [InlineData("export")]
    [InlineData("import")]
    public async Task Every_command_has_a_help_text(string command)
    {
        FollowUpCommand help = await FollowUpCommand.RunAsync(command, "--help");
        Assert.Equal(0, help.ExitCode);
        Assert.Contains(help.Output, line => line.Contains("--data", StringComparison.Ordinal));
    }

    private async Task StopAsync()
    {
        if (_app is { } app)
        {
            _app = null;
            await app.DisposeAsync();
        }
    }
}
