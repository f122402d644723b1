using System.Reflection;
using FollowUp.EmbeddedHost.Functions.Invocation;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;

namespace FollowUp.EmbeddedHost.Functions.Discovery;

/// <summary>Finds the functions of the app.</summary>
internal static class FunctionFinder
{
    /// <summary>The functions that are not disabled, sorted by name without regard to case.</summary>
    /// <exception cref="HostStartException">A function is one that the real host would drop or hang on; the message names all of them.</exception>
    public static IReadOnlyList<HostFunction> Find(IEnumerable<Type> types, IConfiguration configuration)
    {
        var problems = new List<string>();
        var functions = new List<HostFunction>();
        foreach (MethodInfo method in types.SelectMany(Methods))
        {
            try
            {
                functions.Add(FunctionReader.Read(method));
            }
            catch (HostStartException refusal)
            {
                problems.Add(refusal.Message);
            }
        }

        functions.Sort((a, b) => string.Compare(a.Name, b.Name, StringComparison.OrdinalIgnoreCase));
        foreach (IGrouping<string, HostFunction> same in functions.GroupBy(f => f.Name, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
        {
            problems.Add($"Function '{same.Key}': the name is taken twice, by {string.Join(" and ", same.Select(f => f.Place))}. Names ignore case.");
        }

        ThrowIfAny(problems);
        return [.. functions.Where(function => !IsDisabled(function.Name, configuration))];
    }

    internal static void ThrowIfAny(List<string> problems)
    {
        if (problems.Count > 0)
        {
            throw new HostStartException(string.Join(Environment.NewLine, problems));
        }
    }

    private static IEnumerable<MethodInfo> Methods(Type type)
        => type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Where(method => method.IsDefined(typeof(FunctionAttribute), inherit: false));

    // AzureWebJobs.NAME.Disabled in local.settings.json, AzureWebJobs__NAME__Disabled in an environment that takes no dots.
    private static bool IsDisabled(string name, IConfiguration configuration)
        => (configuration[$"AzureWebJobs.{name}.Disabled"] ?? configuration[$"AzureWebJobs:{name}:Disabled"]) is "1" or "true" or "True";
}
