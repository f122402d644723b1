using FollowUp.Core.CarePlans;
using FollowUp.Data.Inbox;
using FollowUp.Data.Sessions;
using FollowUp.Testing;
using NodaTime;
using static FollowUp.Data.Tests.InboundTests;

namespace FollowUp.Data.Tests;

/// <summary>What answers to the questions of a text do: letters after a reminder, numbers after a check-in.</summary>
public sealed class AnswerTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task C_confirms_the_session_that_was_asked_about_once()
    {
        using var store = await RemindedAsync();
        var news = await store.ReceiveAsync("C");

        Assert.Equal("in-SM-in-1-confirmed", Assert.Single(news.Answers).Id);
        Assert.NotEqual(DBNull.Value, store.Scalar("SELECT confirmed_at FROM sessions WHERE id = 'b-77'"));
        Assert.Empty((await store.ReceiveAsync("c!")).Answers);
        Assert.Empty(await AlertsAsync(store));
    }

    [Fact]
    public async Task X_calls_the_session_off_and_staff_learn_of_it()
    {
        using var store = await RemindedAsync();
        var news = await store.ReceiveAsync("X");

        Assert.Equal("in-SM-in-1-cancelled", Assert.Single(news.Answers).Id);
        Assert.Equal(SessionState.Cancelled, (await store.ViewAsync()).State);
        Assert.Contains(news.Changed, changed => changed.Key == Some.Session);
        Assert.Equal(AlertKind.CancelledByPatient, Assert.Single(await AlertsAsync(store)).Kind);
    }

    [Fact]
    public async Task R_asks_staff_for_another_time_and_changes_nothing()
    {
        using var store = await RemindedAsync();
        await store.ReceiveAsync("R");

        Assert.NotEqual(SessionState.Cancelled, (await store.ViewAsync()).State);
        Assert.Equal(AlertKind.Reschedule, Assert.Single(await AlertsAsync(store)).Kind);
        Assert.Single(await InboxAsync(store));
    }

    [Fact]
    public async Task An_x_that_two_sessions_asked_for_is_for_staff_to_decide()
    {
        using var store = await RemindedAsync();
        var second = Some.Booking with { Key = new SessionKey("glow", "b-99"), PlanId = "filler", StartsAt = Some.SessionStart + Duration.FromHours(2), SessionNumber = 1, PlannedSessions = 1 };
        await store.BookAsync(second);
        await SendNextAsync(store, second.Key);
        await store.ReceiveAsync("X");

        Assert.NotEqual(SessionState.Cancelled, (await store.ViewAsync()).State);
        Assert.NotEqual(SessionState.Cancelled, (await store.ViewAsync(second.Key)).State);
        Assert.Equal(AlertKind.Reschedule, Assert.Single(await AlertsAsync(store)).Kind);
    }

    [Fact]
    public async Task A_letter_after_the_session_is_no_answer_to_its_reminder()
    {
        using var store = await RemindedAsync();
        store.Clock.Now = Some.SessionStart + Duration.FromHours(2);
        await store.ReceiveAsync("X");

        Assert.NotEqual(SessionState.Cancelled, (await store.ViewAsync()).State);
        Assert.Equal(AlertKind.Inbox, Assert.Single(await AlertsAsync(store)).Kind);
    }

    [Theory]
    [InlineData("2", true)]
    [InlineData("5", false)]
    public async Task A_low_check_in_reaches_staff_and_asks_for_a_call(string answer, bool low)
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        await SendAsync(store, "check-3d", "SM-check");
        var news = await store.ReceiveAsync(answer);

        Assert.Equal(long.Parse(answer, null), store.Scalar("SELECT rating FROM inbound_messages"));
        Assert.Equal(low ? 1 : 0, news.Answers.Count);
        Assert.Equal(low, (await AlertsAsync(store)).Any(alert => alert.Kind == AlertKind.LowRating));
    }

    [Theory]
    [InlineData("2")]
    [InlineData("5")]
    public async Task A_number_after_a_check_in_that_names_no_scale_is_read_by_a_human(string answer)
    {
        using var store = new StoreUnderTest(plans: new CarePlanCatalogue([CarePlanCatalogue.BuiltIn.Find(Some.PlanId, 2)!]));
        await store.Clinics.PutAsync(Some.Clinic, "test", None);
        await store.BookAsync(Some.Booking);
        await SendAsync(store, "check-3d", "SM-check");
        await store.ReceiveAsync(answer);

        Assert.Equal(DBNull.Value, store.Scalar("SELECT rating FROM inbound_messages"));
        Assert.Equal((InboundMeaning.Other, AlertKind.Inbox), (Assert.Single(await InboxAsync(store)).Meaning, Assert.Single(await AlertsAsync(store)).Kind));
    }

    [Fact]
    public async Task A_letter_after_a_text_that_asked_for_none_is_read_by_a_human()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        await SendAsync(store, "prep-7d", "SM-prep");
        await store.ReceiveAsync("X");
        await store.ReceiveAsync("yes");

        Assert.NotEqual(SessionState.Cancelled, (await store.ViewAsync()).State);
        Assert.Equal(DBNull.Value, store.Scalar("SELECT confirmed_at FROM sessions WHERE id = 'b-77'"));
        Assert.Equal(2, (await InboxAsync(store)).Count);
    }
}
