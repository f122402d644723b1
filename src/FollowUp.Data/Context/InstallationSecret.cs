using System.Security.Cryptography;
using FollowUp.Data.Rows;

namespace FollowUp.Data.Context;

/// <summary>Random keys that the installation makes for itself and keeps in the store, so that a backup holds them with what they protect.</summary>
internal static class InstallationSecret
{
    private const int Bytes = 32;

    public static async Task<byte[]?> FindAsync(FollowUpContext db, string name, CancellationToken cancellation) =>
        await db.Installation.FindAsync([name], cancellation) is { } row ? Convert.FromHexString(row.Value) : null;

    public static async Task<byte[]> FindOrMakeAsync(FollowUpContext db, string name, CancellationToken cancellation)
    {
        if (await FindAsync(db, name, cancellation) is { } known)
        {
            return known;
        }

        var key = RandomNumberGenerator.GetBytes(Bytes);
        db.Installation.Add(new InstallationRow { Name = name, Value = Convert.ToHexStringLower(key) });
        return key;
    }
}
