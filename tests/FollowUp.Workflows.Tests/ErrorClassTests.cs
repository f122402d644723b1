using FollowUp.Data;
using FollowUp.Data.Alerts;
using FollowUp.Data.Delivery;
using FollowUp.Data.Patients;
using FollowUp.Sms;
using FollowUp.Testing;

namespace FollowUp.Workflows.Tests;

/// <summary>What Twilio and the carriers say of a text, and what the patient and staff see of it. A member of staff is alerted by text.</summary>
public sealed class ErrorClassTests
{
    private const string StaffPhone = "+14155550188";
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData(20429)]
    [InlineData(0)]
    public async Task A_text_that_Twilio_puts_off_is_sent_a_little_later_and_nobody_is_alerted(int code)
    {
        await using var clinic = await OpenAsync();
        clinic.Twilio.NextIs(new SendOutcome.RetryLater(code, "busy", null));
        await clinic.BookAsync(Some.Booking);
        await clinic.PlayAsync();

        var step = await clinic.StepAsync("prep-7d");
        Assert.Equal(StepState.Sent, step.State);
        Assert.InRange((step.SentAt - step.DueAt)!.Value.TotalMinutes, -1, 2);
        Assert.Empty(await AlertsAsync(clinic));
    }

    [Theory]
    [InlineData(21211)]
    [InlineData(21614)]
    public async Task A_number_that_Twilio_refuses_gets_nothing_more_and_staff_learn_of_it_once(int code)
    {
        await using var clinic = await OpenAsync();
        clinic.Twilio.NextIs(new SendOutcome.Refused(code, "no such number"));
        await clinic.BookAsync(Some.Booking);
        await clinic.PlayAsync();

        Assert.DoesNotContain(clinic.Twilio.Messages, message => message.Sms.To == Some.Patient.Phone);
        var alert = Assert.Single(await AlertsAsync(clinic));
        Assert.Equal((AlertKind.NumberUnreachable, Some.Patient.Id), (alert.Kind, alert.Patient));
        Assert.Contains("1 number cannot get texts", Assert.Single(ToStaff(clinic)), StringComparison.Ordinal);
        Assert.True((await clinic.Get<PatientStore>().FindAsync("glow", Some.Patient.Id, None))!.Unreachable);
    }

    [Fact]
    public async Task A_new_number_brings_back_what_is_still_useful()
    {
        await using var clinic = await OpenAsync();
        clinic.Twilio.NextIs(new SendOutcome.Refused(21614, "a landline"));
        await clinic.BookAsync(Some.Booking with { StartsAt = Some.BookingTime + NodaTime.Duration.FromDays(6) });
        var corrected = Some.Booking with
        {
            StartsAt = Some.BookingTime + NodaTime.Duration.FromDays(6),
            Patient = Some.Patient with { Phone = "+14155550777" },
        };
        clinic.LetTheClockRun();
        await Until(async () => (await clinic.StepAsync("prep-7d")).State == StepState.Undelivered);
        await clinic.BookAsync(corrected);
        await clinic.PlayAsync();

        Assert.Contains(clinic.Twilio.Messages, message => message.Sms.To == "+14155550777");
        Assert.Equal(StepState.Undelivered, (await clinic.StepAsync("prep-7d")).State);
    }

    [Fact]
    public async Task A_number_that_has_opted_out_at_Twilio_is_opted_out_here()
    {
        await using var clinic = await OpenAsync();
        clinic.Twilio.OptOut(Some.Patient.Phone);
        await clinic.BookAsync(Some.Booking);
        await clinic.PlayAsync();

        Assert.Equal(SessionState.OptedOut, (await clinic.ViewAsync()).State);
        Assert.DoesNotContain(clinic.Twilio.Messages, message => message.Sms.To == Some.Patient.Phone);
        var patient = (await clinic.Get<PatientStore>().FindAsync("glow", Some.Patient.Id, None))!;
        Assert.True(patient.OptedOut);
        Assert.Empty(patient.Consents);
    }

    [Theory]
    [InlineData(20003)]
    [InlineData(30032)]
    [InlineData(30034)]
    [InlineData(63038)]
    [InlineData(21408)]
    public async Task Account_trouble_pauses_the_sender_alerts_once_and_ends_by_itself(int code)
    {
        await using var clinic = await OpenAsync();
        for (var refusal = 0; refusal < 3; refusal++)
        {
            clinic.Twilio.NextIs(new SendOutcome.AccountTrouble(code, "trouble"));
        }

        await clinic.BookAsync(Some.Booking);
        await clinic.PlayAsync();

        // Refused at once, after 5 and after 15 minutes, taken after 35: every text is sent in the end, none twice.
        var step = await clinic.StepAsync("prep-7d");
        Assert.Equal(StepState.Sent, step.State);
        Assert.Equal(10, clinic.Twilio.Messages.Where(message => message.Sms.To == Some.Patient.Phone).DistinctBy(message => message.Sms.Body).Count());
        var alert = Assert.Single(await AlertsAsync(clinic));
        Assert.Equal((AlertKind.SenderPaused, $"Twilio code {code}"), (alert.Kind, alert.Detail));
        Assert.Contains("sender is paused", Assert.Single(ToStaff(clinic)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_phone_that_was_off_gets_the_text_once_more_the_next_day()
    {
        await using var clinic = await OpenAsync();
        await clinic.BookAsync(Some.Booking);
        await PlayUntilSentAsync(clinic, "prep-7d");
        var first = (await clinic.StepAsync("prep-7d")).MessageSid!;
        await ReportAsync(clinic, first, "undelivered", 30003);
        await clinic.PlayAsync();

        var step = await clinic.StepAsync("prep-7d");
        Assert.Equal(StepState.Sent, step.State);
        Assert.NotEqual(first, step.MessageSid);
        Assert.Equal(2, clinic.Twilio.Messages.Count(message => message.Sms.Body == step.Text));
        Assert.InRange((step.SentAt - step.DueAt)!.Value.TotalHours, -1, 1);
        Assert.Empty(await AlertsAsync(clinic));
    }

    [Fact]
    public async Task A_second_failure_is_told_to_staff_and_not_tried_again()
    {
        await using var clinic = await OpenAsync();
        await clinic.BookAsync(Some.Booking);
        await PlayUntilSentAsync(clinic, "prep-7d");
        var first = (await clinic.StepAsync("prep-7d")).MessageSid!;
        await ReportAsync(clinic, first, "undelivered", 30003);
        await PlayUntilSentAsync(clinic, "prep-7d", not: first);
        await ReportAsync(clinic, (await clinic.StepAsync("prep-7d")).MessageSid!, "undelivered", 30003);
        await clinic.PlayAsync();

        Assert.Equal(StepState.Undelivered, (await clinic.StepAsync("prep-7d")).State);
        Assert.Equal(AlertKind.Undelivered, Assert.Single(await AlertsAsync(clinic)).Kind);
    }

    [Fact]
    public async Task A_text_that_arrived_after_all_is_not_sent_once_more()
    {
        await using var clinic = await OpenAsync();
        await clinic.BookAsync(Some.Booking);
        await PlayUntilSentAsync(clinic, "prep-7d");
        var first = (await clinic.StepAsync("prep-7d")).MessageSid!;
        await ReportAsync(clinic, first, "undelivered", 30003);
        await ReportAsync(clinic, first, "delivered", null);
        await clinic.PlayAsync();

        var step = await clinic.StepAsync("prep-7d");
        Assert.Equal((StepState.Delivered, first), (step.State, step.MessageSid));
        Assert.Single(clinic.Twilio.Messages, message => message.Sms.Body == step.Text);
    }

    [Theory]
    [InlineData(30005, AlertKind.NumberUnreachable)]
    [InlineData(30006, AlertKind.NumberUnreachable)]
    [InlineData(30007, AlertKind.SenderFiltered)]
    [InlineData(30008, AlertKind.Undelivered)]
    public async Task A_lasting_failure_is_told_to_staff_and_never_sent_again(int code, AlertKind kind)
    {
        await using var clinic = await OpenAsync();
        await clinic.BookAsync(Some.Booking);
        await PlayUntilSentAsync(clinic, "prep-7d");
        var text = await clinic.StepAsync("prep-7d");
        await ReportAsync(clinic, text.MessageSid!, "undelivered", code);
        await clinic.PlayAsync();

        Assert.Equal(StepState.Undelivered, (await clinic.StepAsync("prep-7d")).State);
        Assert.Single(clinic.Twilio.Messages, message => message.Sms.Body == text.Text);
        Assert.Equal(kind, Assert.Single(await AlertsAsync(clinic)).Kind);
        Assert.Single(ToStaff(clinic));
        var goOn = kind != AlertKind.NumberUnreachable;
        Assert.Equal(goOn, clinic.Twilio.Messages.Count(message => message.Sms.To == Some.Patient.Phone) > 1);
    }

    [Fact]
    public async Task The_texts_of_a_busy_morning_leave_at_the_senders_pace()
    {
        const int Patients = 30;
        await using var clinic = await OpenAsync();
        for (var index = 0; index < Patients; index++)
        {
            await clinic.BookAsync(Some.Booking with
            {
                Key = new SessionKey("glow", $"s-{index}"),
                Patient = Some.Patient with { Id = $"p-{index}", Phone = $"+1415555{1000 + index}" },
                StartsAt = Some.BookingTime + NodaTime.Duration.FromDays(8),
            });
        }

        clinic.LetTheClockRun();
        await Until(() => Task.FromResult(clinic.Twilio.Messages.Count >= Patients));
        var hold = clinic.Clock.Hold();
        clinic.HoldAgain(hold);

        var times = clinic.Twilio.Messages.Take(Patients).Select(message => message.At).Order().ToList();
        Assert.Equal(Patients, clinic.Twilio.Messages.Take(Patients).DistinctBy(message => message.Sms.To).Count());
        Assert.All(times.Zip(times.Skip(1)), pair => Assert.InRange((pair.Second - pair.First).TotalSeconds, 0.999, 5));
    }

    private static async Task<ClinicUnderTest> OpenAsync()
    {
        var clinic = await ClinicUnderTest.OpenAsync();
        await clinic.Get<Data.Clinics.ClinicStore>().PutAsync(Some.Clinic with { StaffAlerts = [StaffPhone] }, "test", None);
        return clinic;
    }

    private static Task<IReadOnlyList<AlertView>> AlertsAsync(ClinicUnderTest clinic) =>
        clinic.Get<AlertStore>().ListAsync("glow", open: false, null, 100, None);

    private static IEnumerable<string> ToStaff(ClinicUnderTest clinic) =>
        clinic.Twilio.Messages.Where(message => message.Sms.To == StaffPhone).Select(message => message.Sms.Body);

    private static async Task ReportAsync(ClinicUnderTest clinic, string sid, string status, int? code)
    {
        var news = await clinic.Get<DeliveryStore>().ReportAsync(sid, status, code, null, None);
        await clinic.Orchestrations.NotifyAsync(clinic.Client, news.Changed, "delivery", None);
        if (news.Clinic is { } name)
        {
            await clinic.Get<Workflows.Alerts.AlertNotifier>().NotifyAsync(clinic.Client, name, None);
        }
    }

    /// <summary>Lets the clock run until a step is sent, and stops it there.</summary>
    private static async Task PlayUntilSentAsync(ClinicUnderTest clinic, string step, string? not = null)
    {
        IDisposable? hold = null;
        clinic.Twilio.AfterTaking = _ =>
        {
            hold ??= clinic.Clock.Hold();
            return Task.CompletedTask;
        };
        clinic.LetTheClockRun();
        await Until(async () => await clinic.StepAsync(step) is { State: StepState.Sent } row && row.MessageSid != not);
        clinic.Twilio.AfterTaking = _ => Task.CompletedTask;
        clinic.HoldAgain(hold!);
    }

    private static async Task Until(Func<Task<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await isSo())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, patience.Token);
        }
    }
}
