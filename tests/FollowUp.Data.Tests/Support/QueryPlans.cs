using System.Data.Common;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace FollowUp.Data.Tests;

/// <summary>
/// Asks SQLite how it runs each query of the stores, and collects those that read a growing table, or a whole index of one, from end to end; or all that
/// a clinic has in it, which in an installation of one clinic is the same.
/// </summary>
public sealed partial class QueryPlans : DbCommandInterceptor
{
    private static readonly HashSet<string> Growing = new(StringComparer.OrdinalIgnoreCase)
    {
        "alerts", "direct_messages", "inbound_messages", "inbound_copies", "webhook_posts", "patients", "sessions", "steps", "consents", "number_marks",
        "audit", "webhook_events", "delivery_reports", "earlier_messages",
    };

    private bool _isAsking;
    private HashSet<string>? _partial;

    public bool IsWatching { get; set; }

    public int Count { get; private set; }

    /// <summary>The steps of all plans.</summary>
    public HashSet<string> Steps { get; } = [];

    /// <summary>What was read from end to end, each with its query.</summary>
    public List<string> Scans { get; } = [];

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(command);
        if (IsWatching && !_isAsking && command.CommandText.Contains("SELECT", StringComparison.OrdinalIgnoreCase)
            && !command.CommandText.Contains("WHERE 0", StringComparison.Ordinal))
        {
            Explain(command);
        }

        return ValueTask.FromResult(result);
    }

    private void Explain(DbCommand command)
    {
        _isAsking = true;
        Count++;
        _partial ??= [.. Read(command, "SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE '% WHERE %' AND sql NOT LIKE '%IS NOT NULL'", 0)];
        var tables = Tables().Matches(command.CommandText).Select(match => (Alias: match.Groups["alias"] is { Success: true } alias ? alias.Value : match.Groups["table"].Value, Table: match.Groups["table"].Value))
            .DistinctBy(table => table.Alias, StringComparer.OrdinalIgnoreCase).ToDictionary(table => table.Alias, table => table.Table, StringComparer.OrdinalIgnoreCase);
        List<string> steps = [.. Read(command, "EXPLAIN QUERY PLAN " + command.CommandText, 3)];

        Steps.UnionWith(steps);

        // A page walks its index and stops; unless it has to sort first.
        var stops = command.CommandText.Contains("LIMIT", StringComparison.Ordinal) && !steps.Exists(step => step.StartsWith("USE TEMP B-TREE FOR ORDER BY", StringComparison.Ordinal));
        foreach (var step in steps)
        {
            // A partial index that holds few rows may well be read whole; one of all rows that have a value is not of few.
            if (Whole().Match(step) is { Success: true } read && tables.GetValueOrDefault(read.Groups["alias"].Value) is { } table && Growing.Contains(table)
                && !_partial.Contains(read.Groups["index"].Value) && (!stops || step.StartsWith("SCAN", StringComparison.Ordinal)))
            {
                Scans.Add($"{table}: {step} in {command.CommandText}");
            }
        }

        _isAsking = false;
    }

    private static List<string> Read(DbCommand like, string sql, int column)
    {
        using var command = like.Connection!.CreateCommand();
        command.Transaction = like.Transaction;
#pragma warning disable CA2100 // The app's own text.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (DbParameter given in like.Parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (given.ParameterName, given.Value);
            command.Parameters.Add(parameter);
        }

        using var reader = command.ExecuteReader();
        List<string> values = [];
        while (reader.Read())
        {
            values.Add(reader.GetString(column));
        }

        return values;
    }

    [GeneratedRegex("""(FROM|JOIN)\s+"?(?<table>\w+)"?(\s+AS\s+"?(?<alias>\w+)"?)?""", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex Tables();

    [GeneratedRegex(@"^(SCAN (?<alias>\w+)( USING (COVERING )?INDEX (?<index>\w+))?|SEARCH (?<alias>\w+) USING (COVERING )?INDEX (?<index>\w+) \(clinic_id=\?\))$", RegexOptions.ExplicitCapture)]
    private static partial Regex Whole();
}
