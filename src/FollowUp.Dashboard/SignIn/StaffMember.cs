using System.Security.Claims;
using FollowUp.Data;
using FollowUp.Data.Staff;
using NodaTime;

namespace FollowUp.Dashboard.SignIn;

/// <summary>Somebody who is signed in.</summary>
/// <param name="Clinic">The one clinic that they see; null for every clinic.</param>
/// <param name="EndsAt">When the sign-in ends at the latest, by the real clock; null when the platform decides that.</param>
public sealed record StaffMember(string Name, StaffRole Role, string? Clinic, Instant? EndsAt)
{
    /// <summary>As the audit names them. What the API does is <c>api</c>.</summary>
    public string Actor => $"staff:{Name}";

    public bool IsRoot => Name == SignedIn.RootName;

    public bool May(StaffRole role) => Role >= role;

    public bool MaySee(string clinic) => Clinic is null || Clinic == clinic;

    /// <summary>What forms are bound to.</summary>
    internal ClaimsPrincipal ToPrincipal() => new(new ClaimsIdentity(
        [new Claim(ClaimTypes.NameIdentifier, Name), new Claim(ClaimTypes.Role, EnumText.Of(Role))], "FollowUp"));
}
