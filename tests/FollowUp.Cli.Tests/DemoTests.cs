using FollowUp.Cli.Tests.Support;
using FollowUp.Testing;

namespace FollowUp.Cli.Tests;

/// <summary>The demo from its command line to its summary, with its output in a pipe.</summary>
[Collection(ProcessCollection.Name)]
public sealed class DemoTests(SampleDemo sample) : IClassFixture<SampleDemo>
{
    [Fact]
    public void The_sample_clinic_is_played_to_its_summary()
    {
        FollowUpCommand demo = sample.Run;
        Assert.True(demo.ExitCode == 0, string.Join('\n', demo.Errors));
        Assert.Empty(demo.Errors);
        Assert.DoesNotContain(demo.Output, line => line.Contains('\u001b', StringComparison.Ordinal));

        DemoOutput read = new(demo.Output);
        SummaryRow[] sessions = [.. read.Rows.SkipLast(1)];
        SummaryRow all = read.Rows[^1];
        Assert.Equal(["Ada", "Ada", "Ada", "Ada", "Ben", "Cleo", "Dev", "Eve", "Luz"], sessions.Select(row => row.Patient));
        Assert.Equal(("all", "9 sessions"), (all.Patient, all.Session));
        Assert.All(read.Rows, row => Assert.Equal(row.Planned, row.Sent + row.Skipped));
        Assert.All(read.Rows, row => Assert.Equal(row.Sent, row.Delivered));
        Assert.Equal(
            (sessions.Sum(row => row.Planned), sessions.Sum(row => row.Sent), sessions.Sum(row => row.Skipped)),
            (all.Planned, all.Sent, all.Skipped));
        Assert.Equal("cancelled", sessions.Single(row => row.Patient == "Ben").EndedAs);
        Assert.Equal("opted-out", sessions.Single(row => row.Patient == "Eve").EndedAs);

        // Each text that was sent for a step is there with its date and its reason; answers to a reply are no steps.
        string[] reasons = [.. read.Texts.Select(text => text.Why).Where(why => why != "answer to the patient")];
        Assert.Equal(all.Sent, reasons.Length);
        Assert.Equal(reasons.Length, reasons.Distinct().Count());
        Assert.All(reasons, why => Assert.Matches(@"^[\w-]+ of [\w-]+, [\w-]+$", why));
        Assert.Contains("prep-7d of ada-1, preparation", reasons);
        Assert.Contains("maintenance-6mo of ada-4, maintenance", reasons);
        Assert.Contains(read.Texts, text => text.Date.StartsWith("Wed 2027-01-13", StringComparison.Ordinal) && text.Name == "Ada");

        // After the patient's STOP there is nothing more.
        Assert.DoesNotContain(reasons, why => why.StartsWith("care-7d of eve-1", StringComparison.Ordinal));
    }

    /// <summary>The facts of the guide that the product started from: a patient of the sample clinic reads each of them.</summary>
    [Theory]
    [InlineData("numbing cream")]
    [InlineData("half an hour to an hour")]
    [InlineData("redness and slight swelling like a mild sunburn are expected and settle within a few days")]
    [InlineData("avoid strong sun")]
    [InlineData("gentle products")]
    [InlineData("Texture improves over weeks, full results take months")]
    [InlineData("3 to 6 visits 4 to 6 weeks apart")]
    [InlineData("regular check-ups or small treatments help to maintain your results")]
    public void The_texts_say_what_the_guide_says(string fact)
    {
        // A text is broken into lines somewhere.
        string text = string.Join(' ', string.Join(' ', sample.Run.Output).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(fact, text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_clinics_own_bookings_are_played()
    {
        using TemporaryDirectory directory = new();
        string file = directory.File("own.csv");
        await File.WriteAllTextAsync(
            file,
            """
            session,patientId,firstName,phone,timeZone,consents,startsAt,sessionNumber,plannedSessions
            zoe-1,p-zoe,Zoe,+13105550199,America/Los_Angeles,care,2027-06-01T10:00:00-07:00,1,3

            """,
            TestContext.Current.CancellationToken);
        FollowUpCommand demo = await FollowUpCommand.RunAsync(
            "demo", "--bookings", file, "--days-per-second", "10", "--clinic-name", "Clear Skin", "--time-zone", "America/Los_Angeles");
        Assert.True(demo.ExitCode == 0, string.Join('\n', demo.Errors));

        DemoOutput read = new(demo.Output);
        Assert.Equal(
            [
                ("Tue 2027-05-25 10:00", "Zoe", "prep-7d of zoe-1, preparation"),
                ("Sat 2027-05-29 10:00", "Zoe", "remind-3d of zoe-1, reminder"),
                ("Mon 2027-05-31 10:00", "Zoe", "remind-1d of zoe-1, reminder"),
                ("Tue 2027-06-01 15:00", "Zoe", "care-4h of zoe-1, aftercare"),
                ("Wed 2027-06-02 11:00", "Zoe", "care-24h of zoe-1, aftercare"),
                ("Fri 2027-06-04 10:00", "Zoe", "check-3d of zoe-1, check-in"),
                ("Tue 2027-06-08 10:00", "Zoe", "care-7d of zoe-1, aftercare"),
            ],
            read.Texts);
        Assert.Equal(new SummaryRow("all", "1 session", "", 10, 7, 7, 3), read.Rows[^1]);
        Assert.Contains(demo.Output, line => line.Contains("Hi Zoe, see you at Clear Skin on Tuesday, June 1", StringComparison.Ordinal));
    }
}
