using FollowUp.Data.Staff;
using NodaTime;

namespace FollowUp.Data.Rows;

/// <summary>Somebody who may use the dashboard.</summary>
internal sealed class DashboardUserRow
{
    public required string Name { get; init; }
    public required StaffRole Role { get; set; }
    public string? ClinicId { get; set; }
    public required string PasswordHash { get; set; }
    public required Instant CreatedAt { get; init; }
    public required Instant ChangedAt { get; set; }
}

/// <summary>A sign-in that has not ended.</summary>
internal sealed class DashboardSessionRow
{
    public required string KeyHash { get; init; }
    public string? UserName { get; init; }
    public string? RootStamp { get; init; }
    public required Instant CreatedAt { get; init; }
    public required Instant SeenAt { get; set; }
}

/// <summary>Attempts to sign in that failed, for one name or one address.</summary>
internal sealed class SignInFailureRow
{
    public required string Subject { get; init; }
    public required int Failures { get; set; }
    public required Instant LastAt { get; set; }
    public Instant? BlockedUntil { get; set; }
}

/// <summary>A key of ASP.NET Core's data protection.</summary>
internal sealed class DataProtectionKeyRow
{
    public long Id { get; init; }
    public required string FriendlyName { get; init; }
    public required string Xml { get; init; }
}
