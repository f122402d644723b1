using FollowUp.Data.Context;
using Microsoft.EntityFrameworkCore;

namespace FollowUp.Data.Moves;

/// <summary>
/// Lets every session with something left to do look changed, so that the sweep starts or wakes its orchestration: the engine's state does not come
/// along, or is older than the store.
/// </summary>
internal static class UnseenSessions
{
    /// <returns>How many.</returns>
    public static Task<int> MarkAsync(FollowUpContext db, CancellationToken cancellation) => db.Sessions
        .Where(row => row.State == SessionState.Scheduled || row.State == SessionState.Waiting || row.State == SessionState.Paused

            // One that has ended may still wait to learn what became of its last text.
            || (row.State != SessionState.Failed && db.Steps.Any(step => step.ClinicId == row.ClinicId && step.SessionId == row.Id
                && (step.State == StepState.Sending || step.State == StepState.Unknown))))
        .ExecuteUpdateAsync(set => set.SetProperty(row => row.PlannedRevision, row => row.Revision - 1), cancellation);
}
