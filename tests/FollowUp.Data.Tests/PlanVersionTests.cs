using FollowUp.Core.CarePlans;
using FollowUp.Core.Texts;
using FollowUp.Data.Clinics;
using FollowUp.Data.Plans;
using FollowUp.Data.Sessions;
using FollowUp.Data.Sessions.Commands;
using FollowUp.Testing;
using NodaTime;

namespace FollowUp.Data.Tests;

/// <summary>A clinic's own versions of a plan: who gets them, who answers for them, and who may move to them.</summary>
public sealed class PlanVersionTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly ClinicSettings OwnWording = With(new ClinicPlanSettings
    {
        TextEdits = [new TextEdit("remind-1d", "en", "Hi {firstName}, tomorrow at {time}! {clinic}, {phone}")],
    });

    [Fact]
    public async Task A_clinics_change_is_a_new_version_that_new_sessions_take_and_running_ones_do_not()
    {
        using var store = await WithBookingAsync();
        var put = await PutAsync(store, OwnWording);
        await store.BookAsync(Some.LaterBooking);

        Assert.Equal(1001, put.PlanVersions[Some.PlanId]);
        Assert.Equal(1, (await store.ViewAsync()).PlanVersion);
        Assert.Equal(1001, (await store.ViewAsync(Some.LaterSession)).PlanVersion);
        store.Clock.Now = (await store.StepAsync("remind-1d")).DueAt;
        Assert.DoesNotContain("tomorrow at", (await store.ClaimAsync("remind-1d")).Body, StringComparison.Ordinal);
        store.Clock.Now = (await store.StepAsync("remind-1d", Some.LaterSession)).DueAt;
        var later = await store.Ledger.ClaimAsync(Some.LaterSession, "remind-1d", Duration.FromSeconds(30), None);
        Assert.StartsWith("Hi Ada, tomorrow at 10:00 AM! Glow Clinic", later.Text!.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_that_a_clinic_had_before_are_that_version_again()
    {
        using var store = await WithBookingAsync();
        Assert.Equal(1001, (await PutAsync(store, OwnWording)).PlanVersions[Some.PlanId]);
        Assert.False((await PutAsync(store, OwnWording)).Changed);
        var other = With(new ClinicPlanSettings { StepsOff = ["remind-3d"] });
        Assert.Equal(1002, (await PutAsync(store, other)).PlanVersions[Some.PlanId]);
        Assert.Equal(1001, (await PutAsync(store, OwnWording)).PlanVersions[Some.PlanId]);
        Assert.Empty((await PutAsync(store, Some.Clinic)).PlanVersions);
        await store.BookAsync(Some.LaterBooking);
        Assert.Equal(1, (await store.ViewAsync(Some.LaterSession)).PlanVersion);
    }

    [Fact]
    public async Task A_step_that_the_clinic_has_switched_off_is_in_no_new_timeline()
    {
        using var store = await WithBookingAsync();
        await PutAsync(store, With(new ClinicPlanSettings { StepsOff = ["check-3d"] }));
        await store.BookAsync(Some.LaterBooking);

        Assert.Contains((await store.ViewAsync()).Timeline, step => step.Step == "check-3d");
        Assert.DoesNotContain((await store.ViewAsync(Some.LaterSession)).Timeline, step => step.Step == "check-3d");
    }

    [Fact]
    public async Task Without_approval_of_the_very_version_nothing_leaves_and_with_it_all_that_is_still_useful_does()
    {
        using var store = new StoreUnderTest(unapprovedPlans: false, plans: Versions(1));
        await PutAsync(store, OwnWording);
        await store.BookAsync(Some.Booking);
        Assert.Equal(ApprovalVerdict.Approved, (await ApproveAsync(store, 1)).Verdict);
        Assert.All((await store.ViewAsync()).Timeline, step => Assert.Equal("no clinician has approved the plan", step.Reason));

        // It waits for the approval and does not end.
        Assert.Equal(SessionState.Scheduled, (await store.ViewAsync()).State);

        store.Clock.Now = Some.SessionStart - Duration.FromHours(20);
        var approved = await ApproveAsync(store, 1001);
        Assert.Equal(Some.Session, Assert.Single(approved.Affected).Key);
        Assert.Equal(StepState.Planned, (await store.StepAsync("care-4h")).State);
        Assert.Equal("its time had passed before it could be sent", (await store.StepAsync("prep-7d")).Reason);
        Assert.Equal(
            "version 1|version 1001",
            store.Scalar("SELECT string_agg(detail, '|' ORDER BY id) FROM audit WHERE action = 'care-plan-approved'"));
    }

    [Fact]
    public async Task An_approval_is_kept_with_who_and_when_and_twice_changes_nothing()
    {
        using var store = await WithBookingAsync();
        var first = await ApproveAsync(store, 1);
        store.Clock.Now += Duration.FromDays(1);
        var second = await ApproveAsync(store, 1);

        Assert.Equal((ApprovalVerdict.Unchanged, first.Approval), (second.Verdict, second.Approval));
        Assert.Equal(new PlanApproval(1, "Dr. Grey", Some.BookingTime), first.Approval);
        Assert.Equal(ApprovalVerdict.UnknownVersion, (await ApproveAsync(store, 1001)).Verdict);
        Assert.Equal(ApprovalVerdict.UnknownPlan, (await store.Plans.ApproveAsync("glow", "none", 1, "Dr. Grey", "test", None)).Verdict);
        Assert.Equal(ApprovalVerdict.UnknownClinic, (await store.Plans.ApproveAsync("none", Some.PlanId, 1, "Dr. Grey", "test", None)).Verdict);
    }

    [Fact]
    public async Task A_session_moves_to_another_version_for_what_has_not_been_sent()
    {
        using var store = await WithBookingAsync();
        await PutAsync(store, OwnWording);
        var sent = await store.ClaimAsync("prep-7d");
        await store.Ledger.RecordSentAsync(Some.Session, "prep-7d", sent.Attempt, "SM1", None);
        var move = await MoveAsync(store, 1001);

        Assert.Equal((CommandVerdict.Done, 1001), (move.Verdict, move.Session!.PlanVersion));
        Assert.Contains(move.Affected, changed => changed.Key == Some.Session);
        Assert.Contains("tomorrow at", (await store.ClaimAsync("remind-1d")).Body, StringComparison.Ordinal);
        Assert.Equal(CommandVerdict.Unchanged, (await MoveAsync(store, 1001)).Verdict);
        Assert.Equal("version 1 to 1001", store.Scalar("SELECT detail FROM audit WHERE action = 'session-moved-to-plan'"));
    }

    [Fact]
    public async Task A_session_does_not_move_when_a_text_that_was_sent_would_read_differently()
    {
        using var store = await WithBookingAsync();
        await PutAsync(store, OwnWording);
        var sent = await store.ClaimAsync("remind-1d");
        await store.Ledger.RecordSentAsync(Some.Session, "remind-1d", sent.Attempt, "SM1", None);
        var move = await MoveAsync(store, 1001);

        Assert.Equal(CommandVerdict.Refused, move.Verdict);
        Assert.Equal("The step 'remind-1d' has been sent and has another text in version 1001.", move.Reason);
        Assert.Equal(1, (await store.ViewAsync()).PlanVersion);
    }

    [Theory]
    [InlineData("remind-3d", "off", "The step 'remind-3d' is past and is not there in version 1001.")]
    [InlineData("remind-3d", "-P2D", "The step 'remind-3d' is past and has another time in version 1001.")]
    [InlineData("care-7d", "off", null)]
    [InlineData("care-7d", "P8D", null)]
    public async Task A_session_moves_only_if_no_step_that_is_past_differs(string step, string change, string? reason)
    {
        using var store = await WithBookingAsync();
        await PutAsync(store, With(change == "off"
            ? new ClinicPlanSettings { StepsOff = [step] }
            : new ClinicPlanSettings
            {
                Overrides = new PlanOverrides
                {
                    Offsets = new Dictionary<string, Period> { [step] = Period.FromDays(change == "P8D" ? 8 : -2) },
                },
            }));
        store.Clock.Now = Some.SessionStart - Duration.FromDays(2) - Duration.FromHours(1);
        var move = await MoveAsync(store, 1001);

        Assert.Equal((reason is null ? CommandVerdict.Done : CommandVerdict.Refused, reason), (move.Verdict, move.Reason));
    }

    [Fact]
    public async Task What_is_not_there_or_has_ended_does_not_move()
    {
        using var store = await WithBookingAsync();
        Assert.Equal(CommandVerdict.UnknownVersion, (await MoveAsync(store, 7)).Verdict);
        Assert.Equal(CommandVerdict.UnknownSession, (await MoveAsync(store, 1, Some.LaterSession)).Verdict);
        Assert.Equal(CommandVerdict.UnknownClinic, (await MoveAsync(store, 1, new SessionKey("none", "b-1"))).Verdict);
        await PutAsync(store, OwnWording);
        await store.Sessions.ReportOutcomeAsync(Some.Session, Core.Timelines.SessionOutcome.Cancelled, null, "test", None);
        Assert.Equal(CommandVerdict.Ended, (await MoveAsync(store, 1001)).Verdict);
    }

    [Fact]
    public async Task A_newer_shipped_version_waits_at_a_clinic_that_has_approved_an_older_one()
    {
        using var store = new StoreUnderTest(plans: Versions(2));
        await store.Clinics.PutAsync(Some.Clinic, "test", None);
        await ApproveAsync(store, 1);
        await store.BookAsync(Some.Booking);
        await ApproveAsync(store, 2);
        await store.BookAsync(Some.LaterBooking);

        Assert.Equal(1, (await store.ViewAsync()).PlanVersion);
        Assert.Equal(2, (await store.ViewAsync(Some.LaterSession)).PlanVersion);
    }

    [Fact]
    public async Task A_clinics_approved_settings_stay_on_their_shipped_version_until_it_approves_them_on_the_newer_one()
    {
        using var directory = new TemporaryDirectory();
        using var before = new StoreUnderTest(plans: Versions(1), directory: directory);
        await PutAsync(before, OwnWording);
        await ApproveAsync(before, 1001);

        using var after = new StoreUnderTest(plans: Versions(2), directory: directory);
        Assert.Equal(2001, (await PutAsync(after, OwnWording)).PlanVersions[Some.PlanId]);
        await after.BookAsync(Some.Booking);
        await ApproveAsync(after, 2001);
        await after.BookAsync(Some.LaterBooking);

        Assert.Equal(1001, (await after.ViewAsync()).PlanVersion);
        Assert.Equal(2001, (await after.ViewAsync(Some.LaterSession)).PlanVersion);
    }

    /// <summary>The first shipped version of the plan under so many numbers.</summary>
    private static CarePlanCatalogue Versions(int count) =>
        new(Enumerable.Range(1, count).Select(version => CarePlanCatalogue.BuiltIn.Find(Some.PlanId, 1)! with { Version = version }));

    private static async Task<StoreUnderTest> WithBookingAsync()
    {
        var store = new StoreUnderTest(plans: Versions(1));
        await store.Clinics.PutAsync(Some.Clinic, "test", None);
        await store.BookAsync(Some.Booking);
        return store;
    }

    private static ClinicSettings With(ClinicPlanSettings plan) =>
        Some.Clinic with { Plans = new Dictionary<string, ClinicPlanSettings> { [Some.PlanId] = plan } };

    private static Task<ClinicPut> PutAsync(StoreUnderTest store, ClinicSettings clinic) => store.Clinics.PutAsync(clinic, "test", None);

    private static Task<ApprovalResult> ApproveAsync(StoreUnderTest store, int version) =>
        store.Plans.ApproveAsync("glow", Some.PlanId, version, "Dr. Grey", "test", None);

    private static Task<CommandResult> MoveAsync(StoreUnderTest store, int version, SessionKey? key = null) =>
        store.Commands.RunAsync(key ?? Some.Session, new SessionCommand(SessionCommandKind.MoveToPlan) { PlanVersion = version }, "test", None);
}
