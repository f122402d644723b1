using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FollowUp.Data.Rows;
using NodaTime;

namespace FollowUp.Data.Concurrency;

/// <summary>Names one state of something. Opaque to clients; letters, digits and dots.</summary>
internal static class EntityTag
{
    /// <summary>
    /// Changes with what was booked or ordered. That a text goes its way changes nothing of it: somebody who moves a session does not lose
    /// against a delivery report.
    /// </summary>
    public static string Of(SessionRow row) => Of(row.Revision, row.CreatedAt);

    public static string Of(ClinicRow row) => Of(row.Revision, row.CreatedAt);

    /// <summary>Of everything that is shown, where nothing counts its changes.</summary>
    public static string Of(string content) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)).AsSpan(0, 12));

    /// <summary>With the moment of its making: what was erased and made anew is something else.</summary>
    private static string Of(int revision, Instant createdAt) => string.Create(
        CultureInfo.InvariantCulture, $"{revision}.{createdAt.ToUnixTimeTicks():x}");
}
