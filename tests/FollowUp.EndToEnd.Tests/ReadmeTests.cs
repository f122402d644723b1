namespace FollowUp.EndToEnd.Tests;

/// <summary>What a newcomer types first.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public void The_READMEs_first_two_commands_run_the_demo_and_the_tests()
    {
        string[] lines = File.ReadAllLines(Path.Combine(Root(), "README.md"));
        string[] commands =
        [
            .. lines.Index().Where(line => line.Item == "```sh").Take(2).Select(
                line => string.Join('\n', lines.Skip(line.Index + 1).TakeWhile(next => next != "```"))),
        ];
        Assert.Equal(["dotnet run --project src/FollowUp.Cli -- demo", "dotnet test"], commands);
        Assert.True(File.Exists(Path.Combine(Root(), "src/FollowUp.Cli/FollowUp.Cli.csproj")));
    }

    private static string Root()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "FollowUp.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests do not run from within the repository.");
    }
}
