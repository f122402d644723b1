using FollowUp.Core.CarePlans;
using FollowUp.Core.Timelines;
using FollowUp.Data.Consents;
using FollowUp.Testing;
using NodaTime;

namespace FollowUp.Data.Tests;

/// <summary>What the store knows of a patient (other texts, replies, missed sessions, the number) decides what is planned and claimed.</summary>
public sealed class SendingRuleTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly Duration Grace = Duration.FromSeconds(30);

    /// <summary>A second booking at the same time, whose prompts therefore fall on the same days.</summary>
    private static readonly Data.Sessions.Booking SameDay = Some.Booking with { Key = Some.LaterSession };

    [Fact]
    public async Task The_second_marketing_text_of_a_day_waits_for_the_next_day()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        await store.BookAsync(SameDay);
        var first = await store.ClaimAsync("rebook-opens");
        await store.Ledger.RecordSentAsync(Some.Session, "rebook-opens", first.Attempt, "SM1", None);
        var today = store.Clock.Now;
        var second = await store.Ledger.ClaimAsync(Some.LaterSession, "rebook-opens", Grace, None);

        Assert.Null(second.Text);
        var step = await store.StepAsync("rebook-opens", Some.LaterSession);
        Assert.Equal((StepState.Planned, "moved to a day with fewer marketing texts"), (step.State, step.Reason));
        Assert.Equal(today + Duration.FromDays(1), step.DueAt);

        store.Clock.Now = step.DueAt;
        Assert.NotNull((await store.Ledger.ClaimAsync(Some.LaterSession, "rebook-opens", Grace, None)).Text);
    }

    [Fact]
    public async Task A_marketing_text_that_was_held_up_keeps_within_the_budget_of_the_day_on_which_it_leaves()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        await store.BookAsync(SameDay);
        var due = (await store.StepAsync("rebook-opens")).DueAt;
        store.Clock.Now = due + Duration.FromDays(2); // nothing ran for two days
        var first = await store.Ledger.ClaimAsync(Some.Session, "rebook-opens", Grace, None);
        await store.Ledger.RecordSentAsync(Some.Session, "rebook-opens", first.Text!.Attempt, "SM1", None);

        Assert.Null((await store.Ledger.ClaimAsync(Some.LaterSession, "rebook-opens", Grace, None)).Text);
        Assert.True((await store.StepAsync("rebook-opens", Some.LaterSession)).DueAt > store.Clock.Now);
    }

    [Fact]
    public async Task Care_has_no_budget()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        await store.BookAsync(SameDay);
        await store.ClaimAsync("care-4h");

        Assert.NotNull((await store.Ledger.ClaimAsync(Some.LaterSession, "care-4h", Grace, None)).Text);
    }

    [Fact]
    public async Task Marketing_keeps_to_the_law_of_the_numbers_state_and_care_to_the_clinics_hours()
    {
        using var store = new StoreUnderTest();
        await store.Clinics.PutAsync(Some.Clinic with { SendingFrom = new LocalTime(20, 15), SendingTo = new LocalTime(22, 0) }, "test", None);
        await store.BookAsync(Some.Booking);
        await store.BookAsync(Some.LaterBooking with { Patient = Some.Patient with { Id = "p-2", Phone = "+13055550123" } });

        // Federal law ends at 21:00, Florida's (area code 305) at 20:00, which leaves no time at all.
        Assert.Equal(new LocalTime(20, 15), Local((await store.StepAsync("rebook-opens")).DueAt).TimeOfDay);
        Assert.Equal(new LocalTime(20, 15), Local((await store.StepAsync("check-3d", Some.LaterSession)).DueAt).TimeOfDay);
        var step = await store.StepAsync("rebook-opens", Some.LaterSession);
        Assert.Equal((StepState.Skipped, "the sending hours and the law leave no time for it"), (step.State, step.Reason));
    }

    [Fact]
    public async Task A_text_that_moves_into_the_sending_hours_says_so()
    {
        using var store = new StoreUnderTest();
        await store.Clinics.PutAsync(Some.Clinic with { SendingFrom = new LocalTime(12, 0), SendingTo = new LocalTime(14, 0) }, "test", None);
        await store.BookAsync(Some.Booking);

        var step = await store.StepAsync("prep-7d");
        Assert.Equal((new LocalTime(12, 0), "moved into the sending hours"), (Local(step.DueAt).TimeOfDay, step.Reason));
    }

    [Fact]
    public async Task A_reply_ends_what_waits_for_none_and_a_missed_session_brings_what_is_for_those_who_missed_one()
    {
        using var store = new StoreUnderTest(plans: WithConditions());
        await store.Clinics.PutAsync(Some.Clinic, "test", None);
        await store.BookAsync(Some.Booking);
        await store.BookAsync(Some.LaterBooking);
        Assert.Equal((StepState.Planned, null), await StateAsync(store, "care-7d", Some.Session));
        Assert.Equal((StepState.Skipped, NotPlanned.NoMissedSession), await StateAsync(store, "remind-1d", Some.LaterSession));

        store.Clock.Now = Some.SessionStart + Duration.FromHours(3);
        var replied = await store.ReceiveAsync("It itches");
        Assert.Equal((StepState.Skipped, NotPlanned.Replied), await StateAsync(store, "care-7d", Some.Session));
        Assert.Contains(replied.Changed, changed => changed.Key == Some.Session);

        // The reply came before the second session and says nothing about that one.
        Assert.Equal((StepState.Planned, null), await StateAsync(store, "care-7d", Some.LaterSession));

        await store.Sessions.ReportOutcomeAsync(Some.Session, SessionOutcome.NoShow, null, "test", None);
        Assert.Equal((StepState.Planned, null), await StateAsync(store, "remind-1d", Some.LaterSession));
    }

    /// <summary>The shipped plan, with a text that falls away after a reply and one for patients who missed a session.</summary>
    private static CarePlanCatalogue WithConditions()
    {
        var plan = CarePlanCatalogue.BuiltIn.Find(Some.PlanId)!;
        return new CarePlanCatalogue([plan with
        {
            Steps =
            [
                .. plan.Steps.Select(step => step.Id switch
                {
                    "care-7d" => step with { Sessions = SessionCondition.All, Until = StepUntil.Reply },
                    "remind-1d" => step with { OnlyAfterNoShow = true },
                    _ => step,
                }),
            ],
        }]);
    }

    private static async Task<(StepState State, string? Reason)> StateAsync(StoreUnderTest store, string step, SessionKey key) =>
        await store.StepAsync(step, key) is var row ? (row.State, row.Reason) : default;

    private static LocalDateTime Local(Instant instant) => instant.InZone(DateTimeZoneProviders.Tzdb["America/Los_Angeles"]).LocalDateTime;
}
