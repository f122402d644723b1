using FollowUp.Cli.Demo.Bookings;
using FollowUp.Cli.Tests.Support;
using FollowUp.Testing;

namespace FollowUp.Cli.Tests;

/// <summary>The command line as a person meets it.</summary>
[Collection(ProcessCollection.Name)]
public sealed class CommandTests
{
    [Fact]
    public async Task Help_lists_the_commands_with_what_they_do()
    {
        FollowUpCommand help = await FollowUpCommand.RunAsync("--help");
        Assert.Equal(0, help.ExitCode);
        Assert.Contains(help.Output, line => line.TrimStart() is var text && text.StartsWith("demo ", StringComparison.Ordinal)
            && text.Contains("Plays", StringComparison.Ordinal));
        Assert.Contains(help.Output, line => line.TrimStart() is var text && text.StartsWith("serve ", StringComparison.Ordinal)
            && text.Contains("Runs the app", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_demos_help_names_the_columns_of_a_bookings_file()
    {
        FollowUpCommand help = await FollowUpCommand.RunAsync("demo", "--help");
        Assert.Equal(0, help.ExitCode);

        // The help is broken into lines somewhere.
        string text = string.Join(' ', string.Join(' ', help.Output).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("--bookings", text, StringComparison.Ordinal);
        Assert.Contains(BookingsFile.Columns, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_that_is_none_is_refused_on_stderr()
    {
        FollowUpCommand unknown = await FollowUpCommand.RunAsync("dance");
        Assert.NotEqual(0, unknown.ExitCode);
        Assert.Contains(unknown.Errors, line => line.Contains("dance", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_bookings_file_that_is_wrong_ends_the_demo_with_1_and_the_reason_on_stderr()
    {
        using TemporaryDirectory directory = new();
        string file = Write(directory, "ada-1,p-ada,Ada,+12125550101,America/New_York,soon,1,4");
        FollowUpCommand demo = await FollowUpCommand.RunAsync("demo", "--bookings", file);
        Assert.Equal(1, demo.ExitCode);
        Assert.StartsWith($"{file}, line 2, startsAt: 'soon' is no instant", Assert.Single(demo.Errors), StringComparison.Ordinal);
        Assert.Empty(demo.Output);
    }

    [Fact]
    public async Task What_the_app_refuses_of_a_bookings_file_is_told_with_its_line()
    {
        using TemporaryDirectory directory = new();
        string file = Write(directory, "ada-1,p-ada,Ada,555,Mars/Olympus,2027-01-20T10:00:00-05:00,1,4");
        FollowUpCommand demo = await FollowUpCommand.RunAsync("demo", "--bookings", file);
        Assert.Equal(1, demo.ExitCode);
        string refusal = Assert.Single(demo.Errors);
        Assert.StartsWith($"{file}, line 2: the app answered 400: ", refusal, StringComparison.Ordinal);
        Assert.Contains("patient.phone", refusal, StringComparison.Ordinal);
        Assert.Contains("patient.timeZone", refusal, StringComparison.Ordinal);
    }

    private static string Write(TemporaryDirectory directory, string booking)
    {
        string file = directory.File("bookings.csv");
        File.WriteAllLines(file, ["session,patientId,firstName,phone,timeZone,startsAt,sessionNumber,plannedSessions", booking]);
        return file;
    }
}
