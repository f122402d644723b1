using FollowUp.Cli.Stores;
using FollowUp.Data.Keys;

namespace FollowUp.Cli.Keys;

/// <summary>The keys of a data directory. The app may be running on it: each change is one short transaction.</summary>
internal sealed class KeyStore : IAsyncDisposable
{
    private readonly StoreAccess _store;

    private KeyStore(StoreAccess store) => _store = store;

    public ApiKeyStore Keys => _store.Get<ApiKeyStore>();

    public TimeProvider Clock => _store.Clock;

    /// <inheritdoc cref="StoreAccess.Open"/>
    public static KeyStore Open(DirectoryInfo? directory) => new(StoreAccess.Open(directory));

    public ValueTask DisposeAsync() => _store.DisposeAsync();
}
