using FollowUp.Data;
using FollowUp.Data.Alerts;
using FollowUp.Data.Clinics;
using FollowUp.Testing;
using Microsoft.DurableTask.Client;

namespace FollowUp.Workflows.Tests;

/// <summary>Nothing goes round: neither between our answers and a phone that replies by itself, nor between us and Twilio's list of opt-outs.</summary>
public sealed class AnswerLoopTests
{
    private const string Nurse = "+14155550188";
    private const string AutomaticReply = "Sorry, I can't come to the phone right now. If you have a fever or trouble breathing call 911.";
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_call_text_to_a_number_that_Twilio_blocks_is_tried_once_and_staff_are_told_at_once_to_phone()
    {
        await using var clinic = await OpenAsync();
        clinic.Twilio.OptOut(Some.Patient.Phone);
        var calls = 0;
        clinic.OnActivity = (name, _) => calls += name == nameof(Direct.DirectActivities.SendDirectMessage) ? 1 : 0;
        await clinic.ReceiveAsync("I have a fever"); // the clock stands

        await clinic.Client.WaitForInstanceCompletionAsync("glow:.direct:in-SM-in-1-call", None).WaitAsync(TimeSpan.FromSeconds(30));
        await Until(() => Told(clinic).Count == 2);
        Assert.Equal(3, calls); // the call text and two alerts
        Assert.DoesNotContain(clinic.Twilio.Messages, message => message.Sms.To == Some.Patient.Phone);
        Assert.Contains(Told(clinic), text => text.Contains("Phone them now", StringComparison.Ordinal));
        Assert.Equal("undelivered", clinic.Column("SELECT state FROM direct_messages WHERE kind = 'call'").Single());
    }

    [Fact]
    public async Task A_confirmation_to_a_number_that_Twilio_blocks_is_tried_once()
    {
        await using var clinic = await OpenAsync();
        clinic.Twilio.OptOut(Some.Patient.Phone);
        await clinic.ReceiveAsync("please stop texting me");
        await clinic.Client.WaitForInstanceCompletionAsync("glow:.direct:in-SM-in-1-opt-out-confirmed", None).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal("undelivered", clinic.Column("SELECT state FROM direct_messages").Single());
        Assert.Empty(Told(clinic));
    }

    [Fact]
    public async Task A_phone_that_replies_by_itself_is_answered_once_and_staff_see_every_text()
    {
        await using var clinic = await OpenAsync();
        clinic.Twilio.AfterTaking = taken => taken.Sms.To == Some.Patient.Phone && clinic.Twilio.Messages.Count < 50
            ? clinic.ReceiveAsync(AutomaticReply)
            : Task.CompletedTask;
        await clinic.ReceiveAsync("I have a fever");
        await Until(() => clinic.Column("SELECT message_sid FROM inbound_messages").Count == 2);
        await clinic.Client.WaitForInstanceCompletionAsync("glow:.direct:in-SM-in-1-call", None).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Single(clinic.Twilio.Messages, message => message.Sms.To == Some.Patient.Phone);
        var alert = Assert.Single(await clinic.Get<AlertStore>().ListAsync("glow", open: true, null, 100, None));
        Assert.Equal((AlertKind.RedFlag, 2), (alert.Kind, alert.Messages.Count));
        Assert.Equal(2, clinic.Column("SELECT message_sid FROM inbound_copies WHERE wants_reader = 1").Count);
    }

    [Fact]
    public async Task A_staff_phone_that_replies_by_itself_neither_takes_the_alert_nor_raises_others()
    {
        await using var clinic = await OpenAsync();
        clinic.Twilio.AfterTaking = taken => taken.Sms.To == Nurse ? clinic.ReceiveAsync(AutomaticReply, from: Nurse) : Task.CompletedTask;
        await clinic.ReceiveAsync("I have a fever");
        clinic.LetTheClockRun();
        await Until(() => Told(clinic).Count >= 12);

        var alert = Assert.Single(await clinic.Get<AlertStore>().ListAsync("glow", open: false, null, 100, None));
        Assert.Null(alert.AcknowledgedAt);
        Assert.All(Told(clinic), text => Assert.Contains("URGENT", text, StringComparison.Ordinal));
    }

    private static async Task<ClinicUnderTest> OpenAsync()
    {
        var clinic = await ClinicUnderTest.OpenAsync();
        await clinic.Get<ClinicStore>().PutAsync(Some.Clinic with { StaffAlerts = [Nurse] }, "test", None);
        await clinic.BookAsync(Some.Booking);
        return clinic;
    }

    private static List<string> Told(ClinicUnderTest clinic) =>
        [.. clinic.Twilio.Messages.Where(message => message.Sms.To == Nurse).Select(message => message.Sms.Body)];

    private static async Task Until(Func<bool> isSo)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!isSo())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, patience.Token);
        }
    }
}
