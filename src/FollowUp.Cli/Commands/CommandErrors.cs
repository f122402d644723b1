using FollowUp.Cli.Plans;
using FollowUp.Core.CarePlans;

namespace FollowUp.Cli.Commands;

/// <summary>A command that cannot be done as it was given; the message says what to write.</summary>
internal sealed class CommandException(string message) : Exception(message);

/// <summary>Turns what a user can put right into a line on stderr and exit code 1.</summary>
internal static class CommandErrors
{
    public static int Catch(Func<int> run)
    {
        try
        {
            return run();
        }
        catch (Exception e) when (e is CommandException or PlanNotFoundException or CarePlanException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
    }
}
