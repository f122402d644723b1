using FollowUp.Core.CarePlans;
using FollowUp.Data.Clinics;
using FollowUp.Data.Inbox;
using FollowUp.Data.Moves;
using FollowUp.Data.Planning;
using FollowUp.Data.Sessions;
using FollowUp.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace FollowUp.Data.PostgreSql.Tests;

/// <summary>From one machine to Azure: what a SQLite file holds goes on in PostgreSQL.</summary>
public sealed class MoveFromSqliteTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly IProgress<MoveProgress> s_quiet = new Progress<MoveProgress>();

    [Fact]
    public async Task A_course_goes_on_at_its_next_text_and_what_was_said_is_there()
    {
        var clock = new StoppedClock(Some.BookingTime);
        using var directory = new TemporaryDirectory();
        await using var source = Source(directory, clock);
        await source.GetRequiredService<ClinicStore>().PutAsync(Some.Clinic with { Name = "Glów & “Skin”" }, "test", None);
        await source.GetRequiredService<SessionStore>().BookAsync(Some.Booking, "test", None);
        await source.GetRequiredService<Ledger.LedgerStore>().PlanAsync(Some.Session, None);
        clock.Now = Some.SessionStart - Duration.FromDays(7);
        var sent = (await source.GetRequiredService<Ledger.LedgerStore>().ClaimAsync(Some.Session, "prep-7d", Duration.FromSeconds(30), None)).Text!;
        await source.GetRequiredService<Ledger.LedgerStore>().RecordAsync(Some.Session, "prep-7d", sent.Attempt, new Ledger.SendRecord.Sent("SM-1"), None);

        // SQLite keeps U+0000, which PostgreSQL has no place for.
        await source.GetRequiredService<InboundStore>().ReceiveAsync(
            new ReceivedText("SM-in", Some.Patient.Phone, StoreUnderTest.Sender, "It\0 hurts 👩🏽‍⚕️"), None);
        using var file = new MemoryStream();
        var move = await source.GetRequiredService<MoveStore>().RetireAsync("Azure", "test", None);
        var manifest = await source.GetRequiredService<StoreExport>().WriteAsync(file, move, s_quiet, None);

        using var target = new StoreUnderTest();
        target.Clock.Now = clock.Now + Duration.FromHours(1);
        using (var export = ExportFile.Open(file))
        {
            await export.VerifyAsync(s_quiet, None);
            await target.Get<StoreImport>().ImportAsync(export, "test", s_quiet, None);
        }

        foreach (var table in manifest.Tables.Where(table => table.Name is not ("audit" or "moves")))
        {
            Assert.Equal(table.Rows, target.Scalar($"SELECT COUNT(*) FROM {table.Name}"));
        }

        Assert.Equal("Glów & “Skin”", target.Scalar("SELECT name FROM clinics"));
        Assert.Contains("hurts 👩🏽‍⚕️", (string)target.Scalar("SELECT body FROM inbound_messages")!, StringComparison.Ordinal);
        Assert.Equal(Some.Session, Assert.Single(await target.Attention.UnseenAsync(Duration.FromMinutes(1), 10, None)).Key);
        var next = await target.Ledger.PlanAsync(Some.Session, None);
        Assert.Equal("remind-3d", next.Step);
        Assert.Equal(StepState.Sent, (await target.StepAsync("prep-7d")).State);
        Assert.Equal(sent.Recipient, target.Scalar("SELECT recipient FROM steps WHERE step = 'prep-7d'"));
        target.Clock.Now = next.At!.Value;
        Assert.Equal(Some.Patient.Phone, (await target.Ledger.ClaimAsync(Some.Session, "remind-3d", Duration.FromSeconds(30), None)).Text!.Recipient);
    }

    private static ServiceProvider Source(TemporaryDirectory directory, StoppedClock clock) => new ServiceCollection()
        .AddSingleton<TimeProvider>(clock)
        .AddSingleton(new SendRules(UnapprovedPlans: true) { DefaultSender = StoreUnderTest.Sender, ClinicsWithoutAlerts = true, MessagesPerSecond = double.PositiveInfinity })
        .AddSingleton(CarePlanCatalogue.BuiltIn)
        .AddFollowUpData(new ConfigurationBuilder().AddInMemoryCollection([new("FollowUp:DataDirectory", directory.Path)]).Build())
        .BuildServiceProvider();
}
