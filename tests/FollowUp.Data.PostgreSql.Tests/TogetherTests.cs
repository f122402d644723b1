using FollowUp.Data.Ledger;
using FollowUp.Data.Sessions;
using FollowUp.Data.Sessions.Commands;
using FollowUp.Testing;
using NodaTime;

namespace FollowUp.Data.PostgreSql.Tests;

/// <summary>Two instances of the app on one database: what both want happens once, and nothing is lost.</summary>
public sealed class TogetherTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly TemporaryDirectory _directory = new();
    private readonly StoreUnderTest[] _stores;

    public TogetherTests() => _stores = [new StoreUnderTest(directory: _directory), new StoreUnderTest(directory: _directory)];

    public void Dispose()
    {
        foreach (var store in _stores)
        {
            store.Dispose();
        }

        _directory.Dispose();
    }

    [Fact]
    public async Task A_step_that_many_claim_at_once_is_claimed_by_one()
    {
        await _stores[0].Clinics.PutAsync(Some.Clinic, "test", None);
        await _stores[0].BookAsync(Some.Booking);
        var due = (await _stores[0].StepAsync("prep-7d")).DueAt;
        Array.ForEach(_stores, store => store.Clock.Now = due);

        var claims = await Many(16, store => store.Ledger.ClaimAsync(Some.Session, "prep-7d", Duration.FromSeconds(30), None));

        Assert.Equal(1, Assert.Single(claims, claim => claim.Text is not null).Text!.Attempt);
        Assert.Equal(1L, _stores[0].Scalar("SELECT attempt FROM steps WHERE step = 'prep-7d'"));
    }

    [Fact]
    public async Task Texts_of_one_sender_that_are_claimed_at_once_keep_its_pace()
    {
        using var paced = new TemporaryDirectory();
        StoreUnderTest[] stores = [.. Enumerable.Range(0, 2).Select(_ => new StoreUnderTest(directory: paced, rules: rules => rules with { MessagesPerSecond = 1 }))];
        await stores[0].Clinics.PutAsync(Some.Clinic, "test", None);
        const int Sessions = 40;
        for (var number = 0; number < Sessions; number++)
        {
            await stores[0].BookAsync(Booking(number));
        }

        var due = (await stores[0].StepAsync("prep-7d", Booking(0).Key)).DueAt;
        Array.ForEach(stores, store => store.Clock.Now = due);
        var claims = await Task.WhenAll(Enumerable.Range(0, Sessions).Select(number => Task.Run(() =>
            stores[number % 2].Ledger.ClaimAsync(Booking(number).Key, "prep-7d", Duration.FromSeconds(30), None))));

        // One may leave now; each of the others has a second of its own.
        Assert.Single(claims, claim => claim.Text is not null);
        Assert.Equal(Sessions - 1L, stores[0].Scalar("SELECT COUNT(DISTINCT slot_at) FROM steps WHERE slot_at IS NOT NULL"));
        Array.ForEach(stores, store => store.Dispose());
    }

    [Fact]
    public async Task A_session_that_is_booked_many_times_at_once_is_one_booking()
    {
        await _stores[0].Clinics.PutAsync(Some.Clinic, "test", None);

        var results = await Many(12, store => store.BookAsync(Some.Booking));

        Assert.Single(results, result => result.Verdict == BookingVerdict.Created);
        Assert.All(results, result => Assert.True(result.Verdict is BookingVerdict.Created or BookingVerdict.Unchanged));
        Assert.Equal(1L, _stores[0].Scalar("SELECT COUNT(*) FROM audit WHERE action = 'session-booked'"));
        Assert.Equal(2L, _stores[0].Scalar("SELECT COUNT(*) FROM consents"));
    }

    [Fact]
    public async Task A_reply_that_comes_many_times_at_once_counts_once()
    {
        await _stores[0].Clinics.PutAsync(Some.Clinic with { StaffAlerts = ["+14155550188"] }, "test", None);
        await _stores[0].BookAsync(Some.Booking);

        await Many(12, store => store.ReceiveAsync("I have a fever", sid: "SM-same"));

        Assert.Equal(1L, _stores[0].Scalar("SELECT COUNT(*) FROM inbound_messages"));
        Assert.Equal(1L, _stores[0].Scalar("SELECT COUNT(*) FROM alerts"));
        Assert.Equal(1L, _stores[0].Scalar("SELECT COUNT(*) FROM direct_messages WHERE kind = 'call'"));
    }

    [Fact]
    public async Task A_stop_that_comes_while_a_text_is_claimed_is_before_it_or_after_it()
    {
        await _stores[0].Clinics.PutAsync(Some.Clinic, "test", None);
        for (var number = 0; number < 10; number++)
        {
            await _stores[0].BookAsync(Booking(number));
        }

        var due = (await _stores[0].StepAsync("prep-7d", Booking(0).Key)).DueAt;
        Array.ForEach(_stores, store => store.Clock.Now = due);
        var both = await Task.WhenAll(Enumerable.Range(0, 10).Select(async number =>
        {
            var claim = Task.Run(() => _stores[0].Ledger.ClaimAsync(Booking(number).Key, "prep-7d", Duration.FromSeconds(30), None));
            var stop = Task.Run(() => _stores[1].ReceiveAsync("STOP", from: Booking(number).Patient.Phone, sid: $"SM-stop-{number}"));
            await stop;
            return (Number: number, Claim: await claim);
        }));

        Assert.Equal(10L, _stores[0].Scalar("SELECT COUNT(*) FROM number_marks WHERE mark = 'opted-out'"));
        foreach (var (number, claim) in both)
        {
            // Whoever was claimed before the STOP is asked again before it leaves, and does not.
            var state = (await _stores[0].StepAsync("prep-7d", Booking(number).Key)).State;
            Assert.Equal(claim.Text is not null, state == StepState.Sending);
            Assert.False(claim.Text is { } text && await _stores[0].Ledger.MaySendAsync(Booking(number).Key, "prep-7d", text.Attempt, None));
        }
    }

    [Fact]
    public async Task Commands_on_one_session_from_both_sides_are_all_on_record()
    {
        await _stores[0].Clinics.PutAsync(Some.Clinic, "test", None);
        await _stores[0].BookAsync(Some.Booking);
        var steps = (await _stores[0].ViewAsync()).Timeline.Select(step => step.Step).Take(6).ToList();

        var results = await Task.WhenAll(steps.Select((step, number) => Task.Run(() => _stores[number % 2].OrderAsync(SessionCommandKind.Skip, step))));

        Assert.All(results, result => Assert.Equal(CommandVerdict.Done, result.Verdict));
        Assert.Equal(6L, _stores[0].Scalar("SELECT COUNT(*) FROM steps WHERE staff_skipped_at IS NOT NULL"));
        Assert.Equal(6L, _stores[0].Scalar("SELECT COUNT(*) FROM audit WHERE action = 'session-step-skipped'"));
    }

    private static Booking Booking(int number) => Some.Booking with
    {
        Key = new SessionKey("glow", $"s-{number}"),
        Patient = Some.Patient with { Id = $"p-{number}", Phone = $"+1415555{1000 + number}" },
    };

    private Task<T[]> Many<T>(int count, Func<StoreUnderTest, Task<T>> work) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(number => Task.Run(() => work(_stores[number % 2]))));
}
