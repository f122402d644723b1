using FollowUp.Data.Context;
using FollowUp.Data.Schema;
using Microsoft.EntityFrameworkCore;

namespace FollowUp.Data.Tests;

public sealed class SqliteFileTests
{
    [Fact]
    public async Task The_store_is_written_with_a_write_ahead_log_and_full_synchronisation()
    {
        using var schema = new SchemaUnderTest();
        await schema.UpgradeAsync(SchemaScript.For("Sqlite"));
        await using var db = schema.CreateDbContext();
        await db.Database.OpenConnectionAsync();

        Assert.Equal("wal", await PragmaAsync(db, "journal_mode"));
        Assert.Equal(2L, await PragmaAsync(db, "synchronous"));
        Assert.Equal(1L, await PragmaAsync(db, "foreign_keys"));
        Assert.Equal(10000L, await PragmaAsync(db, "busy_timeout"));
    }

    private static async Task<object?> PragmaAsync(FollowUpContext db, string name)
    {
        await using var command = db.Database.GetDbConnection().CreateCommand();
#pragma warning disable CA2100 // A test's own text.
        command.CommandText = $"PRAGMA {name}";
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync();
    }
}
