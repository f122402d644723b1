using Microsoft.AspNetCore.Http;

namespace FollowUp.Functions.Security;

/// <summary>
/// What a key opens. Closed by default: a key for one clinic opens the routes of that clinic and those that <see cref="Access.OfNoClinic"/> names;
/// one for reading opens what is read. The answer comes from the key and the address alone, so that it tells nothing of what is in the store: a
/// clinic that is not there and one that is somebody else's are refused alike.
/// </summary>
internal static class KeyReach
{
    /// <summary>The name of the clinic in routes and queries.</summary>
    private const string Clinic = "clinic";

    /// <returns>Why the caller may not call the function like this; null if they may.</returns>
    public static string? Refusal(Caller caller, string function, HttpRequest request, IReadOnlyDictionary<string, object?> bound) =>
        caller.IsRoot ? null
        : Access.RootOnly.Contains(function) ? "Only the root key opens this route."
        : caller.ReadOnly && !IsReading(function, request.Method) ? "The key is for reading only."
        : caller.Clinic is { } own && !IsOf(own, function, request, bound) ? "The key is for one clinic, and this is not of that clinic."
        : null;

    private static bool IsReading(string function, string method) =>
        Access.Reading.Contains(function)
        || ((HttpMethods.IsGet(method) || HttpMethods.IsHead(method)) && !Access.Secret.Contains(function));

    /// <summary>Whether all that could name a clinic names this one: the route, the query, and what the function gets as its parameter.</summary>
    private static bool IsOf(string own, string function, HttpRequest request, IReadOnlyDictionary<string, object?> bound)
    {
        var inRoute = request.RouteValues.TryGetValue(Clinic, out var named);
        return (inRoute ? own.Equals(named as string, StringComparison.Ordinal) : Access.OfNoClinic.Contains(function))
            && (!request.Query.TryGetValue(Clinic, out var asked) || asked.All(each => each is null or "" || own.Equals(each, StringComparison.Ordinal)))
            && (!inRoute || !bound.TryGetValue(Clinic, out var parameter) || own.Equals(parameter?.ToString(), StringComparison.Ordinal));
    }
}
