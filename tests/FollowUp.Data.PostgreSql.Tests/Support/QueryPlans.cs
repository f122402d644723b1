using System.Data.Common;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace FollowUp.Testing;

/// <summary>Has PostgreSQL run each query of the stores a second time and say how many rows of which table it went through.</summary>
public sealed class QueryPlans : DbCommandInterceptor
{
    /// <summary>Five thousand and one is what a search counts to before it walks; a growing table of the test has more rows than this.</summary>
    private const double Most = 6000;

    private static readonly HashSet<string> s_growing =
    [
        "alerts", "direct_messages", "inbound_messages", "inbound_copies", "webhook_posts", "patients", "sessions", "steps", "consents", "number_marks",
        "audit", "webhook_events", "delivery_reports", "earlier_messages",
    ];

    private bool _isAsking;

    public bool IsWatching { get; set; }

    public int Count { get; private set; }

    /// <summary>The indexes that were used.</summary>
    public HashSet<string> Indexes { get; } = [];

    /// <summary>What was read too much of, each with its query.</summary>
    public List<string> Scans { get; } = [];

    public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        await LookAsync(command);
        return result;
    }

    public override async ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        await LookAsync(command);
        return result;
    }

    private async Task LookAsync(DbCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        var text = command.CommandText.TrimStart();
        var runs = text.StartsWith("SELECT", StringComparison.Ordinal) || text.StartsWith("WITH", StringComparison.Ordinal);
        if (!IsWatching || _isAsking || !(runs || text.StartsWith("UPDATE", StringComparison.Ordinal) || text.StartsWith("DELETE", StringComparison.Ordinal)) || text.TrimEnd(';', '\n').Contains(';', StringComparison.Ordinal))
        {
            return;
        }

        _isAsking = true;
        Count++;
        using var explain = ((NpgsqlConnection)command.Connection!).CreateCommand();
        explain.Transaction = (NpgsqlTransaction?)command.Transaction;
#pragma warning disable CA2100 // The app's own text.
        explain.CommandText = $"EXPLAIN ({(runs ? "ANALYZE, TIMING OFF, " : "")}FORMAT JSON) {command.CommandText}";
#pragma warning restore CA2100
        foreach (NpgsqlParameter parameter in command.Parameters)
        {
            explain.Parameters.Add(parameter.Clone());
        }

        var plan = JsonNode.Parse((string)(await explain.ExecuteScalarAsync())!)!.AsArray()[0]!["Plan"]!.AsObject();
        Walk(plan, runs, command.CommandText, plan);
        _isAsking = false;
    }

    private void Walk(JsonObject node, bool hasRun, string query, JsonObject whole)
    {
        if ((string?)node["Index Name"] is { } index)
        {
            Indexes.Add(index);
        }

        if ((string?)node["Relation Name"] is { } table && s_growing.Contains(table) && ((string)node["Node Type"]!).Contains("Scan", StringComparison.Ordinal))
        {
            // Of a change that was not run there is the planner's guess alone.
            var rows = hasRun
                ? (Number(node, "Actual Rows") + Number(node, "Rows Removed by Filter") + Number(node, "Rows Removed by Index Recheck")) * Number(node, "Actual Loops")
                : (string)node["Node Type"]! == "Seq Scan" ? double.PositiveInfinity : Number(node, "Plan Rows");
            if (rows > Most)
            {
                Scans.Add($"{table}: {rows.ToString(CultureInfo.InvariantCulture)} rows by {node["Node Type"]} {(string?)node["Index Name"] ?? ""} in {query}\n{whole.ToJsonString()}");
            }
        }

        foreach (var child in node["Plans"]?.AsArray() ?? [])
        {
            Walk(child!.AsObject(), hasRun, query, whole);
        }
    }

    private static double Number(JsonObject node, string name) => (double?)node[name] ?? 0;
}
