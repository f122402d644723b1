using FollowUp.Data.Context;
using FollowUp.Data.Staff;
using FollowUp.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.Data.PostgreSql.Tests;

/// <summary>A connection that breaks at any moment of a transaction: what was meant to happen happens once.</summary>
public sealed class LostConnectionTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData(Cut.Commit)]
    [InlineData(Cut.Answer)]
    public async Task A_claim_whose_commit_is_lost_is_one_claim(Cut cut)
    {
        using var directory = new TemporaryDirectory();
        using var network = new CuttingProxy(new TestDatabase(directory).ConnectionString);
        using var store = Through(network, directory);
        await BookAsync(store);
        store.Clock.Now = (await store.StepAsync("prep-7d")).DueAt;
        network.Next = cut;

        var claim = await store.Ledger.ClaimAsync(Some.Session, "prep-7d", NodaTime.Duration.FromSeconds(30), None);

        Assert.Equal(1, network.Met);
        Assert.Equal(1, claim.Text!.Attempt);
        Assert.Equal("sending", store.Scalar("SELECT state FROM steps WHERE step = 'prep-7d'"));
        Assert.Equal(1L, store.Scalar("SELECT attempt FROM steps WHERE step = 'prep-7d'"));
    }

    [Theory]
    [InlineData(Cut.Commit)]
    [InlineData(Cut.Answer)]
    public async Task What_would_be_doubled_by_a_second_run_is_there_once(Cut cut)
    {
        using var directory = new TemporaryDirectory();
        using var network = new CuttingProxy(new TestDatabase(directory).ConnectionString);
        using var store = Through(network, directory);
        await BookAsync(store);
        network.Next = cut;
        await store.ReceiveAsync("I have a fever");
        network.Next = cut;
        Assert.True(await store.Get<StaffUserStore>().AddAsync("joy", StaffRole.Viewer, null, "hash", "root", None));

        Assert.Equal(2, network.Met);
        Assert.Equal(1L, store.Scalar("SELECT COUNT(*) FROM inbound_messages"));
        Assert.Equal(1L, store.Scalar("SELECT COUNT(*) FROM alerts WHERE kind = 'red-flag'"));
        Assert.Equal(1L, store.Scalar("SELECT COUNT(*) FROM audit WHERE action = 'user-added'"));
    }

    [Fact]
    public async Task A_connection_that_breaks_in_the_middle_of_a_transaction_leaves_nothing_and_the_work_is_done_anew()
    {
        using var store = new StoreUnderTest();
        await store.Clinics.PutAsync(Some.Clinic, "test", None);
        var runs = 0;
        await store.Get<Store>().WriteAsync(async db =>
        {
            db.Audit.Add(new Rows.AuditRow { ClinicId = "glow", At = store.Clock.Now, Actor = "test", Action = "tried", Subject = "x" });
            await db.SaveChangesAsync(None);
            if (++runs == 1)
            {
                EndOthers(store);
            }

            db.Audit.Add(new Rows.AuditRow { ClinicId = "glow", At = store.Clock.Now, Actor = "test", Action = "tried", Subject = "y" });
            return true;
        }, None);

        Assert.Equal(2, runs);
        Assert.Equal(2L, store.Scalar("SELECT COUNT(*) FROM audit WHERE action = 'tried'"));
    }

    [Fact]
    public async Task Connections_that_were_ended_while_nobody_used_them_are_not_noticed()
    {
        using var store = new StoreUnderTest();
        await BookAsync(store);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => store.ViewAsync()));
        EndOthers(store);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => store.ViewAsync()));
        await store.ReceiveAsync("Hello?");
        Assert.Equal(1L, store.Scalar("SELECT COUNT(*) FROM inbound_messages"));
    }

    private static StoreUnderTest Through(CuttingProxy network, TemporaryDirectory directory) => new(
        directory: directory, services: services => services.AddSingleton(new DatabaseOptions { Provider = DatabaseOptions.PostgreSql, ConnectionString = network.ConnectionString }));

    private static async Task BookAsync(StoreUnderTest store)
    {
        await store.Clinics.PutAsync(Some.Clinic, "test", None);
        await store.BookAsync(Some.Booking);
    }

    private static void EndOthers(StoreUnderTest store) => store.Scalar(
        "SELECT COUNT(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
}
