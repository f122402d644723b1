using System.Reflection;
using System.Text.RegularExpressions;
using FollowUp.Functions.Sessions;
using Microsoft.Azure.Functions.Worker;

namespace FollowUp.Functions.Tests;

/// <summary>Every HTTP function that the app has, by reflection.</summary>
internal static partial class HttpFunctions
{
    public static IReadOnlyList<(string Name, string Method, string Route)> All { get; } =
    [
        .. from method in typeof(SessionFunctions).Assembly.GetTypes().SelectMany(type => type.GetMethods())
           let function = method.GetCustomAttribute<FunctionAttribute>()
           where function is not null
           let trigger = method.GetParameters().Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>()).FirstOrDefault(found => found is not null)
           where trigger is not null
           from verb in trigger.Methods!
           select (function.Name, verb.ToUpperInvariant(), trigger.Route!),
    ];

    /// <summary>A path of the route: the clinic given, and every other parameter by its own name.</summary>
    public static string Fill(string route, string clinic) =>
        "/" + Parameter().Replace(route, parameter => parameter.Value == "{clinic}" ? clinic : parameter.Groups[1].Value);

    [GeneratedRegex(@"\{(\w+)[^}]*\}")]
    private static partial Regex Parameter();
}
