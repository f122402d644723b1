using FollowUp.Testing;

namespace FollowUp.Data.Tests;

/// <summary>With <c>StopCountsForAllSenders</c> a STOP binds everybody on the number, and whose an answer is stays as it was.</summary>
public sealed class StopScopeTests
{
    private const string OtherSender = "+15005550007";
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly SessionKey AtOther = new("other", "o-1");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_STOP_counts_for_every_sender_if_the_installation_says_so(bool forAll)
    {
        using var store = await OpenAsync(forAll);
        await store.ReceiveAsync("STOP");

        Assert.Equal(SessionState.OptedOut, (await store.ViewAsync()).State);
        Assert.Equal(forAll, (await store.ViewAsync(AtOther)).State == SessionState.OptedOut);

        await store.ReceiveAsync("START");
        Assert.NotNull((await store.ViewAsync()).Next);
        Assert.NotNull((await store.ViewAsync(AtOther)).Next);
    }

    [Fact]
    public async Task A_text_to_one_clinics_number_is_not_read_at_another()
    {
        using var store = await OpenAsync(forAll: true);
        await store.ReceiveAsync("Which sunscreen do you recommend?");
        await store.ReceiveAsync("I have a fever", to: OtherSender);

        Assert.Equal(Some.Patient.Id, Assert.Single(await store.InboxAsync()).Patient);
        Assert.Equal("o-p", Assert.Single(await store.InboxAsync("other")).Patient);
        Assert.DoesNotContain(await store.AlertsAsync(), alert => alert.Kind == AlertKind.RedFlag);
    }

    [Fact]
    public async Task A_clinic_that_names_the_default_sender_shares_it_with_those_that_name_none()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        await store.ReceiveAsync("STOP");
        store.Scalar("DELETE FROM number_marks"); // a no of before there were marks
        await store.Clinics.PutAsync(Some.Clinic with { Id = "other", Sender = StoreUnderTest.Sender }, "test", None);
        await store.BookAsync(Some.Booking with { Key = AtOther, Patient = Some.Patient with { Id = "o-p" } });

        Assert.Equal(SessionState.OptedOut, (await store.ViewAsync(AtOther)).State);
    }

    private static async Task<StoreUnderTest> OpenAsync(bool forAll)
    {
        var store = new StoreUnderTest(rules: rules => rules with { StopCountsForAllSenders = forAll });
        await store.Clinics.PutAsync(Some.Clinic, "test", None);
        await store.Clinics.PutAsync(Some.Clinic with { Id = "other", Sender = OtherSender }, "test", None);
        await store.BookAsync(Some.Booking);
        await store.BookAsync(Some.Booking with { Key = AtOther, Patient = Some.Patient with { Id = "o-p" } });
        return store;
    }
}
