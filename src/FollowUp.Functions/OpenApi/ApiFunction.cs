using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Azure.Functions.Worker;

namespace FollowUp.Functions.OpenApi;

/// <summary>An HTTP function under <c>api/</c>, as its attributes say.</summary>
/// <param name="Name">The function's name.</param>
/// <param name="Method">The verb, in capitals.</param>
/// <param name="Path">The route as the description writes it: with a slash in front, its parameters without constraints.</param>
/// <param name="Parameters">The names of the route's parameters, in order.</param>
internal sealed partial record ApiFunction(string Name, string Method, string Path, IReadOnlyList<string> Parameters)
{
    private const string Prefix = "api/";

    /// <summary>All there are, by path.</summary>
    public static IReadOnlyList<ApiFunction> All { get; } =
    [
        .. from method in typeof(ApiFunction).Assembly.GetTypes().SelectMany(type => type.GetMethods())
           let function = method.GetCustomAttribute<FunctionAttribute>()
           where function is not null
           let trigger = method.GetParameters().Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>()).FirstOrDefault(found => found is not null)
           where trigger?.Route?.StartsWith(Prefix, StringComparison.Ordinal) == true
           from verb in trigger.Methods!
           let path = "/" + Parameter().Replace(trigger.Route!, "{$1}")
           orderby path, verb
           select new ApiFunction(function.Name, verb.ToUpperInvariant(), path, [.. Parameter().Matches(path).Select(match => match.Groups[1].Value)]),
    ];

    [GeneratedRegex(@"\{\*?(\w+)[^}]*\}")]
    private static partial Regex Parameter();
}
