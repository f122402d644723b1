using System.Text.RegularExpressions;
using FollowUp.Data.Schema;
using FollowUp.Data.Tests;
using FollowUp.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace FollowUp.Data.PostgreSql.Tests;

/// <summary>The scripts of both databases are one schema in two languages.</summary>
public sealed partial class SchemaScriptTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly SchemaUnderTest _postgres = new();

    public void Dispose() => _postgres.Dispose();

    [Fact]
    public void Both_folders_have_the_same_scripts() =>
        Assert.Equal(SchemaScript.For("Sqlite").Select(script => script.Name), SchemaScript.For("PostgreSql").Select(script => script.Name));

    [Fact]
    public async Task Both_databases_have_the_same_tables_columns_and_keys()
    {
        await _postgres.UpgradeAsync(SchemaScript.For("PostgreSql"));
        using var sqlite = Sqlite();

        Assert.Equal(
            Rows(sqlite, """
                SELECT m.name || '.' || c.name || ' ' || c.type || CASE WHEN c."notnull" THEN ' NOT NULL' ELSE '' END || CASE WHEN c.pk > 0 THEN ' key ' || c.pk ELSE '' END
                FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> 'schema_versions'
                """).Select(column => column.Replace(" INTEGER key 1", " INTEGER NOT NULL key 1", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
            Rows("""
                SELECT c.table_name || '.' || c.column_name || ' ' || CASE c.data_type WHEN 'text' THEN 'TEXT' WHEN 'integer' THEN 'INTEGER' WHEN 'bigint' THEN 'INTEGER' ELSE c.data_type END
                    || CASE c.is_nullable WHEN 'NO' THEN ' NOT NULL' ELSE '' END || COALESCE(' key ' || array_position(i.indkey::int2[], a.attnum) + 1, '')
                FROM information_schema.columns c
                JOIN pg_attribute a ON a.attrelid = c.table_name::regclass AND a.attname = c.column_name
                LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary AND a.attnum = ANY (i.indkey)
                WHERE c.table_schema = 'public' AND c.table_name <> 'schema_versions'
                """).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Both_databases_have_the_same_indexes_and_references()
    {
        await _postgres.UpgradeAsync(SchemaScript.For("PostgreSql"));
        using var sqlite = Sqlite();

        Assert.Equal(
            Rows(sqlite, """
                SELECT i.name || CASE WHEN i."unique" THEN ' unique' ELSE '' END || CASE WHEN i.partial THEN ' partial' ELSE '' END || ' ' || m.name || ': '
                    || (SELECT string_agg(c.name, ' ' ORDER BY c.seqno) FROM pragma_index_info(i.name) c)
                FROM sqlite_master m, pragma_index_list(m.name) i WHERE m.type = 'table' AND i.origin = 'c'
                """).Order(StringComparer.Ordinal),
            Rows("""
                SELECT n.relname || CASE WHEN i.indisunique THEN ' unique' ELSE '' END || CASE WHEN i.indpred IS NOT NULL THEN ' partial' ELSE '' END || ' ' || t.relname || ': '
                    || (SELECT string_agg(a.attname, ' ' ORDER BY k.place) FROM unnest(i.indkey) WITH ORDINALITY AS k (attnum, place) JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum)
                FROM pg_index i JOIN pg_class n ON n.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace s ON s.oid = t.relnamespace
                WHERE s.nspname = 'public' AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype IN ('p', 'u'))
                """).Order(StringComparer.Ordinal));
        Assert.Equal(Predicates("Sqlite"), Predicates("PostgreSql"));

        Assert.Equal(
            Rows(sqlite, """
                SELECT m.name || ' (' || string_agg(f."from", ' ' ORDER BY f.seq) || ') ' || f."table" || CASE f.on_delete WHEN 'CASCADE' THEN ' cascade' ELSE '' END
                FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table' GROUP BY m.name, f.id
                """).Order(StringComparer.Ordinal),
            Rows("""
                SELECT c.conrelid::regclass || ' (' || (SELECT string_agg(a.attname, ' ' ORDER BY k.place) FROM unnest(c.conkey) WITH ORDINALITY AS k (attnum, place)
                    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum) || ') ' || c.confrelid::regclass || CASE c.confdeltype WHEN 'c' THEN ' cascade' ELSE '' END
                FROM pg_constraint c WHERE c.contype = 'f'
                """).Order(StringComparer.Ordinal));
    }

    /// <summary>In the order of bytes and of one width, whatever the database's own order and whatever the numbers grow to.</summary>
    [Fact]
    public async Task Every_column_has_the_type_that_the_model_has_and_every_text_the_order_of_bytes()
    {
        await _postgres.UpgradeAsync(SchemaScript.For("PostgreSql"));
        await using var db = _postgres.CreateDbContext();

        var model = db.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties().Select(property => $"{entity.GetTableName()}.{property.GetColumnName()} {property.GetColumnType()}"));
        var actual = Rows("SELECT table_name || '.' || column_name || ' ' || data_type FROM information_schema.columns WHERE table_schema = 'public'").ToHashSet(StringComparer.Ordinal);
        Assert.All(model, column => Assert.Contains(column, actual));
        Assert.Empty(Rows("""
            SELECT table_name || '.' || column_name FROM information_schema.columns
            WHERE table_schema = 'public' AND table_name <> 'schema_versions' AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'
            """));
    }

    [Fact]
    public async Task Hosts_that_start_together_on_an_empty_database_all_start_and_run_each_script_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => _postgres.UpgradeAsync(SchemaScript.For("PostgreSql")))));
        Assert.Equal((long)SchemaScript.For("PostgreSql").Count, _postgres.Scalar("SELECT COUNT(*) FROM schema_versions"));
    }

    [Fact]
    public async Task Texts_are_in_the_same_order_as_on_SQLite()
    {
        using var store = new StoreUnderTest();
        string[] names = ["b-1", "B-1", "a-2", "A-10", "a_1", "é-1", "z-1", "Z.1"];
        foreach (var id in names.Where(Core.Contacts.Identifier.IsValid))
        {
            await store.Clinics.PutAsync(Some.Clinic with { Id = id }, "test", None);
        }

        var listed = (await store.Clinics.ListAsync(null, 51, None)).Select(clinic => clinic.Id).ToList();
        Assert.True(listed.Count >= 2);
        Assert.Equal(listed.Order(StringComparer.Ordinal), listed);
    }

    [Fact]
    public async Task An_instant_comes_back_to_the_tick()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        store.Clock.Now = Some.BookingTime + NodaTime.Duration.FromTicks(1234567);
        await store.ReceiveAsync("Hello?");
        Assert.Equal(store.Clock.Now, Assert.Single(await store.InboxAsync()).ReceivedAt);
    }

    private static SqliteConnection Sqlite()
    {
        SQLitePCL.Batteries_V2.Init();
        var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        foreach (var script in SchemaScript.For("Sqlite"))
        {
            using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The app's own scripts.
            command.CommandText = script.Sql;
#pragma warning restore CA2100
            command.ExecuteNonQuery();
        }

        return connection;
    }

    /// <summary>The conditions of partial indexes, the last word on each, in SQLite's words.</summary>
    private static SortedDictionary<string, string> Predicates(string provider)
    {
        SortedDictionary<string, string> predicates = new(StringComparer.Ordinal);
        foreach (Match index in SchemaScript.For(provider).SelectMany(script => PartialIndex().Matches(script.Sql)))
        {
            var condition = Yes().Replace(No().Replace(index.Groups["condition"].Value, "NOT $1"), "$1");
            predicates[index.Groups["name"].Value] = condition;
        }

        return predicates;
    }

    private List<string> Rows(string sql)
    {
        using var connection = _postgres.Open();
        return Rows(connection, sql);
    }

    private static List<string> Rows(System.Data.Common.DbConnection connection, string sql)
    {
        using var command = connection.Command(sql);
        using var reader = command.ExecuteReader();
        List<string> rows = [];
        while (reader.Read())
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }

    [GeneratedRegex(@"CREATE (UNIQUE )?INDEX (?<name>\w+)[^;]*?\) WHERE (?<condition>[^;]+);", RegexOptions.ExplicitCapture)]
    private static partial Regex PartialIndex();

    [GeneratedRegex(@"(urgent|wants_reader|awaits_completion) = 0")]
    private static partial Regex No();

    [GeneratedRegex(@"(urgent|wants_reader|awaits_completion) = 1")]
    private static partial Regex Yes();
}
