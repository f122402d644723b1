using System.Globalization;
using FollowUp.Data;
using FollowUp.Data.Alerts;
using FollowUp.Data.Clinics;
using FollowUp.Data.Delivery;
using FollowUp.Data.Senders;
using FollowUp.Sms;
using FollowUp.Testing;
using FollowUp.Workflows.Alerts;
using FollowUp.Workflows.Running;
using NodaTime;

namespace FollowUp.Workflows.Tests;

/// <summary>Many patients share one sender: its pace, its trouble, and what is never heard of again.</summary>
public sealed class SenderTests
{
    private const string StaffPhone = "+14155550188";
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Three_hundred_texts_of_one_moment_leave_one_a_second_and_a_symptom_is_answered_before_them()
    {
        const int Patients = 300;
        await using var clinic = await OpenAsync();
        await BookManyAsync(clinic, Patients);
        clinic.Twilio.AfterTaking = taken => taken.Number == 100 ? clinic.ReceiveAsync("I have a fever and pus", Phone(Patients - 1)) : Task.CompletedTask;
        await StopAsync(clinic, () => ToPatients(clinic).Count(IsPlanned) >= Patients);

        var sent = ToPatients(clinic).Where(IsPlanned).Take(Patients).ToList();
        Assert.Equal(Patients, sent.DistinctBy(message => message.Sms.To).Count());
        var times = sent.Select(message => message.At).Order().ToList();
        Assert.All(times.Zip(times.Skip(1)), pair => Assert.InRange((pair.Second - pair.First).TotalSeconds, 0.999, 3));
        var answer = Assert.Single(ToPatients(clinic), message => !IsPlanned(message));
        Assert.Equal(Phone(Patients - 1), answer.Sms.To);
        Assert.InRange((answer.At - times[99]).TotalSeconds, 0, 2);

        static bool IsPlanned(FakeTwilio.Taken message) => !message.Sms.Body.Contains("Please call us now", StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_number_that_Twilio_may_not_text_does_not_keep_the_others_from_theirs()
    {
        const int Patients = 5;
        await using var clinic = await OpenAsync();
        await BookManyAsync(clinic, Patients);
        clinic.Twilio.Refuse(Phone(0), new SendOutcome.AccountTrouble(21408, "texts to this region are switched off"));
        await StopAsync(clinic, () => ToPatients(clinic).DistinctBy(message => message.Sms.To).Count() >= Patients - 1);

        var due = (Some.BookingTime + Duration.FromDays(1)).ToDateTimeOffset();
        Assert.All(ToPatients(clinic).Take(Patients - 1), message => Assert.InRange((message.At - due).TotalMinutes, -1, 30));
        Assert.Equal(StepState.Planned, (await clinic.StepAsync("prep-7d", Key(0))).State);
    }

    [Theory]
    [InlineData(30034)] // not registered
    [InlineData(30032)] // a toll-free number that is not verified
    public async Task A_sender_that_the_carriers_block_is_paused_by_their_report_until_staff_resume_it(int code)
    {
        await using var clinic = await OpenAsync();
        await BookManyAsync(clinic, 3);
        await StopAsync(clinic, () => ToPatients(clinic).Any());
        var first = clinic.Twilio.Messages[0];
        await UntilSentAsync(clinic, "prep-7d", KeyOf(first));
        await ReportAsync(clinic, first.Sid, code);

        var kinds = (await AlertsAsync(clinic)).Select(alert => alert.Kind).Order();
        Assert.Equal([AlertKind.Undelivered, AlertKind.SenderPaused], kinds);
        var resumed = (await clinic.Get<SenderStore>().ResumeAsync("glow", "api", None))!;
        Assert.True(resumed.WasPaused);
        Assert.False((await clinic.Get<SenderStore>().ResumeAsync("glow", "api", None))!.WasPaused);
        Assert.Null(await clinic.Get<SenderStore>().ResumeAsync("nobody", "api", None));
        await clinic.Orchestrations.NotifyAsync(clinic.Client, resumed.Affected, "resume-sending", None);
        await StopAsync(clinic, () => ToPatients(clinic).Count() >= 3);

        Assert.All(ToPatients(clinic).Take(3), message => Assert.InRange((message.At - first.At).TotalSeconds, 0, 60));
    }

    [Fact]
    public async Task A_text_that_was_under_way_when_the_carriers_report_a_block_does_not_end_the_pause_and_a_delivery_does()
    {
        // Nobody is alerted: an alert would be the text that tries.
        await using var clinic = await ClinicUnderTest.OpenAsync();
        await BookManyAsync(clinic, 3);
        await StopAsync(clinic, () => ToPatients(clinic).Any());
        var first = clinic.Twilio.Messages[0];
        await UntilSentAsync(clinic, "prep-7d", KeyOf(first));

        // The second text is with Twilio, and its answer comes after the report on the first.
        clinic.Twilio.AfterTaking = taken => taken.Number == 2 ? ReportAsync(clinic, first.Sid, 30034) : Task.CompletedTask;
        await StopAsync(clinic, () => ToPatients(clinic).Count() >= 3);
        var times = ToPatients(clinic).Select(message => message.At).ToList();
        Assert.InRange((times[2] - times[1]).TotalMinutes, 4.9, 6);
        Assert.Equal(["30034"], clinic.Column("SELECT CAST(pause_code AS TEXT) FROM senders WHERE pause_code IS NOT NULL"));

        await UntilSentAsync(clinic, "prep-7d", KeyOf(clinic.Twilio.Messages[2]));
        Assert.Single(clinic.Column("SELECT sender FROM senders WHERE paused_at IS NOT NULL"));
        await ReportAsync(clinic, clinic.Twilio.Messages[2].Sid, null);
        Assert.Empty(clinic.Column("SELECT sender FROM senders WHERE paused_at IS NOT NULL OR pauses > 0"));
    }

    [Fact]
    public async Task A_block_of_which_nothing_more_is_heard_ends_by_itself()
    {
        const int Patients = 6;
        await using var clinic = await OpenAsync();
        await BookManyAsync(clinic, Patients);
        clinic.Twilio.AfterTaking = async taken =>
        {
            if (taken.Number == 1)
            {
                await ReportAsync(clinic, taken.Sid, 30034, SendReference.TryParse(taken.Sms.StatusCallback!.Query["?ref=".Length..]));
            }
        };
        await StopAsync(clinic, () => ToPatients(clinic).DistinctBy(message => message.Sms.To).Count() >= Patients);

        // The alert to staff tries after five minutes; ten quiet minutes later the others follow.
        var first = clinic.Twilio.Messages[0].At;
        Assert.InRange((Assert.Single(clinic.Twilio.Messages, message => message.Sms.To == StaffPhone).At - first).TotalMinutes, 4.9, 6);
        Assert.All(ToPatients(clinic).Skip(1).Take(Patients - 1), message => Assert.InRange((message.At - first).TotalMinutes, 14.9, 18));
        Assert.Empty(clinic.Column("SELECT sender FROM senders WHERE paused_at IS NOT NULL"));
    }

    [Fact]
    public async Task Staff_resume_wakes_texts_outside_of_a_plan_too()
    {
        await using var clinic = await OpenAsync();
        await clinic.BookAsync(Some.Booking);
        clinic.Twilio.NextIs(new SendOutcome.AccountTrouble(20003, "not signed in"));
        clinic.Twilio.NextIs(new SendOutcome.AccountTrouble(20003, "not signed in"));
        await clinic.ReceiveAsync("I have a fever and pus");
        await UntilAsync(() => clinic.Column("SELECT id FROM direct_messages WHERE state = 'planned' AND slot_at IS NOT NULL").Count == 2);
        clinic.Twilio.Clear();
        var resumed = (await clinic.Get<SenderStore>().ResumeAsync("glow", "api", None))!;
        Assert.Contains(resumed.Texts, text => text.Id.Contains("call", StringComparison.Ordinal));
        await clinic.Get<SideOrchestrations>().WakeTextsAsync(clinic.Client, resumed.Texts, None);

        // No time has passed: the clock stands.
        await UntilAsync(() => ToPatients(clinic).Any(message => message.Sms.Body.Contains("Please call us now", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_last_text_of_a_session_is_sent_once_more_although_its_orchestration_has_ended()
    {
        await using var clinic = await OpenAsync();
        await clinic.BookAsync(Some.Booking);
        await clinic.PlayAsync();
        var last = (await clinic.ViewAsync()).Timeline.MaxBy(step => step.SentAt)!;
        await ReportAsync(clinic, last.MessageSid!, 30003);
        await clinic.PlayAsync();

        var again = await clinic.StepAsync(last.Step);
        Assert.Equal(StepState.Sent, again.State);
        Assert.NotEqual(last.MessageSid, again.MessageSid);
        Assert.InRange((again.SentAt - last.SentAt)!.Value.TotalHours, 12, 48);
    }

    [Fact]
    public async Task A_text_that_nothing_is_heard_of_is_asked_for_in_the_list_and_its_failure_told()
    {
        await using var clinic = await OpenAsync();
        await clinic.BookAsync(Some.Booking);
        await StopAsync(clinic, () => ToPatients(clinic).Count() >= 2);
        await UntilSentAsync(clinic, "prep-7d", Some.Session);
        clinic.Twilio.Listed = ("undelivered", 30008);
        await clinic.Sweep.RunAsync(clinic.Client, None);

        Assert.Equal(StepState.Undelivered, (await clinic.StepAsync("prep-7d")).State);
        Assert.Equal(AlertKind.Undelivered, Assert.Single(await AlertsAsync(clinic)).Kind);
    }

    private static async Task<ClinicUnderTest> OpenAsync()
    {
        // Long, because on a busy machine a claim that grew too old would be settled, and lose its place.
        var clinic = await ClinicUnderTest.OpenAsync(twilioTimeout: "00:00:20");
        await clinic.Get<ClinicStore>().PutAsync(Some.Clinic with { StaffAlerts = [StaffPhone] }, "test", None);
        return clinic;
    }

    private static string Phone(int patient) => $"+1415555{1000 + patient}";

    private static SessionKey Key(int patient) => new("glow", $"s-{patient}");

    /// <summary>Sessions of as many patients at the same time, whose first text is due at the same moment.</summary>
    private static async Task BookManyAsync(ClinicUnderTest clinic, int patients)
    {
        for (var patient = 0; patient < patients; patient++)
        {
            await clinic.BookAsync(Some.Booking with
            {
                Key = Key(patient),
                Patient = Some.Patient with { Id = $"p-{patient}", Phone = Phone(patient) },
                StartsAt = Some.BookingTime + Duration.FromDays(8),
            });
        }
    }

    private static IEnumerable<FakeTwilio.Taken> ToPatients(ClinicUnderTest clinic) =>
        clinic.Twilio.Messages.Where(message => message.Sms.To != StaffPhone);

    private static Task<IReadOnlyList<AlertView>> AlertsAsync(ClinicUnderTest clinic) =>
        clinic.Get<AlertStore>().ListAsync("glow", open: false, null, 100, None);

    /// <param name="code">Null for a text that was delivered.</param>
    private static async Task ReportAsync(ClinicUnderTest clinic, string sid, int? code, SendReference? reference = null)
    {
        var news = await clinic.Get<DeliveryStore>().ReportAsync(sid, code is null ? "delivered" : "undelivered", code, reference, None);
        await clinic.Orchestrations.NotifyAsync(clinic.Client, news.Changed, "delivery", None);
        await clinic.Get<AlertNotifier>().NotifyAsync(clinic.Client, news.Clinic!, None);
    }

    /// <summary>Lets the clock run until Twilio has taken what the test waits for, and stops it there.</summary>
    private static async Task StopAsync(ClinicUnderTest clinic, Func<bool> isSo)
    {
        var reached = new TaskCompletionSource<IDisposable>();
        var before = clinic.Twilio.AfterTaking;
        clinic.Twilio.AfterTaking = async taken =>
        {
            await before(taken);
            if (isSo() && !reached.Task.IsCompleted)
            {
                var hold = clinic.Clock.Hold();
                if (!reached.TrySetResult(hold))
                {
                    hold.Dispose();
                }
            }
        };
        clinic.LetTheClockRun();
        clinic.HoldAgain(await reached.Task.WaitAsync(TimeSpan.FromSeconds(120)));
        clinic.Twilio.AfterTaking = before;
    }

    private static SessionKey KeyOf(FakeTwilio.Taken message) => Key(int.Parse(message.Sms.To[^4..], CultureInfo.InvariantCulture) - 1000);

    /// <summary>Until the one who sent it has recorded it.</summary>
    private static Task UntilSentAsync(ClinicUnderTest clinic, string step, SessionKey session) =>
        UntilAsync(() => clinic.Column($"SELECT state FROM steps WHERE session_id = '{session.Session}' AND step = '{step}'") is ["sent"]);

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!isSo())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, patience.Token);
        }
    }
}
