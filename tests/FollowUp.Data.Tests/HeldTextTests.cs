using FollowUp.Data.Inbox;
using FollowUp.Data.Ledger;
using FollowUp.Data.Planning;
using FollowUp.Testing;
using NodaTime;

namespace FollowUp.Data.Tests;

/// <summary>What a clinic itself holds back, by a message that nobody reads, a plan that nobody has approved or contacts that it has not named.</summary>
public sealed class HeldTextTests
{
    private const string Nurse = "+14155550188";
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_prompt_that_an_unread_message_held_until_its_time_had_passed_is_told_once()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        await store.ReceiveAsync("Which sunscreen do you recommend?");
        await LookAfterAsync(store, "rebook-opens");

        var alert = Assert.Single(await LostAsync(store), alert => alert.Step == "rebook-opens");
        Assert.Equal((Some.Patient.Id, "b-77"), (alert.Patient, alert.Session));
        Assert.Equal((StepState.Skipped, SessionPlanner.HeldTooLong + SessionPlanner.UnreadMessage), await StateAsync(store, "rebook-opens"));

        // Told, looked at again, and read in the end: it is not told again.
        await store.Clinics.PutAsync(Some.Clinic with { StaffAlerts = [Nurse] }, "test", None);
        await store.TellStaffAsync();
        await store.Ledger.PlanAsync(Some.Session, None);
        await store.Get<InboxStore>().ReadAsync("glow", "SM-in-1", "Nurse Joy", "api", None);
        await store.Ledger.PlanAsync(Some.Session, None);
        Assert.Single(await LostAsync(store), row => row.Step == "rebook-opens");
    }

    [Fact]
    public async Task A_text_that_nobody_approved_in_time_is_told_once()
    {
        using var store = new StoreUnderTest(unapprovedPlans: false);
        await store.Clinics.PutAsync(Some.Clinic, "test", None);
        await store.BookAsync(Some.Booking);
        Assert.Equal((StepState.Skipped, SessionPlanner.NotApproved), await StateAsync(store, "prep-7d"));
        Assert.Empty(await LostAsync(store));
        await LookAfterAsync(store, "prep-7d");
        await store.Ledger.PlanAsync(Some.Session, None);

        Assert.Single(await LostAsync(store), alert => alert.Step == "prep-7d");
    }

    [Fact]
    public async Task A_clinic_that_has_named_nobody_to_alert_sends_nothing_to_the_real_Twilio_and_learns_what_that_cost()
    {
        using var store = await WithoutContactsAsync();
        Assert.Equal((StepState.Skipped, SessionPlanner.NobodyToAlert), await StateAsync(store, "prep-7d"));
        await LookAfterAsync(store, "prep-7d");
        Assert.Empty(await store.TellStaffAsync());

        await store.Clinics.PutAsync(Some.Clinic with { StaffAlerts = [Nurse] }, "test", None);
        Assert.Equal(StepState.Planned, (await store.StepAsync("care-4h")).State);
        Assert.Contains("1 text was not delivered", Assert.Single(await store.TellStaffAsync()).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no more texts please", "opt-out-confirmed")]
    [InlineData("I have a fever", "call")]
    [InlineData("I need help", "help")]
    public async Task Without_contacts_a_patient_gets_the_answers_that_the_law_or_their_safety_asks_for(string body, string kind)
    {
        using var store = await WithoutContactsAsync();
        var news = await store.ReceiveAsync(body);
        var key = Assert.Single(news.Answers);
        Assert.EndsWith(kind, key.Id, StringComparison.Ordinal);

        Assert.NotNull(await store.SendAsync(key));
        Assert.Equal("sent", store.Scalar("SELECT state FROM direct_messages"));
    }

    [Fact]
    public async Task Without_contacts_a_patient_gets_no_other_answer()
    {
        using var store = await WithoutContactsAsync();
        await store.ReceiveAsync("no more texts please");
        var key = Assert.Single((await store.ReceiveAsync("start texting me again")).Answers);
        Assert.EndsWith("opt-in-confirmed", key.Id, StringComparison.Ordinal);

        Assert.Null(await store.SendAsync(key));
        Assert.Equal(SessionPlanner.NobodyToAlert, store.Scalar($"SELECT reason FROM direct_messages WHERE id = '{key.Id}'"));
    }

    [Fact]
    public async Task Without_contacts_staff_cannot_reply_either_and_are_told_so()
    {
        using var store = await WithoutContactsAsync();
        await store.ReceiveAsync("Which sunscreen do you recommend?");
        var result = await store.Get<InboxStore>().ReplyAsync("glow", "SM-in-1", "Any with SPF 30.", "Nurse Joy", "api", None);

        Assert.Equal(InboxVerdict.NobodyToAlert, result.Verdict);
        Assert.Single(await store.InboxAsync(unread: true));
        Assert.Equal(0L, store.Scalar("SELECT COUNT(*) FROM direct_messages"));
    }

    [Fact]
    public async Task A_reply_of_staff_to_a_number_that_is_somebody_elses_says_so_and_is_told()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        await store.ReceiveAsync("Which sunscreen do you recommend?");
        var reply = (await store.Get<InboxStore>().ReplyAsync("glow", "SM-in-1", "Any with SPF 30.", "Nurse Joy", "api", None)).Reply!.Value;
        await store.ReceiveAsync("wrong number");

        Assert.Null(await store.SendAsync(reply));
        Assert.Equal(SessionPlanner.WrongNumber, store.Scalar("SELECT reason FROM direct_messages"));
        Assert.Single(await LostAsync(store));
    }

    private static async Task<StoreUnderTest> WithoutContactsAsync()
    {
        var store = new StoreUnderTest(rules: rules => rules with { ClinicsWithoutAlerts = false });
        await store.Clinics.PutAsync(Some.Clinic, "test", None);
        await store.BookAsync(Some.Booking);
        return store;
    }

    /// <summary>The orchestration looks when the time of a step has run out, as it has been asked to.</summary>
    private static async Task LookAfterAsync(StoreUnderTest store, string step)
    {
        for (var looks = 0; looks < 100; looks++)
        {
            var next = await store.Ledger.PlanAsync(Some.Session, None);
            if ((await store.StepAsync(step)).Reason?.StartsWith(SessionPlanner.HeldTooLong, StringComparison.Ordinal) == true)
            {
                return;
            }

            store.Clock.Now = next.At!.Value;
            if (next.Kind == NextActionKind.Send && await store.Ledger.ClaimAsync(Some.Session, next.Step!, Duration.FromSeconds(30), None) is { Text: { } text })
            {
                await store.Ledger.RecordAsync(Some.Session, next.Step!, text.Attempt, new SendRecord.Sent($"SM-{next.Step}"), None);
            }
        }

        Assert.Fail($"The time of {step} did not run out.");
    }

    private static async Task<IReadOnlyList<Alerts.AlertView>> LostAsync(StoreUnderTest store) =>
        [.. (await store.AlertsAsync()).Where(alert => alert.Kind == AlertKind.Undelivered)];

    private static async Task<(StepState, string?)> StateAsync(StoreUnderTest store, string step) =>
        await store.StepAsync(step) is var row ? (row.State, row.Reason) : default;
}
