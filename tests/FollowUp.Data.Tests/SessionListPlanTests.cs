using System.Data.Common;
using System.Text.RegularExpressions;
using FollowUp.Data.AuditTrail;
using FollowUp.Data.Context;
using FollowUp.Data.Sessions.Lists;
using FollowUp.Testing;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Tests;

/// <summary>How SQLite answers the queries of lists.</summary>
public sealed partial class SessionListPlanTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    /// <summary>Every filter, in every order, on every page: an index leads to the rows, and nothing reads a whole table.</summary>
    [Fact]
    public async Task No_list_reads_a_whole_table()
    {
        using var store = await SessionListTests.StoreAsync();
        SessionPosition[] positions = [new(Some.BookingTime, Some.BookingTime, "s"), new(null, Some.BookingTime, "s")];
        var plans = 0;
        foreach (var filter in Filters())
        {
            foreach (var order in Enum.GetValues<SessionOrder>())
            {
                foreach (var findsMany in filter.Search is null ? new[] { false } : [false, true])
                {
                    foreach (var withDue in new SessionListSql("glow", filter, findsMany).IsOnePart(order) ? new bool?[] { null } : [true, false])
                    {
                        foreach (var after in new[] { null, positions[withDue == false ? 1 : 0], withDue is null ? positions[1] : null }.Distinct())
                        {
                            var sql = new SessionListSql("glow", filter, findsMany, " INDEXED BY patients_by_id");
                            AssertNoScan(store, sql.Page(order, withDue, after, 51), sql, $"{filter}, {order}, {withDue}, {after}, {findsMany}");
                            plans++;
                        }
                    }
                }
            }

            var ids = new SessionListSql("glow", filter);
            AssertNoScan(store, ids.Ids(), ids, $"{filter}, ids");
            if (ids.IsSearch)
            {
                AssertNoScan(store, ids.Breadth(), ids, $"{filter}, breadth");
            }
        }

        Assert.True(plans > 500, $"{plans} queries were looked at.");
    }

    [Fact]
    public async Task No_page_of_the_audit_reads_the_whole_of_it()
    {
        using var store = await SessionListTests.StoreAsync();
        await store.Get<Store>().ReadAsync(db =>
        {
            foreach (var subject in new[] { null, "s-1" })
            {
                foreach (var since in new Instant?[] { null, Some.BookingTime })
                {
                    foreach (var before in new (Instant, long)?[] { null, (Some.BookingTime, 5) })
                    {
                        using var command = AuditStore.Query(db, "glow", since, subject, before, 51).CreateDbCommand();
                        var parameters = command.Parameters.Cast<System.Data.Common.DbParameter>().Select(parameter => (parameter.ParameterName, parameter.Value));
                        AssertNoScan(store, command.CommandText, parameters, $"{subject}, {since}, {before}");
                    }
                }
            }

            return Task.FromResult(true);
        }, None);
    }

    private static IEnumerable<SessionFilter> Filters()
    {
        HashSet<SessionState>[] states = [[], [SessionState.Failed], [SessionState.Waiting, SessionState.Paused]];
        string?[] searches = [null, "ada", "+14155551002", "0123", "b-77"];
        return
            from state in states
            from search in searches
            from plan in new[] { null, Some.PlanId }
            from step in new[] { null, "prep-7d" }
            from due in new Instant?[] { null, Some.SessionStart }
            select new SessionFilter { States = state, Search = search, Plan = plan, Step = step, DueBefore = due };
    }

    private static void AssertNoScan(StoreUnderTest store, string text, SessionListSql sql, string what) =>
        AssertNoScan(store, Number().Replace(text, "@p$1"), sql.Values.Select((value, i) => ($"@p{i}", (object?)value)), what);

    private static void AssertNoScan(StoreUnderTest store, string sql, IEnumerable<(string Name, object? Value)> parameters, string what)
    {
        var details = Explain(store, sql, parameters);
        var scan = details.FirstOrDefault(detail => detail.StartsWith("SCAN", StringComparison.Ordinal) && detail is not ("SCAN found" or "SCAN walk" or "SCAN w2") && !detail.StartsWith("SCAN (", StringComparison.Ordinal));
        Assert.True(scan is null, $"{what}: {scan}\n{string.Join('\n', details)}");
        Assert.Contains(details, detail => detail.StartsWith("SEARCH", StringComparison.Ordinal) && detail.Contains("INDEX", StringComparison.Ordinal));
    }

    private static List<string> Explain(StoreUnderTest store, string sql, IEnumerable<(string Name, object? Value)> parameters)
    {
        using var connection = store.OpenDatabase();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // A test's own text.
        command.CommandText = "EXPLAIN QUERY PLAN " + sql;
#pragma warning restore CA2100
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value ?? DBNull.Value);
            command.Parameters.Add(parameter);
        }

        using var reader = command.ExecuteReader();
        List<string> details = [];
        while (reader.Read())
        {
            details.Add(reader.GetString(3));
        }

        return details;
    }

    [GeneratedRegex(@"\{(\d+)\}")]
    private static partial Regex Number();
}
