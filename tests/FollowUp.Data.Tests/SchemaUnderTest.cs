using System.Data.Common;
using FollowUp.Data.Context;
using FollowUp.Data.Databases;
using FollowUp.Data.Schema;
using FollowUp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;

namespace FollowUp.Data.Tests;

/// <summary>A database without a schema, which a test upgrades.</summary>
internal sealed class SchemaUnderTest : IDbContextFactory<FollowUpContext>, IDisposable
{
    private readonly TestDatabase _database;

    public SchemaUnderTest()
    {
        SQLitePCL.Batteries_V2.Init();
        _database = new TestDatabase(Directory, empty: true);
        Kind = DatabaseKind.Of(DatabaseOptions.From(new ConfigurationBuilder().AddInMemoryCollection(_database.Settings).Build()));
    }

    public TemporaryDirectory Directory { get; } = new();

    public DatabaseKind Kind { get; }

    public FollowUpContext CreateDbContext()
    {
        var options = new DbContextOptionsBuilder<FollowUpContext>();
        Kind.Configure(options);
        return new FollowUpContext(options.Options);
    }

    public async Task UpgradeAsync(IReadOnlyList<SchemaScript> scripts)
    {
        using var upgrade = new SchemaUpgrade(this, Kind, scripts, new StoppedClock(Some.BookingTime));
        await upgrade.EnsureAsync(CancellationToken.None);
    }

    public DbConnection Open() => _database.Open();

    /// <summary>The first value; whole numbers as <see cref="long"/>.</summary>
    public object? Scalar(string sql)
    {
        using var connection = Open();
        return connection.Scalar(sql);
    }

    public void Dispose()
    {
        (Kind as IDisposable)?.Dispose();
        _database.Dispose();
    }
}
