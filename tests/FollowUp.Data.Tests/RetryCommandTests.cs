using FollowUp.Core.Timelines;
using FollowUp.Data.Ledger;
using FollowUp.Data.Planning;
using FollowUp.Data.Sessions.Commands;
using FollowUp.Testing;
using NodaTime;
using static FollowUp.Data.Tests.SessionCommandTests;

namespace FollowUp.Data.Tests;

/// <summary>What a retry brings back, and what it must not send twice.</summary>
public sealed class RetryCommandTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task An_undelivered_text_is_sent_once_more_and_its_alert_is_settled()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        await UndeliveredAsync(store, 30001);
        Assert.Equal(1L, store.Scalar("SELECT COUNT(*) FROM alerts WHERE step = 'prep-7d' AND acknowledged_at IS NULL"));
        Assert.Equal(CommandVerdict.Done, (await store.OrderAsync(SessionCommandKind.Retry, "prep-7d")).Verdict);
        Assert.Equal(0L, store.Scalar("SELECT COUNT(*) FROM alerts WHERE step = 'prep-7d' AND acknowledged_at IS NULL"));
        Assert.Equal(CommandVerdict.Unchanged, (await store.OrderAsync(SessionCommandKind.Retry, "prep-7d")).Verdict);

        var again = (await store.Ledger.ClaimAsync(Some.Session, "prep-7d", Grace, None)).Text!;
        Assert.Equal(2, again.Attempt);
        await store.Ledger.RecordSentAsync(Some.Session, "prep-7d", 2, "SM2", None);
        await store.Delivery.ReportAsync("SM2", "undelivered", 30001, null, None);
        Assert.Equal(1L, store.Scalar("SELECT COUNT(*) FROM alerts WHERE step = 'prep-7d' AND acknowledged_at IS NULL"));
        Assert.Equal(CommandVerdict.Done, (await store.OrderAsync(SessionCommandKind.Retry, "prep-7d")).Verdict);
    }

    [Fact]
    public async Task A_retried_text_is_not_sent_when_the_first_one_turns_out_to_have_arrived()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        await UndeliveredAsync(store, 30001);
        await store.OrderAsync(SessionCommandKind.Retry, "prep-7d");
        await store.Delivery.ReportAsync("SM1", "delivered", null, null, None);
        Assert.Null((await store.Ledger.ClaimAsync(Some.Session, "prep-7d", Grace, None)).Text);
        Assert.Equal(StepState.Delivered, (await store.StepAsync("prep-7d")).State);
    }

    [Theory]
    [InlineData(30008)]
    [InlineData(30410)]
    [InlineData(39999)]
    [InlineData(null)]
    public async Task A_text_that_may_have_arrived_is_not_sent_twice(int? code)
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        await UndeliveredAsync(store, code);
        var refused = await store.OrderAsync(SessionCommandKind.Retry, "prep-7d");
        Assert.Equal(CommandVerdict.Refused, refused.Verdict);
        Assert.StartsWith("The text may have arrived", refused.Reason, StringComparison.Ordinal);
        Assert.Equal(StepState.Undelivered, (await store.StepAsync("prep-7d")).State);
    }

    [Fact]
    public async Task A_text_that_Twilio_never_took_can_be_retried_whatever_the_code()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        var text = await store.ClaimAsync("prep-7d");
        await store.Ledger.RecordRefusedAsync(Some.Session, "prep-7d", text.Attempt, 21617, None);
        Assert.Equal(CommandVerdict.Done, (await store.OrderAsync(SessionCommandKind.Retry, "prep-7d")).Verdict);
        Assert.Equal(StepState.Planned, (await store.StepAsync("prep-7d")).State);
    }

    [Fact]
    public async Task A_retry_that_the_rules_forbid_or_that_comes_too_late_is_refused_with_the_reason()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        await UndeliveredAsync(store, 30005);
        await RefusedAsync(store, SessionCommandKind.Retry, "prep-7d", $"The step is skipped: {SessionPlanner.Unreachable}.");
        Assert.Equal(StepState.Undelivered, (await store.StepAsync("prep-7d")).State);

        using var late = await StoreUnderTest.WithBookingAsync();
        await UndeliveredAsync(late, 30001);
        await late.OrderAsync(SessionCommandKind.Skip, "remind-3d");
        late.Clock.Now = Some.SessionStart;
        await RefusedAsync(late, SessionCommandKind.Retry, "prep-7d", $"The step is skipped: {SessionPlanner.TooLate}.");
        await RefusedAsync(late, SessionCommandKind.Retry, "remind-3d", "The time of the step has passed: its text would not be true any more.");
        await RefusedAsync(late, SessionCommandKind.Retry, "care-4h", "The step is planned: there is nothing to retry.");
    }

    [Fact]
    public async Task A_retry_opens_a_session_that_had_ended_with_the_failure()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        foreach (var step in (await store.ViewAsync()).Timeline.Skip(1))
        {
            await store.OrderAsync(SessionCommandKind.Skip, step.Step);
        }

        await UndeliveredAsync(store, 30001);
        await store.Ledger.PlanAsync(Some.Session, None);
        Assert.Equal(SessionState.Completed, (await store.ViewAsync()).State);
        var retried = await store.OrderAsync(SessionCommandKind.Retry, "prep-7d");
        Assert.Equal(SessionState.Scheduled, retried.Session!.State);
        Assert.Equal([new ChangedSession(Some.Session, SessionState.Scheduled)], retried.Affected);
    }

    [Fact]
    public async Task A_session_that_has_failed_goes_on_with_a_retry()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        await RefusedAsync(store, SessionCommandKind.Retry, null, "The session has not failed: name the step to retry.");
        await store.Attention.MarkFailedAsync(Some.Session, None);
        await RefusedAsync(store, SessionCommandKind.Pause, null, "The session has failed: nothing is sent for it until it is retried.");
        var retried = await store.OrderAsync(SessionCommandKind.Retry);
        Assert.Equal((CommandVerdict.Done, SessionState.Scheduled), (retried.Verdict, retried.Session!.State));
        Assert.Equal([new ChangedSession(Some.Session, SessionState.Scheduled)], retried.Affected);
    }

    private static async Task UndeliveredAsync(StoreUnderTest store, int? code)
    {
        var text = await store.ClaimAsync("prep-7d");
        await store.Ledger.RecordSentAsync(Some.Session, "prep-7d", text.Attempt, "SM1", None);
        await store.Delivery.ReportAsync("SM1", "undelivered", code, null, None);
        Assert.Equal(StepState.Undelivered, (await store.StepAsync("prep-7d")).State);
    }
}
