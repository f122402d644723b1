using FollowUp.Data.Overview;
using FollowUp.Data.Sessions.Lists;
using FollowUp.Testing;

namespace FollowUp.Data.Tests;

/// <summary>Not every text of .NET is one for a database: PostgreSQL has no U+0000, and half of a surrogate pair is no text at all.</summary>
public sealed class UnstorableTextTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private StoreUnderTest _store = null!;

    public async ValueTask InitializeAsync() => _store = await StoreUnderTest.WithBookingAsync();

    public ValueTask DisposeAsync()
    {
        _store.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("ST\0OP")]
    [InlineData("STOP\0")]
    [InlineData("\0STOP")]
    public async Task A_stop_with_a_character_that_cannot_be_stored_is_a_stop(string body)
    {
        await _store.ReceiveAsync(body);
        Assert.Equal(SessionState.OptedOut, (await _store.ViewAsync()).State);
    }

    [Fact]
    public async Task A_reply_is_kept_with_a_mark_for_what_is_no_text()
    {
        await _store.ReceiveAsync("Is this \0normal? \ud83d It \udc00itches \ud83d\ude2c");
        Assert.Equal("Is this normal? \ufffd It \ufffditches \ud83d\ude2c", Assert.Single(await _store.InboxAsync()).Body);
    }

    [Fact]
    public async Task What_else_comes_with_a_text_cannot_make_it_fail()
    {
        await _store.ReceiveAsync("I have a fever", from: "+1415\0555", to: "\ud800", sid: "SM\0\udfff");
        await _store.ReceiveAsync("I have a fever", from: "+1415\0555", to: "\ud800", sid: "SM\0\udfff");
        await _store.Delivery.ReportAsync("SM\0", "deli\0vered", null, null, None);
        Assert.Equal(1L, _store.Scalar("SELECT COUNT(*) FROM inbound_messages"));
    }

    [Theory]
    [InlineData("\0")]
    [InlineData("Ad\0")]
    [InlineData("a\ud800")]
    [InlineData("p-\0")]
    public async Task Nothing_is_found_by_what_cannot_be_stored_and_nothing_fails(string search)
    {
        await _store.Get<PatientDirectory>().SearchAsync("glow", search, null, 10, None);
        await _store.Get<PatientDirectory>().SearchAsync("glow", null, search, 10, None);
        await _store.Get<SessionListStore>().ListAsync("glow", new SessionFilter { Search = search, Plan = search, Step = search }, SessionOrder.DueLastFirst, null, 10, masked: true, None);
        await _store.Get<SessionListStore>().ListAsync(search, new SessionFilter(), SessionOrder.DueLastFirst, new SessionPosition(null, Some.BookingTime, search), 10, masked: true, None);
        Assert.Null(await _store.Clinics.FindAsync(search, None));
        Assert.Null(await _store.Sessions.FindAsync(new SessionKey("glow", search), None));
        Assert.Empty(await _store.Ledger.KnownAsync([search], None));
    }
}
