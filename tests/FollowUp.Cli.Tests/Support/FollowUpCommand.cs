using FollowUp.Testing;

namespace FollowUp.Cli.Tests.Support;

/// <summary>What a run of the command line wrote and how it ended. Its output goes into a pipe, as in a script.</summary>
internal sealed record FollowUpCommand(int ExitCode, IReadOnlyList<string> Output, IReadOnlyList<string> Errors)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    public static async Task<FollowUpCommand> RunAsync(params string[] arguments)
    {
        using TemporaryDirectory directory = new();
        await using ChildProcess process = ChildProcess.Start("followup", directory.Path, new Dictionary<string, string>(), arguments);
        int code = await process.ExitAsync(s_patience);
        return new FollowUpCommand(code, process.Output, process.Errors);
    }
}
