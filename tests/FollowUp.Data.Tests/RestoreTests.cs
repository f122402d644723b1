using FollowUp.Data.Direct;
using FollowUp.Data.Ledger;
using FollowUp.Data.Moves;
using FollowUp.Data.Planning;
using FollowUp.Testing;
using NodaTime;

namespace FollowUp.Data.Tests;

/// <summary>A store that was restored does not know what was sent since its backup, and asks before it sends.</summary>
public sealed class RestoreTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly Duration Grace = Duration.FromSeconds(30);

    [Fact]
    public async Task The_first_claim_of_a_text_after_a_restore_is_a_question_and_the_second_sends()
    {
        using var store = await RestoredAsync();
        var due = (await store.StepAsync("prep-7d")).DueAt;
        store.Clock.Now = due;
        var first = await store.Ledger.ClaimAsync(Some.Session, "prep-7d", Grace, None);
        Assert.Null(first.Text);
        Assert.Equal(new NextAction(NextActionKind.Settle, "prep-7d", due + Grace), first.Next);

        // Twilio is asked for this very text, since the backup.
        var unknown = (await store.Ledger.FindUnknownAsync(Some.Session, "prep-7d", None))!;
        Assert.Equal((Some.Patient.Phone, Some.BookingTime), (unknown.Recipient, unknown.ClaimedAt));
        Assert.Contains("Ada", unknown.Body, StringComparison.Ordinal);

        await store.Ledger.RecordAsync(Some.Session, "prep-7d", unknown.Attempt, new SendRecord.NotSent(), None);
        var second = await store.Ledger.ClaimAsync(Some.Session, "prep-7d", Grace, None);
        Assert.Equal((unknown.Body, unknown.Attempt + 1), (second.Text!.Body, second.Text.Attempt));
    }

    [Fact]
    public async Task What_Twilio_has_is_not_sent_again()
    {
        using var store = await RestoredAsync();
        store.Clock.Now = (await store.StepAsync("prep-7d")).DueAt;
        await store.Ledger.ClaimAsync(Some.Session, "prep-7d", Grace, None);
        var next = await store.Ledger.RecordAsync(Some.Session, "prep-7d", 1, new SendRecord.Sent("SM-lost"), None);

        Assert.Equal(NextActionKind.Send, next.Kind);
        Assert.NotEqual("prep-7d", next.Step);
        Assert.Equal(("SM-lost", StepState.Sent), ((await store.StepAsync("prep-7d")).MessageSid, (await store.StepAsync("prep-7d")).State));
    }

    [Fact]
    public async Task Weeks_after_the_restore_texts_leave_at_once()
    {
        using var store = await RestoredAsync();
        store.Clock.Now = (await store.StepAsync("care-24h")).DueAt;
        Assert.NotNull((await store.Ledger.ClaimAsync(Some.Session, "care-24h", Grace, None)).Text);
    }

    [Fact]
    public async Task An_answer_is_asked_for_first_and_an_alert_to_staff_never_waits()
    {
        using var store = await RestoredAsync();
        await store.Clinics.PutAsync(Some.Clinic with { StaffAlerts = ["+14155550188"] }, "test", None);
        var news = await store.ReceiveAsync("I have a fever");
        var answer = store.Get<DirectMessageStore>().Message(Assert.Single(news.Answers));
        Assert.Equal(NextActionKind.Settle, (await answer.ClaimAsync(Grace, None)).Next.Kind);
        Assert.Single(await store.TellStaffAsync());
    }

    [Fact]
    public async Task Nothing_may_leave_until_the_replies_are_read_and_the_operator_lets_it()
    {
        using var store = await RestoredAsync(held: true);
        var restores = store.Get<RestoreStore>();
        Assert.Equal((false, true), (await restores.FindOpenAsync(None)) is { } open ? (open.CaughtUp, open.Held) : default);
        await restores.CaughtUpAsync("backup", None);
        Assert.True((await restores.FindOpenAsync(None))!.CaughtUp);
        Assert.True(await restores.ReleaseAsync("test", None));
        Assert.Null(await restores.FindOpenAsync(None));
        Assert.False(await restores.ReleaseAsync("test", None));
    }

    [Fact]
    public async Task A_second_restore_doubts_again_what_the_first_had_settled()
    {
        using var store = await RestoredAsync();
        store.Clock.Now = (await store.StepAsync("prep-7d")).DueAt;
        await store.Ledger.ClaimAsync(Some.Session, "prep-7d", Grace, None);
        await store.Ledger.RecordAsync(Some.Session, "prep-7d", 1, new SendRecord.NotSent(), None);
        var backedUp = store.Clock.Now + Duration.FromMinutes(1);
        store.Clock.Now += Duration.FromMinutes(10);
        await store.Get<RestoreStore>().MarkAsync("backup-2", backedUp, held: false, "test", None);

        Assert.Equal(NextActionKind.Settle, (await store.Ledger.ClaimAsync(Some.Session, "prep-7d", Grace, None)).Next.Kind);
    }

    /// <summary>Backed up when the session was booked, and restored an hour later.</summary>
    private static async Task<StoreUnderTest> RestoredAsync(bool held = false)
    {
        var store = await StoreUnderTest.WithBookingAsync();
        await store.Ledger.PlanAsync(Some.Session, None);
        store.Clock.Now = Some.BookingTime + Duration.FromHours(1);
        await store.Get<RestoreStore>().MarkAsync("backup", Some.BookingTime, held, "test", None);
        Assert.Single(await store.Attention.UnseenAsync(Duration.Zero, 10, None));
        return store;
    }
}
