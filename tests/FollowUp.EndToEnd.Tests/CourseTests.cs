using System.Net;
using FollowUp.EndToEnd.Tests.Support;
using FollowUp.Testing;

namespace FollowUp.EndToEnd.Tests;

/// <summary>The built app as a clinic runs it: bookings in over HTTP, texts out to the phone emulator in its own process.</summary>
[Collection(ProcessCollection.Name)]
public sealed class CourseTests
{
    [Fact]
    public async Task A_session_booked_twice_gets_every_due_text_once_within_its_weeks()
    {
        using TemporaryDirectory directory = new();
        await using FollowUpApp app = new(directory.Path, FollowUpApp.FreeAddress());
        await app.StartAsync(daysPerSecond: 2);
        using TwilioApi twilio = TwilioApi.InProcessOf(app.Address, app.DataDirectory);
        await app.PutClinicAsync();

        // Without consent to marketing there is nothing to say after a week, so the course is over in ten seconds.
        DateTimeOffset morning = new(TimeProvider.System.GetUtcNow().Date.AddDays(12).AddHours(15), TimeSpan.Zero);
        object booking = Some.Booking(1, morning, marketing: false);
        SessionAnswer booked = await app.BookAsync("b-77", booking, HttpStatusCode.Accepted);
        Assert.Equal("glow:b-77", booked.InstanceId);
        Assert.Equal(Some.FirstSessionCare, booked.Timeline.Where(step => step.State == "planned").Select(step => step.Step));
        Assert.Equal(booked.Timeline.OrderBy(step => step.DueAt), booked.Timeline);
        Assert.Equal(("prep-7d", booked.Timeline[0].DueAt), (booked.Next?.Step, booked.Next?.DueAt));

        SessionAnswer again = await app.BookAsync("b-77", booking, HttpStatusCode.OK);
        Assert.Equal(booked.Timeline.Select(step => (step.Step, step.DueAt)), again.Timeline.Select(step => (step.Step, step.DueAt)));

        IReadOnlyList<SessionAnswer> ended = await app.EndedAsync("b-77");
        Assert.Equal("completed", ended[0].State);
        SentOnce.AssertEachStepIsOneText(await twilio.ListAsync(), [(ended[0], Some.Phone(1), Some.FirstSessionCare)], null);

        // The clock stands still while a text is due, so that a slow machine makes none late.
        Assert.All(ended[0].Timeline.Where(step => step.SentAt is not null), step => Assert.InRange(
            step.SentAt!.Value, step.DueAt, step.DueAt.AddMinutes(5)));
        Assert.All(ended[0].Timeline.Where(step => step.State == "skipped"), step => Assert.NotNull(step.Reason));
    }

    [Fact]
    public async Task SIGTERM_ends_the_app_with_0_and_the_next_start_goes_on_with_the_course()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM.");
        using TemporaryDirectory directory = new();
        DateTimeOffset start = new(2027, 3, 1, 15, 0, 0, TimeSpan.Zero);
        await using FollowUpApp app = new(
            directory.Path, FollowUpApp.FreeAddress(), new Dictionary<string, string> { ["FollowUp__Clock__Start"] = start.ToString("o") });
        await app.StartAsync(FollowUpApp.NearlyStill);
        using TwilioApi twilio = TwilioApi.InProcessOf(app.Address, app.DataDirectory);
        await app.PutClinicAsync();

        // A whole course of three sessions, each booked when the one before has not been held yet: nobody is asked to book.
        string[] sessions = ["b-1", "b-2", "b-3"];
        for (int number = 1; number <= sessions.Length; number++)
        {
            await app.BookAsync(
                sessions[number - 1],
                Some.Booking(1, start.AddDays(14 + (28 * (number - 1))), number, sessions.Length, language: "es"),
                HttpStatusCode.Accepted);
        }

        Assert.Equal(0, await app.StopAsync());
        for (int texts = 2; texts <= 8; texts += 3)
        {
            await app.StartAsync(daysPerSecond: 25);
            int enough = texts;
            await Eventually.GetAsync(
                $"text number {enough}",
                async () => (await twilio.ListAsync()).Count >= enough ? "there" : null,
                TimeSpan.FromMinutes(1),
                app.Transcript);
            Assert.Equal(0, await app.StopAsync());
        }

        await app.StartAsync(daysPerSecond: 25);
        IReadOnlyList<SessionAnswer> ended = await app.EndedAsync(sessions);
        Assert.All(ended, session => Assert.Equal("completed", session.State));
        SentOnce.AssertEachStepIsOneText(
            await twilio.ListAsync(),
            [
                (ended[0], Some.Phone(1), Some.FirstSessionCare),
                (ended[1], Some.Phone(1), Some.LaterSessionCare),
                (ended[2], Some.Phone(1), [.. Some.LaterSessionCare, .. Some.AfterTheCourse]),
            ],
            null);
        Assert.DoesNotContain(app.Log, line => line.Contains(" ERROR ", StringComparison.Ordinal)
            || line.Contains(" FATAL ", StringComparison.Ordinal));
    }
}
