using FollowUp.Dashboard.SignIn;
using FollowUp.Dashboard.Words;
using FollowUp.Data.Overview;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;

namespace FollowUp.Dashboard.Serving;

/// <summary>A request that somebody may make: who it is, has the role, and sees the clinic.</summary>
internal class PageRequest
{
    public required HttpContext Http { get; init; }

    /// <summary>What stands in the address for the parts of the route in braces. All are well-formed ids.</summary>
    public required IReadOnlyDictionary<string, string> Values { get; init; }

    /// <summary>Null on the pages that need nobody signed in.</summary>
    public required StaffMember? Visitor { get; init; }

    /// <summary>The clinics that they see, by name.</summary>
    public required IReadOnlyList<ClinicLine> Clinics { get; init; }

    /// <summary>The clinic of the address; null on the pages that have none.</summary>
    public required ClinicLine? ClinicOrNone { get; init; }
    public required ClinicTime Time { get; init; }
    public required DurableTaskClient Client { get; init; }
    public required CancellationToken Cancellation { get; init; }

    public StaffMember User => Visitor ?? throw new InvalidOperationException("The page is open to all.");

    public ClinicLine Clinic => ClinicOrNone ?? throw new InvalidOperationException("The page is no clinic's.");

    /// <summary>
    /// A value of the query; null when it is not there or empty. One that stands there twice or is too long is <see cref="NotUnderstood"/>, which
    /// nothing takes for a value of its own: a filter that is spoiled must not become one that selects everything.
    /// </summary>
    public string? Query(string name) => Http.Request.Query[name] is var values && values.Count == 0 ? null
        : values is [{ Length: < LongestValue } value] ? (value.Length == 0 ? null : value)
        : NotUnderstood;

    /// <summary>No id, name of a state, date, cursor or token.</summary>
    protected const string NotUnderstood = "?";
    private const int LongestValue = 2000;
}

/// <summary>A request to do something. Its form has been checked to be ours.</summary>
internal sealed class ActRequest : PageRequest
{
    public required IFormCollection Form { get; init; }

    /// <summary>A field of the form, without space around it; empty when it is not there.</summary>
    public string Field(string name) => Form[name] switch
    {
        { Count: 0 } => "",
        [{ } value] => value.Trim(),
        _ => NotUnderstood,
    };
}
