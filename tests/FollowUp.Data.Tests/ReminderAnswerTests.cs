using FollowUp.Testing;
using NodaTime;

namespace FollowUp.Data.Tests;

/// <summary>An answer to a reminder is about the time that the reminder named.</summary>
public sealed class ReminderAnswerTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData("X")]
    [InlineData("C")]
    public async Task An_answer_to_the_reminder_of_an_old_time_is_for_staff_to_read(string answer)
    {
        using var store = await RemindedAsync();
        await MoveAsync(store);
        var news = await store.ReceiveAsync(answer);

        Assert.NotEqual(SessionState.Cancelled, (await store.ViewAsync()).State);
        Assert.Equal(DBNull.Value, store.Scalar("SELECT confirmed_at FROM sessions"));
        Assert.Empty(news.Answers);
        Assert.Single(await store.InboxAsync());
    }

    [Fact]
    public async Task A_reminder_that_was_written_before_the_move_and_left_after_it_is_of_the_old_time()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        var text = await store.ClaimAsync("remind-1d");
        store.Clock.Now += Duration.FromSeconds(1);
        await MoveAsync(store);
        store.Clock.Now += Duration.FromSeconds(1);
        await store.Ledger.RecordSentAsync(Some.Session, "remind-1d", text.Attempt, "SM-remind", None);
        await store.ReceiveAsync("X");

        Assert.NotEqual(SessionState.Cancelled, (await store.ViewAsync()).State);
    }

    [Fact]
    public async Task A_moved_session_is_not_confirmed_and_its_own_reminder_can_be_answered()
    {
        using var store = await RemindedAsync();
        Assert.Single((await store.ReceiveAsync("C")).Answers);
        await MoveAsync(store);
        Assert.Equal(DBNull.Value, store.Scalar("SELECT confirmed_at FROM sessions"));

        var next = (await store.ViewAsync()).Next!;
        store.Clock.Now = Instant.Max(next.DueAt, store.Clock.Now);
        var claim = await store.Ledger.ClaimAsync(Some.Session, next.Step, Duration.FromSeconds(30), None);
        await store.Ledger.RecordSentAsync(Some.Session, next.Step, claim.Text!.Attempt, "SM-next", None);
        Assert.Equal("in-SM-in-2-confirmed", Assert.Single((await store.ReceiveAsync("C")).Answers).Id);
    }

    private static async Task<StoreUnderTest> RemindedAsync()
    {
        var store = await StoreUnderTest.WithBookingAsync();
        var text = await store.ClaimAsync("remind-1d");
        await store.Ledger.RecordSentAsync(Some.Session, "remind-1d", text.Attempt, "SM-remind", None);
        store.Clock.Now += Duration.FromMinutes(1);
        return store;
    }

    private static Task<Data.Sessions.BookingResult> MoveAsync(StoreUnderTest store) =>
        store.BookAsync(Some.Booking with { StartsAt = Some.SessionStart + Duration.FromDays(10) });
}
