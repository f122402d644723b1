using FollowUp.Functions.Fhir;
using FollowUp.Functions.Imports;
using Microsoft.AspNetCore.Http;

namespace FollowUp.Functions.Http;

/// <summary>How large requests may be.</summary>
internal static class RequestLimits
{
    /// <summary>Bytes that a body may have on a route that says nothing else.</summary>
    public const int Body = 64 * 1024;

    /// <summary>Characters that everything from the question mark on may have.</summary>
    public const int Query = 4096;

    /// <summary>Bytes of a refused body that are still taken in: as many as the real host hands on of any.</summary>
    public const int ThrownAway = 100 * 1024 * 1024;

    /// <summary>Bytes by function, where a route takes larger bodies.</summary>
    private static readonly Dictionary<string, int> LargerBodies = new(StringComparer.OrdinalIgnoreCase)
    {
        [nameof(ImportFunctions.PostImport)] = 10 * 1024 * 1024,
        [nameof(FhirFunctions.PostFhirAppointment)] = 1024 * 1024,
    };

    public static int BodyOf(string function) => LargerBodies.GetValueOrDefault(function, Body);

    /// <summary>What <see cref="RequestLimitsMiddleware"/> has found to hold for the request.</summary>
    public static int BodyOf(HttpRequest request) => request.HttpContext.Items[typeof(RequestLimits)] as int? ?? Body;

    public static void Enter(HttpContext http, int limit) => http.Items[typeof(RequestLimits)] = limit;
}
