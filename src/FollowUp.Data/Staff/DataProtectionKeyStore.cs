using FollowUp.Data.Context;
using FollowUp.Data.Rows;
using Microsoft.EntityFrameworkCore;

namespace FollowUp.Data.Staff;

/// <summary>The keys that cookies and forms are protected with. They are in the store so that every machine has them and a restart ends no sign-in.</summary>
public sealed class DataProtectionKeyStore
{
    private readonly Store _store;

    internal DataProtectionKeyStore(Store store) => _store = store;

    public Task<List<string>> AllAsync(CancellationToken cancellation) =>
        _store.ReadAsync(db => db.DataProtectionKeys.OrderBy(row => row.Id).Select(row => row.Xml).ToListAsync(cancellation), cancellation);

    public Task AddAsync(string friendlyName, string xml, CancellationToken cancellation) =>
        _store.WriteAsync(db =>
        {
            db.DataProtectionKeys.Add(new DataProtectionKeyRow { FriendlyName = friendlyName, Xml = xml });
            return Task.FromResult(true);
        }, cancellation);
}
