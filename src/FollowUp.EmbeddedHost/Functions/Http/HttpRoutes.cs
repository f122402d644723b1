using FollowUp.EmbeddedHost.Functions.Discovery;
using FollowUp.EmbeddedHost.Functions.Invocation;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;

namespace FollowUp.EmbeddedHost.Functions.Http;

/// <summary>The routes of all HTTP functions; the first function by name whose route matches is the one that runs.</summary>
internal sealed class HttpRoutes
{
    private readonly List<HttpRoute> _routes = [];

    /// <param name="functions">Sorted by name without regard to case.</param>
    /// <param name="prefix">The route prefix of host.json; may be empty.</param>
    /// <exception cref="HostStartException">A route is refused; the message names all that are.</exception>
    public HttpRoutes(IEnumerable<HostFunction> functions, string prefix)
    {
        var problems = new List<string>();
        foreach (HostFunction function in functions.Where(f => f.Kind == TriggerKind.Http))
        {
            try
            {
                _routes.Add(new HttpRoute(function, prefix));
            }
            catch (HostStartException refusal)
            {
                problems.Add(refusal.Message);
            }
        }

        for (int i = 0; i < _routes.Count; i++)
        {
            for (int j = i + 1; j < _routes.Count; j++)
            {
                if (Conflict(_routes[i], _routes[j]) is { } conflict)
                {
                    problems.Add(conflict);
                }
            }
        }

        FunctionFinder.ThrowIfAny(problems);
    }

    /// <summary>Whether a function has exactly this route, prefix included.</summary>
    public bool Serves(string template) => _routes.Exists(route => route.Template.TemplateText == template);

    public (HttpRoute Route, RouteValueDictionary Values)? Match(HttpContext http)
    {
        foreach (HttpRoute route in _routes)
        {
            if (route.Match(http) is { } values)
            {
                return (route, values);
            }
        }

        return null;
    }

    // The real host takes the first function by name, its worker the most specific route. They agree only when the more
    // specific one sorts first.
    private static string? Conflict(HttpRoute first, HttpRoute second)
    {
        if (!RouteOverlap.Exists(first, second))
        {
            return null;
        }

        decimal one = RoutePrecedence.ComputeInbound(first.Template);
        decimal other = RoutePrecedence.ComputeInbound(second.Template);
        string both = $"Functions '{first.Function.Name}' ({first.Template.TemplateText}) and "
            + $"'{second.Function.Name}' ({second.Template.TemplateText})";
        return one < other ? null
            : one == other ? $"{both} take the same requests. Change the route or the methods of one."
            : $"{both} both match some requests, and the real host gives those to '{first.Function.Name}', the first by name, although the other "
                + $"route is the more specific one. Rename '{second.Function.Name}' so that it sorts first, or constrain the parameter.";
    }
}
