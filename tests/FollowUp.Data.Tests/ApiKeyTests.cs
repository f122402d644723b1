using FollowUp.Data.Keys;
using FollowUp.Testing;
using NodaTime;

namespace FollowUp.Data.Tests;

public sealed class ApiKeyTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly StoreUnderTest _store = new();

    private ApiKeyStore Keys => _store.Get<ApiKeyStore>();

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task A_key_opens_until_the_instant_of_its_end()
    {
        var end = _store.Clock.Now + Duration.FromDays(30);
        var made = (await Keys.AddAsync(new NewApiKey { Name = "Booking system", EndsAt = end }, "test", None))!;

        _store.Clock.Now = end - Duration.FromTicks(1);
        Assert.Equal(made.Key, await Keys.FindAsync(made.Secret, None));
        _store.Clock.Now = end;
        Assert.Null(await Keys.FindAsync(made.Secret, None));
        Assert.Equal(ApiKeyState.Expired, Assert.Single(await Keys.ListAsync(null, 10, None)).State);
    }

    [Fact]
    public async Task Its_use_is_noted_once_a_minute_at_most()
    {
        var made = (await Keys.AddAsync(new NewApiKey { Name = "Booking system" }, "test", None))!;
        var first = _store.Clock.Now;
        await UseAsync(made.Secret);
        _store.Clock.Now = first + Duration.FromSeconds(59);
        await UseAsync(made.Secret);
        Assert.Equal(first, (await Keys.FindAsync(made.Secret, None))!.LastUsedAt);

        _store.Clock.Now = first + Duration.FromSeconds(60);
        await UseAsync(made.Secret);
        Assert.Equal(_store.Clock.Now, (await Keys.FindAsync(made.Secret, None))!.LastUsedAt);
    }

    [Theory]
    [InlineData("Booking system", "booking-system-")]
    [InlineData("  --  ", "key-")]
    [InlineData("Überweisung № 7", "berweisung-7-")]
    [InlineData("日本", "key-")]
    public async Task Its_id_is_made_from_its_name_and_never_the_same_twice(string name, string start)
    {
        var one = (await Keys.AddAsync(new NewApiKey { Name = name }, "test", None))!.Key;
        var other = (await Keys.AddAsync(new NewApiKey { Name = name }, "test", None))!.Key;

        Assert.StartsWith(start, one.Id, StringComparison.Ordinal);
        Assert.True(Core.Contacts.Identifier.IsValid(one.Id));
        Assert.NotEqual(one.Id, other.Id);
    }

    [Fact]
    public async Task A_key_for_a_clinic_that_is_not_there_is_not_made()
    {
        Assert.Null(await Keys.AddAsync(new NewApiKey { Name = "Booking system", Clinic = "nowhere" }, "test", None));
        Assert.Empty(await Keys.ListAsync(null, 10, None));
        Assert.Equal(0L, _store.Scalar("SELECT count(*) FROM audit"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("fu_")]
    [InlineData("fu_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("' OR 1=1 --")]
    public async Task What_is_no_key_finds_none(string text)
    {
        await Keys.AddAsync(new NewApiKey { Name = "Booking system" }, "test", None);
        Assert.Null(await Keys.FindAsync(text, None));
    }

    private async Task UseAsync(string secret) => await Keys.NoteUseAsync((await Keys.FindAsync(secret, None))!, None);
}
