using FollowUp.Data.Context;
using FollowUp.Data.Planning;
using Microsoft.EntityFrameworkCore;

namespace FollowUp.Data.Inbox;

/// <summary>A clinic that a text from an unknown number can be for, because it sends from the number that was written to.</summary>
internal sealed record PossibleClinic(string Id, string? EmergencyNumber, IReadOnlyList<string> Languages, IReadOnlyList<string> StaffAlerts)
{
    /// <param name="sender">Null when it is none of ours that is known: then it can be for any.</param>
    public static async Task<IReadOnlyList<PossibleClinic>> FindAsync(
        FollowUpContext db, SendRules rules, string? sender, CancellationToken cancellation) =>
        await db.Clinics
            .Where(clinic => sender == null || (clinic.Sender ?? rules.DefaultSender) == sender)
            .OrderBy(clinic => clinic.Id)
            .Select(clinic => new PossibleClinic(clinic.Id, clinic.EmergencyNumber, clinic.Languages, clinic.StaffAlerts))
            .ToListAsync(cancellation);
}
