using FollowUp.Data.Context;
using FollowUp.Data.Rows;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;

namespace FollowUp.Data.Moves;

/// <summary>
/// Refuses a store that lives on elsewhere. It is asked in every transaction that writes, so that a host which runs while its store is exported (on
/// PostgreSQL nothing keeps it from running) claims no text after the mark: texts that were claimed before it are in the export.
/// </summary>
internal static class MovedStore
{
    public static Task<MoveRow?> FindAsync(FollowUpContext db, CancellationToken cancellation) =>
        db.Moves.FirstOrDefaultAsync(row => row.Kind == MoveKind.MovedOut && row.EndedAt == null, cancellation);

    /// <exception cref="StoreMovedException">It has been moved.</exception>
    public static async Task RefuseAsync(FollowUpContext db, CancellationToken cancellation)
    {
        if (await FindAsync(db, cancellation) is { } move)
        {
            throw new StoreMovedException(
                $"These courses were moved on with the export {move.Id} at {StoreText.Instant.Format(move.At)}{(move.Note is { } note ? $" to {note}" : "")}: this copy of the "
                + "store sends nothing and takes nothing in any more. `followup export --take-back` makes it live again: only if the other copy was never started, "
                + "or every patient is texted twice.");
        }
    }
}

/// <summary>Refuses it when the host starts, so that this is an error then and not at the first booking.</summary>
internal sealed class MovedStoreAtStart(Store store) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => store.ReadAsync(
        async db =>
        {
            await MovedStore.RefuseAsync(db, cancellationToken);
            return true;
        }, cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
