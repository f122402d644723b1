using System.Diagnostics.CodeAnalysis;
using FollowUp.Core.Contacts;
using FollowUp.Data.Staff;

namespace FollowUp.Dashboard.Serving;

/// <summary>A part of the dashboard: its pages, and what can be done on them.</summary>
internal interface IArea
{
    void Map(RouteMap map);
}

/// <summary>
/// Which address is which page or act, below <c>/dashboard</c>. A part in braces takes a well-formed id and nothing else. Every address is in this
/// table, with who may use it: there is no other way in.
/// </summary>
internal sealed class RouteMap
{
    public const string ClinicValue = "clinic";

    private readonly List<PageRoute> _pages = [];
    private readonly List<ActRoute> _acts = [];

    public RouteMap(IEnumerable<IArea> areas)
    {
        foreach (var area in areas)
        {
            area.Map(this);
        }
    }

    public IReadOnlyList<PageRoute> Pages => _pages;

    public IReadOnlyList<ActRoute> Acts => _acts;

    /// <param name="role">Who may see it; null for everybody, signed in or not.</param>
    /// <param name="everyClinic">Whether it is the business of those alone who see every clinic; to others it is not there.</param>
    public void Page(string pattern, StaffRole? role, Func<PageRequest, Task<PageContent>> show, bool everyClinic = false) =>
        _pages.Add(new PageRoute(pattern, role, show, everyClinic));

    /// <param name="role">Who may do it; null for everybody, signed in or not.</param>
    /// <param name="changesNothing">Whether it is allowed on a dashboard that is only for reading.</param>
    /// <param name="everyClinic">Whether it is the business of those alone who see every clinic; to others it is not there.</param>
    public void Act(string pattern, StaffRole? role, Func<ActRequest, Task<ActAnswer>> act, bool changesNothing = false, bool everyClinic = false) =>
        _acts.Add(new ActRoute(pattern, role, act, changesNothing, everyClinic));

    public static bool TryMatch<T>(
        IReadOnlyList<T> routes, string path, [NotNullWhen(true)] out T? route, out IReadOnlyDictionary<string, string> values)
        where T : IRoute
    {
        var parts = path.Length == 0 ? [] : path.Split('/');
        foreach (var candidate in routes)
        {
            if (Match(candidate.Pattern, parts) is { } found)
            {
                (route, values) = (candidate, found);
                return true;
            }
        }

        (route, values) = (default, new Dictionary<string, string>());
        return false;
    }

    private static Dictionary<string, string>? Match(string pattern, string[] parts)
    {
        var wanted = pattern.Length == 0 ? [] : pattern.Split('/');
        if (wanted.Length != parts.Length)
        {
            return null;
        }

        Dictionary<string, string> values = [];
        for (var index = 0; index < parts.Length; index++)
        {
            if (wanted[index] is ['{', .. var name, '}'])
            {
                if (!Identifier.IsValid(parts[index]))
                {
                    return null;
                }

                values[name] = parts[index];
            }
            else if (wanted[index] != parts[index])
            {
                return null;
            }
        }

        return values;
    }
}

internal interface IRoute
{
    string Pattern { get; }
    StaffRole? Role { get; }
    bool EveryClinic { get; }
}

internal sealed record PageRoute(string Pattern, StaffRole? Role, Func<PageRequest, Task<PageContent>> Show, bool EveryClinic) : IRoute;

internal sealed record ActRoute(string Pattern, StaffRole? Role, Func<ActRequest, Task<ActAnswer>> Act, bool ChangesNothing, bool EveryClinic) : IRoute;
