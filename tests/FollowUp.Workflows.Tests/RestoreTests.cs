using FollowUp.Data;
using FollowUp.Data.Moves;
using FollowUp.Sms;
using FollowUp.Testing;
using NodaTime;

namespace FollowUp.Workflows.Tests;

/// <summary>The app on a restored store: first it learns what patients have said since the backup, then it sends what has not been sent.</summary>
public sealed class RestoreTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_text_that_the_lost_copy_sent_is_not_sent_again_and_all_others_are()
    {
        List<(string To, string Body)> undisturbed;
        await using (var clinic = await ClinicUnderTest.OpenAsync())
        {
            await clinic.BookAsync(Some.Booking);
            await clinic.PlayAsync();
            undisturbed = [.. clinic.Twilio.Messages.Select(message => (message.Sms.To, message.Sms.Body))];
        }

        await using var restored = await ClinicUnderTest.OpenAsync();
        await restored.BookAsync(Some.Booking);
        restored.Twilio.Take(new OutgoingSms(undisturbed[0].To, undisturbed[0].Body, null));
        await RestoreAsync(restored);
        await restored.PlayAsync();

        Assert.Equal(undisturbed, restored.Twilio.Messages.Select(message => (message.Sms.To, message.Sms.Body)));
        Assert.Equal(restored.Twilio.Messages[0].Sid, (await restored.StepAsync("prep-7d")).MessageSid);
    }

    [Fact]
    public async Task A_STOP_that_came_after_the_backup_counts_before_anything_is_sent()
    {
        await using var clinic = await ClinicUnderTest.OpenAsync();
        await clinic.BookAsync(Some.Booking);
        await clinic.BookAsync(Some.Booking with { Key = new("glow", "b-other"), Patient = Some.Patient with { Id = "p-other", Phone = "+14155550777" } });
        clinic.Twilio.Inbound = [new InboundMessage("SM-in", Some.Patient.Phone, ClinicUnderTest.Sender, "STOP", null)];
        await RestoreAsync(clinic);
        await clinic.PlayAsync(new("glow", "b-other"));

        Assert.Equal(SessionState.OptedOut, (await clinic.ViewAsync()).State);
        Assert.DoesNotContain(clinic.Twilio.Messages, message => message.Sms.To == Some.Patient.Phone && !message.Sms.Body.Contains("unsubscribed", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(10, clinic.Twilio.Messages.Count(message => message.Sms.To == "+14155550777"));
        Assert.Null(await clinic.Get<RestoreStore>().FindOpenAsync(None));
    }

    [Fact]
    public async Task Nothing_leaves_while_the_replies_cannot_be_read()
    {
        await using var clinic = await ClinicUnderTest.OpenAsync();
        await clinic.BookAsync(Some.Booking);
        clinic.Twilio.Inbound = null;
        await RestoreAsync(clinic);
        await clinic.AfterAsync(Duration.FromDays(2) + Duration.FromMinutes(30));
        Assert.Empty(clinic.Twilio.Messages);

        clinic.Twilio.Inbound = [];
        await clinic.PlayAsync();
        Assert.Equal(10, clinic.Twilio.Messages.Count);
        Assert.InRange((await clinic.StepAsync("prep-7d")).SentAt!.Value - (await clinic.StepAsync("prep-7d")).DueAt, Duration.FromMinutes(30), Duration.FromMinutes(32));
    }

    [Fact]
    public async Task Nothing_leaves_while_the_operator_holds_it_and_health_says_so()
    {
        await using var clinic = await ClinicUnderTest.OpenAsync();
        await clinic.BookAsync(Some.Booking);
        await RestoreAsync(clinic, held: true);
        await clinic.Sweep.RunAsync(clinic.Client, None);
        Assert.Contains(await clinic.Get<Health.HealthCheck>().ProblemsAsync(clinic.Client, None), problem => problem.Contains("--release", StringComparison.Ordinal));
        await clinic.AfterAsync(Duration.FromDays(2) + Duration.FromMinutes(30));
        Assert.Empty(clinic.Twilio.Messages);

        Assert.True(await clinic.Get<RestoreStore>().ReleaseAsync("test", None));
        await clinic.PlayAsync();
        Assert.Equal(10, clinic.Twilio.Messages.Count);
    }

    private static Task<RestoreView> RestoreAsync(ClinicUnderTest clinic, bool held = false) =>
        clinic.Get<RestoreStore>().MarkAsync("backup", Some.BookingTime - Duration.FromHours(1), held, "test", None);
}
