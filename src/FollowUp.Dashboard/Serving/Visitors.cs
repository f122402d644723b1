using FollowUp.Dashboard.SignIn;
using FollowUp.Dashboard.Words;
using FollowUp.Data.Overview;
using Microsoft.AspNetCore.Http;

namespace FollowUp.Dashboard.Serving;

/// <summary>Says who asks, and which clinics they see.</summary>
internal sealed class Visitors(SessionCookie cookie, ClinicOverview clinics, DashboardOptions options, TimeProvider clock)
{
    public async Task<Visit> IdentifyAsync(HttpContext http, CancellationToken cancellation)
    {
        var visitor = options.UsesAppService
            ? options.PlatformSignsIn ? AppServicePrincipal.Read(http.Request) : null
            : await cookie.ReadAsync(http, cancellation);
        if (visitor is null)
        {
            return new Visit(null, [], null, ClinicTime.Utc(clock));
        }

        // Forms are bound to this name.
        http.User = visitor.ToPrincipal();
        var seen = (await clinics.ClinicsAsync(cancellation)).Where(clinic => visitor.MaySee(clinic.Id)).ToList();
        return new Visit(visitor, seen, null, seen is [var first, ..] ? new ClinicTime(first.TimeZone, clock) : ClinicTime.Utc(clock));
    }
}

/// <summary>A request, as far as who makes it and where.</summary>
/// <param name="Clinics">Those that the visitor sees.</param>
/// <param name="Clinic">The one of the address, if it has one.</param>
internal sealed record Visit(StaffMember? Visitor, IReadOnlyList<ClinicLine> Clinics, ClinicLine? Clinic, ClinicTime Time)
{
    /// <summary>Null when the visitor sees no such clinic.</summary>
    public Visit? At(string clinic) => Clinics.FirstOrDefault(known => known.Id == clinic) is { } found
        ? this with { Clinic = found, Time = Time.In(found.TimeZone) }
        : null;
}
