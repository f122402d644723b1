using FollowUp.Data;
using FollowUp.Data.Alerts;
using FollowUp.Data.Clinics;
using FollowUp.Data.Inbox;
using FollowUp.Data.Sessions;
using FollowUp.Sms;
using FollowUp.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace FollowUp.Workflows.Tests;

/// <summary>Who is told what, when, and how often, on the jumping clock.</summary>
public sealed class StaffAlertTests
{
    private const string Nurse = "+14155550188";
    private const string Doctor = "+14155550189";
    private static readonly CancellationToken None = CancellationToken.None;

    /// <summary>Without prompts to book, which a text that nobody reads would hold up until staff are told of that too.</summary>
    private static readonly Booking CareOnly = Some.Booking with
    {
        Patient = Some.Patient with { Consents = new HashSet<ConsentKind> { ConsentKind.Care } },
    };

    [Fact]
    public async Task A_red_flag_is_told_to_everybody_at_once_and_again_until_somebody_has_it()
    {
        await using var clinic = await OpenAsync(Nurse, Doctor);
        await clinic.BookAsync(CareOnly);
        await clinic.ReceiveAsync("I have a fever and pus");
        clinic.LetTheClockRun();
        await Until(() => Told(clinic, Nurse).Count >= 3);
        await clinic.ReceiveAsync("OK", from: Nurse);
        var told = Told(clinic, Nurse).Count;
        await clinic.PlayAsync();

        var texts = Told(clinic, Nurse);
        Assert.InRange(texts.Count, told, told + 1);
        Assert.Equal(Told(clinic, Doctor).Count, texts.Count);
        Assert.InRange((texts[0].At - Some.BookingTime.ToDateTimeOffset()).TotalSeconds, 0, 5);
        Assert.InRange((texts[1].At - texts[0].At).TotalMinutes, 14.9, 15.5);
        Assert.Contains("URGENT", texts[0].Sms.Body, StringComparison.Ordinal);
        Assert.Contains("told 2 times", texts[1].Sms.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(Some.Patient.FirstName, texts[0].Sms.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(Some.Patient.Phone, texts[0].Sms.Body, StringComparison.Ordinal);
        Assert.Single(clinic.Twilio.Messages, message => message.Sms.To == Some.Patient.Phone && message.Sms.Body.Contains("call us now", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Reading_the_message_ends_the_repeats()
    {
        await using var clinic = await OpenAsync(Nurse);
        await clinic.BookAsync(CareOnly);
        await clinic.ReceiveAsync("I have a fever", sid: "SM-fever");
        clinic.LetTheClockRun();
        await Until(() => Told(clinic, Nurse).Count >= 1);
        await clinic.Get<InboxStore>().ReadAsync("glow", "SM-fever", "Dr. Grey", "api", None);
        var told = Told(clinic, Nurse).Count;
        await clinic.PlayAsync();

        Assert.InRange(Told(clinic, Nurse).Count, told, told + 1);
    }

    [Fact]
    public async Task Many_small_things_make_one_digest()
    {
        const int Patients = 12;
        await using var clinic = await OpenAsync(Nurse);
        for (var index = 0; index < Patients; index++)
        {
            await clinic.BookAsync(Some.Booking with
            {
                Key = new SessionKey("glow", $"s-{index}"),
                Patient = CareOnly.Patient with { Id = $"p-{index}", Phone = $"+1415555{1000 + index}" },
            });
            await clinic.ReceiveAsync("Which sunscreen do you recommend?", from: $"+1415555{1000 + index}");
        }

        clinic.LetTheClockRun();
        await Until(() => Told(clinic, Nurse).Count >= 1);
        await clinic.PlayAsync(new SessionKey("glow", "s-0"));

        var digest = Told(clinic, Nurse)[0];
        Assert.Contains($"{Patients} texts wait in the inbox", digest.Sms.Body, StringComparison.Ordinal);
        Assert.InRange((digest.At - Some.BookingTime.ToDateTimeOffset()).TotalMinutes, 4.9, 6);
        Assert.Single(Told(clinic, Nurse));
    }

    [Fact]
    public async Task Small_things_of_the_night_wait_for_the_morning_and_a_red_flag_does_not()
    {
        await using var clinic = await OpenAsync(Nurse);
        await clinic.BookAsync(CareOnly);
        clinic.LetTheClockRun();
        await Until(async () => (await clinic.StepAsync("prep-7d")).State == StepState.Sent);
        clinic.HoldAgain(clinic.Clock.Hold());
        await clinic.ReceiveAsync("Which sunscreen do you recommend?");
        await clinic.PlayAsync();

        var local = TimeZoneInfo.ConvertTime(Told(clinic, Nurse)[0].At, TimeZoneInfo.FindSystemTimeZoneById("America/Los_Angeles"));
        Assert.InRange(local.TimeOfDay, TimeSpan.FromHours(8), TimeSpan.FromHours(21));
    }

    [Fact]
    public async Task An_alert_whose_sending_is_cut_off_is_told_once()
    {
        await using var clinic = await OpenAsync(Nurse);
        await clinic.BookAsync(CareOnly);
        clinic.Twilio.NextIsTakenWithoutAnAnswer();
        await clinic.ReceiveAsync("Which sunscreen do you recommend?");
        await clinic.PlayAsync();

        Assert.Single(Told(clinic, Nurse));
    }

    [Fact]
    public async Task A_web_address_gets_a_signed_event_until_it_takes_it()
    {
        List<(string Id, string Timestamp, string Signature, string Body)> posts = [];
        await using var server = await ReceiverAsync(async request =>
        {
            using var reader = new StreamReader(request.Body);
            lock (posts)
            {
                posts.Add((request.Headers["webhook-id"]!, request.Headers["webhook-timestamp"]!, request.Headers["webhook-signature"]!, reader.ReadToEndAsync().Result));
                return posts.Count < 3 ? 500 : 204;
            }
        });
        await using var clinic = await OpenAsync(server.Urls.Single() + "/alerts");
        await clinic.BookAsync(CareOnly);
        await clinic.ReceiveAsync("Which sunscreen do you recommend?");
        await clinic.PlayAsync();

        Assert.Equal(3, posts.Count);
        Assert.Single(posts.Select(post => post.Id).Distinct());
        var key = await clinic.Get<Data.Webhooks.WebhookPostStore>().SigningKeyAsync("glow", None);
        Assert.All(posts, post => Assert.Equal(Webhooks.WebhookClient.Sign(key, post.Id, post.Timestamp, post.Body), post.Signature));
        Assert.Contains("\"type\":\"followup.alert.digest\"", posts[0].Body, StringComparison.Ordinal);
        Assert.Contains("\"patient\":\"p-1001\"", posts[0].Body, StringComparison.Ordinal);
        Assert.DoesNotContain("sunscreen", posts[0].Body, StringComparison.Ordinal);
    }

    private static async Task<ClinicUnderTest> OpenAsync(params string[] contacts)
    {
        var clinic = await ClinicUnderTest.OpenAsync();
        await clinic.Get<ClinicStore>().PutAsync(Some.Clinic with { StaffAlerts = contacts }, "test", None);
        return clinic;
    }

    private static List<FakeTwilio.Taken> Told(ClinicUnderTest clinic, string contact) =>
        [.. clinic.Twilio.Messages.Where(message => message.Sms.To == contact)];

    private static async Task<WebApplication> ReceiverAsync(Func<HttpRequest, Task<int>> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        server.Run(async context => context.Response.StatusCode = await answer(context.Request));
        await server.StartAsync();
        return server;
    }

    private static Task Until(Func<bool> isSo) => Until(() => Task.FromResult(isSo()));

    private static async Task Until(Func<Task<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await isSo())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, patience.Token);
        }
    }
}
