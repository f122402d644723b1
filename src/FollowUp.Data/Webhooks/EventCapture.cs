using FollowUp.Data.Context;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using NodaTime;

namespace FollowUp.Data.Webhooks;

/// <summary>
/// Puts what is news for a clinic's own systems on record, in the very transaction that makes it true: a crash loses none, and what is rolled
/// back was never told. It reads the news off the rows that are about to be saved, so that no code that changes them need think of it.
/// </summary>
internal sealed class EventCapture(IClock clock) : SaveChangesInterceptor
{
    public override async ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is not FollowUpContext db)
        {
            return result;
        }

        // Looking for changes costs with every row that is tracked: it is done once, here, and not again by the saving.
        db.ChangeTracker.DetectChanges();
        db.ChangeTracker.AutoDetectChangesEnabled = false;
        try
        {
            var news = RowNews.Of(db);
            if (news.Count > 0)
            {
                await new EventWriter(db, clock.GetCurrentInstant()).WriteAsync(news, cancellationToken);
            }
        }
        catch
        {
            db.ChangeTracker.AutoDetectChangesEnabled = true;
            throw;
        }

        return result;
    }

    public override ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        LookForChangesAgain(eventData.Context);
        return ValueTask.FromResult(result);
    }

    public override Task SaveChangesFailedAsync(DbContextErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        LookForChangesAgain(eventData.Context);
        return Task.CompletedTask;
    }

    public override Task SaveChangesCanceledAsync(DbContextEventData eventData, CancellationToken cancellationToken = default)
    {
        LookForChangesAgain(eventData.Context);
        return Task.CompletedTask;
    }

    private static void LookForChangesAgain(DbContext? db)
    {
        if (db is FollowUpContext)
        {
            db.ChangeTracker.AutoDetectChangesEnabled = true;
        }
    }
}
