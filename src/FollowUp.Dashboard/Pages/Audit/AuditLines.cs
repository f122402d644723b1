using FollowUp.Data.AuditTrail;

namespace FollowUp.Dashboard.Pages.Audit;

/// <summary>The audit of one thing, as its own page shows it.</summary>
internal static class AuditLines
{
    private const int Read = 100;

    /// <summary>The last acts, newest first.</summary>
    /// <param name="kinds">How the actions begin: an id may be that of a session and of a patient.</param>
    public static async Task<IReadOnlyList<AuditLine>> OfAsync(
        AuditStore audit, string clinic, string subject, IReadOnlyList<string> kinds, CancellationToken cancellation) =>
        [
            .. (await audit.ListAsync(clinic, null, subject, null, Read, cancellation))
                .Where(line => kinds.Any(kind => line.Action.StartsWith(kind, StringComparison.Ordinal))),
        ];
}
