using FollowUp.EmbeddedHost.Functions.Invocation;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;

namespace FollowUp.EmbeddedHost.Functions.Http;

/// <summary>The route of one function, matched as the real host does.</summary>
internal sealed class HttpRoute
{
    private readonly TemplateMatcher _matcher;
    private readonly IDictionary<string, IRouteConstraint> _constraints;

    /// <exception cref="HostStartException">The route is one that the real host would drop or hang on.</exception>
    public HttpRoute(HostFunction function, string prefix)
    {
        Function = function;
        var trigger = (HttpTriggerAttribute)function.Trigger;
        string route = trigger.Route ?? function.Name;
        CheckRoute(function, route);
        Methods = [.. (trigger.Methods ?? []).Select(method => method.ToUpperInvariant()).Distinct()];
        try
        {
            Template = TemplateParser.Parse(prefix.Length == 0 ? route : $"{prefix}/{route}");
            var constraints = new RouteConstraintBuilder(new DefaultInlineConstraintResolver(Options.Create(new RouteOptions()), NoServices.Instance), route);
            var defaults = new RouteValueDictionary();
            foreach (TemplatePart part in Template.Parameters)
            {
                foreach (InlineConstraint constraint in part.InlineConstraints)
                {
                    constraints.AddResolvedConstraint(part.Name!, constraint.Constraint);
                }

                if (part.IsOptional)
                {
                    constraints.SetOptional(part.Name!);
                }

                if (part.DefaultValue is not null)
                {
                    defaults[part.Name!] = part.DefaultValue;
                }
            }

            _constraints = constraints.Build();
            _matcher = new TemplateMatcher(Template, defaults);
        }
        catch (Exception cause) when (cause is ArgumentException or InvalidOperationException or RouteCreationException)
        {
            throw new HostStartException($"Function '{function.Name}' ({function.Place}): the route '{route}' is malformed: {cause.Message}", cause);
        }
    }

    public HostFunction Function { get; }

    public RouteTemplate Template { get; }

    /// <summary>The verbs, in capitals; empty means every verb.</summary>
    public IReadOnlyList<string> Methods { get; }

    /// <summary>The route's values, or null where method or path is another's.</summary>
    public RouteValueDictionary? Match(HttpContext http)
    {
        var values = new RouteValueDictionary();
        return Takes(http.Request.Method) && _matcher.TryMatch(http.Request.Path, values) && Satisfies(values, http) ? values : null;
    }

    /// <summary>Whether one request could have a verb that both take.</summary>
    public bool SharesMethodWith(HttpRoute other)
        => Methods.Count == 0 || other.Methods.Count == 0 || Methods.Intersect(other.Methods, StringComparer.Ordinal).Any();

    /// <summary>Whether the parameter could have this value, by its constraints.</summary>
    public bool Allows(string parameter, string value)
        => !_constraints.TryGetValue(parameter, out IRouteConstraint? constraint)
            || constraint.Match(null, null, parameter, new RouteValueDictionary { [parameter] = value }, RouteDirection.IncomingRequest);

    private bool Takes(string method)
    {
        foreach (string taken in Methods)
        {
            if (HttpMethods.Equals(taken, method))
            {
                return true;
            }
        }

        return Methods.Count == 0;
    }

    private bool Satisfies(RouteValueDictionary values, HttpContext http)
    {
        foreach ((string parameter, IRouteConstraint constraint) in _constraints)
        {
            if (!constraint.Match(http, null, parameter, values, RouteDirection.IncomingRequest))
            {
                return false;
            }
        }

        return true;
    }

    private static void CheckRoute(HostFunction function, string route)
    {
        string? reason = route switch
        {
            "" => "an empty route means the function's name to one half of the real host and the root to the other: requests would hang; "
                + "use \"{ignored:maxlength(0)?}\" for the root",
            ['/', ..] => "a leading slash makes every HTTP function of the real host fail; leave it out",
            _ when Reserved(route, "admin") || Reserved(route, "runtime") => "the real host keeps routes that begin with 'admin' or 'runtime' for itself",
            _ => null,
        };
        if (reason is not null)
        {
            throw new HostStartException($"Function '{function.Name}' ({function.Place}): route '{route}': {reason}.");
        }
    }

    private static bool Reserved(string route, string word) => route.TrimStart().StartsWith(word, StringComparison.OrdinalIgnoreCase);

    private sealed class NoServices : IServiceProvider
    {
        public static readonly NoServices Instance = new();

        public object? GetService(Type serviceType) => null;
    }
}
