using System.Data.Common;
using FollowUp.Cli.Plans;
using FollowUp.Core.CarePlans;
using FollowUp.Data.Moves;
using FollowUp.Data.Schema;
using FollowUp.EmbeddedHost.Functions;

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
        catch (Exception e) when (IsForTheUser(e))
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
    }

    /// <inheritdoc cref="Catch"/>
    public static async Task<int> CatchAsync(Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception e) when (IsForTheUser(e))
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
        catch (Exception e) when ((e as DbException ?? e.InnerException) is DbException store)
        {
            await Console.Error.WriteLineAsync($"The store cannot be used: {store.Message}");
            return 1;
        }
    }

    private static bool IsForTheUser(Exception e) =>
        e is CommandException or PlanNotFoundException or CarePlanException or SchemaException or HostStartException
            or MoveException or StoreMovedException or IOException or UnauthorizedAccessException;
}
