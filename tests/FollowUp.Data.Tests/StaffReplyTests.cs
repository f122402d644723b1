using FollowUp.Data.Direct;
using FollowUp.Data.Inbox;
using FollowUp.Data.Ledger;
using FollowUp.Testing;
using NodaTime;

namespace FollowUp.Data.Tests;

/// <summary>The same answer is one text, unless it has surely not arrived; one that could go wrong is not sent.</summary>
public sealed class StaffReplyTests
{
    private const string Sid = "SM-in-1";
    private const string Words = "Any with SPF 30.";
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task The_same_words_to_the_same_text_are_one_reply_while_they_are_on_their_way_and_when_they_have_arrived()
    {
        using var store = await WithQuestionAsync();
        Assert.NotNull(await ReplyAsync(store, InboxVerdict.Done));
        Assert.Null(await ReplyAsync(store, InboxVerdict.SentAlready));
        Assert.Equal(1L, store.Scalar("SELECT COUNT(*) FROM direct_messages WHERE kind = 'staff-reply'"));
        Assert.Equal(1L, store.Scalar("SELECT COUNT(*) FROM audit WHERE action = 'message-answered'"));
    }

    [Fact]
    public async Task One_that_has_surely_not_arrived_is_sent_again_each_time_as_another_text()
    {
        using var store = await WithQuestionAsync();
        foreach (var suffix in new[] { "", ".2", ".3" })
        {
            var key = (await ReplyAsync(store, InboxVerdict.Done))!.Value;
            Assert.EndsWith(suffix, key.Id, StringComparison.Ordinal);
            await store.SendAsync(key, new SendRecord.Sent($"SM-out{suffix}"));
            await store.Delivery.ReportAsync($"SM-out{suffix}", "undelivered", 30003, null, None);
            store.Clock.Now += Duration.FromMinutes(1);
        }
    }

    [Fact]
    public async Task One_that_may_have_arrived_is_not_sent_again()
    {
        using var store = await WithQuestionAsync();
        var key = (await ReplyAsync(store, InboxVerdict.Done))!.Value;
        await store.SendAsync(key, new SendRecord.Sent("SM-out"));
        await store.Delivery.ReportAsync("SM-out", "undelivered", 30008, null, None);
        Assert.Null(await ReplyAsync(store, InboxVerdict.MayHaveArrived));
    }

    [Fact]
    public async Task Nothing_goes_to_a_number_that_is_not_the_patients_any_more()
    {
        using var store = await WithQuestionAsync();
        await store.BookAsync(Some.Booking with { Patient = Some.Patient with { Phone = "+14155550142" } });
        Assert.Null(await ReplyAsync(store, InboxVerdict.NumberChanged));
    }

    [Fact]
    public async Task A_text_that_somebody_else_has_read_since_is_not_answered_unseen()
    {
        using var store = await WithQuestionAsync();
        await store.Get<InboxStore>().ReadAsync("glow", Sid, "Nurse Joy", "test", None);
        Assert.Null(await ReplyAsync(store, InboxVerdict.ReadSince, new SeenText(null)));
        Assert.NotNull(await ReplyAsync(store, InboxVerdict.Done, new SeenText((await store.InboxAsync())[0].ReadAt)));
    }

    private static async Task<StoreUnderTest> WithQuestionAsync()
    {
        var store = await StoreUnderTest.WithBookingAsync();
        await store.ReceiveAsync("Which sunscreen do you recommend?");
        return store;
    }

    private static async Task<DirectMessageKey?> ReplyAsync(StoreUnderTest store, InboxVerdict expected, SeenText? seen = null)
    {
        var result = await store.Get<InboxStore>().ReplyAsync("glow", Sid, Words, "Nurse Joy", "test", None, seen);
        Assert.Equal(expected, result.Verdict);
        return result.Reply;
    }
}
