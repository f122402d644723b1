using FollowUp.Data.Inbox;
using FollowUp.Data.Patients;
using FollowUp.Testing;

namespace FollowUp.Data.Tests;

/// <summary>An erasure at one clinic takes nothing from another.</summary>
public sealed class SharedTextErasureTests
{
    private const string Fever = "I have a fever";
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task An_erasure_leaves_what_another_clinic_has_to_read_and_its_open_red_flag()
    {
        using var store = await WithTwoClinicsAsync();
        await store.ReceiveAsync(Fever); // nobody knows the number yet: both clinics have it to read
        await store.BookAsync(Some.Booking);
        await EraseAsync(store);

        Assert.Empty(await store.InboxAsync());
        Assert.NotNull(Assert.Single(await store.AlertsAsync()).AcknowledgedAt);
        Assert.Equal(Fever, Assert.Single(await store.InboxAsync("other", unread: true)).Body);
        Assert.Null(Assert.Single(await store.AlertsAsync("other")).AcknowledgedAt);
        Assert.Equal(InboxVerdict.Done, (await store.Get<InboxStore>().ReadAsync("other", "SM-in-1", "Nurse Joy", "api", None)).Verdict);
    }

    [Fact]
    public async Task A_text_of_a_patient_of_two_clinics_goes_when_both_have_erased_them()
    {
        using var store = await WithTwoClinicsAsync();
        await store.BookAsync(Some.Booking);
        await store.BookAsync(Some.Booking with { Key = new SessionKey("other", "o-1") });
        await store.ReceiveAsync(Fever);
        await EraseAsync(store);
        Assert.Equal(1L, store.Scalar("SELECT COUNT(*) FROM inbound_messages"));
        Assert.Single(await store.InboxAsync("other"));

        await EraseAsync(store, "other");
        Assert.Equal(0L, store.Scalar("SELECT COUNT(*) FROM inbound_messages"));
        Assert.Equal(0L, store.Scalar("SELECT COUNT(*) FROM inbound_copies"));
    }

    private static async Task<StoreUnderTest> WithTwoClinicsAsync()
    {
        var store = new StoreUnderTest();
        await store.Clinics.PutAsync(Some.Clinic, "test", None);
        await store.Clinics.PutAsync(Some.Clinic with { Id = "other" }, "test", None);
        return store;
    }

    private static async Task EraseAsync(StoreUnderTest store, string clinic = "glow") =>
        Assert.NotNull(await store.Get<PatientErasure>().EraseAsync(clinic, Some.Patient.Id, "api", None));
}
