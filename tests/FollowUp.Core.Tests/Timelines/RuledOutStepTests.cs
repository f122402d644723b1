using FollowUp.Core.Timelines;
using NodaTime;

namespace FollowUp.Tests.Timelines;

public class RuledOutStepTests
{
    private static readonly SessionFacts Session = Some.Session(Some.FirstOfDecember);

    [Fact]
    public void Nothing_is_sent_for_a_cancelled_session()
    {
        IReadOnlyList<TimelineStep> steps = Compute(Session with { Outcome = SessionOutcome.Cancelled });

        Assert.NotEmpty(steps);
        Assert.All(steps, step => Assert.Equal((false, NotPlanned.Cancelled), (step.Planned, step.Reason)));
    }

    [Fact]
    public void A_no_show_gets_no_aftercare_but_is_welcome_to_book_again() =>
        Assert.Equal(
            new()
            {
                ["prep-7d"] = null,
                ["remind-3d"] = null,
                ["remind-1d"] = null,
                ["care-4h"] = "the session was not held",
                ["care-24h"] = "the session was not held",
                ["check-3d"] = "the session was not held",
                ["care-7d"] = "the session was not held",
                ["rebook-opens"] = null,
                ["rebook-nudge"] = null,
                ["rebook-last-call"] = null,
            },
            Reasons(Session with { Outcome = SessionOutcome.NoShow }));

    [Fact]
    public void A_missed_last_session_has_no_results_to_speak_of()
    {
        Dictionary<string, string?> reasons = Reasons(Session with { SessionNumber = 4, Outcome = SessionOutcome.NoShow });

        Assert.Equal("the session was not held", reasons["results-6mo"]);
        Assert.Equal("the session was not held", reasons["maintenance-6mo"]);
    }

    [Fact]
    public void Prompts_to_book_end_when_the_patient_has_booked() =>
        Assert.Equal(
            ["rebook-opens", "rebook-nudge", "rebook-last-call"],
            RuledOut(Session with { Rebooked = true }, "a later session is booked"));

    [Fact]
    public void A_booking_after_the_course_makes_the_maintenance_prompt_pointless() =>
        Assert.Equal(["maintenance-6mo"], RuledOut(Session with { SessionNumber = 4, Rebooked = true }, "a later session is booked"));

    [Fact]
    public void Without_consent_to_marketing_only_prompts_to_book_are_left_out() =>
        Assert.Equal(
            ["rebook-opens", "rebook-nudge", "rebook-last-call"],
            RuledOut(Session with { MarketingConsent = false }, "no consent to marketing texts"));

    [Fact]
    public void Without_consent_to_care_only_prompts_to_book_remain()
    {
        SessionFacts facts = Session with { CareConsent = false };

        Assert.Equal(
            ["prep-7d", "remind-3d", "remind-1d", "care-4h", "care-24h", "check-3d", "care-7d"],
            RuledOut(facts, "no consent to care texts"));
        Assert.All(Compute(facts).Where(step => step.Kind is StepKind.Rebooking), step => Assert.True(step.Planned));
    }

    [Fact]
    public void Essentials_only_leaves_check_ins_and_prompts_out() =>
        Assert.Equal(
            ["check-3d", "rebook-opens", "rebook-nudge", "rebook-last-call"],
            RuledOut(Session with { EssentialsOnly = true }, "the patient wants essentials only"));

    [Fact]
    public void Preparation_whose_time_is_over_at_the_booking_is_dropped()
    {
        SessionFacts twoDaysAhead = Session with { BookedAt = Session.StartsAt - Duration.FromDays(2) };

        Assert.Equal(["prep-7d", "remind-3d"], RuledOut(twoDaysAhead, "booked after this step's time"));
    }

    [Fact]
    public void Preparation_that_is_still_of_use_is_caught_up_at_the_booking()
    {
        SessionFacts sixDaysAhead = Session with { BookedAt = Session.StartsAt - Duration.FromDays(6) + Duration.FromMinutes(5) };
        TimelineStep preparation = Compute(sixDaysAhead)[0];

        Assert.Equal(("prep-7d", true, sixDaysAhead.BookedAt), (preparation.Step, preparation.Planned, preparation.DueAt));
    }

    [Fact]
    public void A_catch_up_waits_for_the_morning()
    {
        SessionFacts atNight = Session with { BookedAt = At(new LocalDateTime(2026, 11, 25, 23, 30)) };

        Assert.Equal(At(new LocalDateTime(2026, 11, 26, 8, 0)), Compute(atNight)[0].DueAt);
    }

    [Fact]
    public void A_reminder_is_not_caught_up_because_the_booking_was_one()
    {
        SessionFacts hoursAhead = Session with { BookedAt = Session.StartsAt - Duration.FromHours(5) };

        Assert.Equal(["prep-7d", "remind-3d", "remind-1d"], RuledOut(hoursAhead, "booked after this step's time"));
    }

    [Fact]
    public void The_first_text_that_is_sent_says_how_to_opt_out_also_after_a_late_booking()
    {
        IReadOnlyList<TimelineStep> steps = Compute(Session with { BookedAt = Session.StartsAt - Duration.FromDays(2), MarketingConsent = false });

        Assert.Equal("remind-1d+opt-out", steps.First(step => step.Planned).TextKey);
        Assert.Single(steps, step => step.Planned && step.TextKey.EndsWith("+opt-out", StringComparison.Ordinal));
    }

    [Fact]
    public void A_session_entered_months_later_sends_no_more_than_what_is_still_true() =>
        Assert.All(Compute(Session with { BookedAt = Session.StartsAt + Duration.FromDays(100) }), step => Assert.False(step.Planned));

    [Fact]
    public void What_needs_a_held_session_says_so() =>
        Assert.Equal(
            ["care-4h", "care-24h", "check-3d", "care-7d"],
            Compute(Session).Where(step => step.NeedsCompletion).Select(step => step.Step));

    private static IReadOnlyList<TimelineStep> Compute(SessionFacts facts) => Timeline.Compute(Some.Plan, facts);

    private static Instant At(LocalDateTime local) => LocalTimePolicy.ToInstant(local, Session.Zone);

    private static Dictionary<string, string?> Reasons(SessionFacts facts) => Compute(facts).ToDictionary(step => step.Step, step => step.Reason);

    private static IEnumerable<string> RuledOut(SessionFacts facts, string reason) =>
        Compute(facts).Where(step => !step.Planned && step.Reason == reason).Select(step => step.Step);
}
