using System.Globalization;
using FollowUp.Data.Context;
using Microsoft.Data.Sqlite;
using NodaTime;

namespace FollowUp.Data.Sessions.Lists;

/// <summary>
/// The SQL of lists of sessions. Written by hand because each query must walk an index in the order of the list: one walk for each state,
/// merged by the caller, or, for a search, from the patients that it finds. Values are parameters throughout.
/// </summary>
internal sealed class SessionListSql
{
    private readonly List<string> _conditions = [];
    private readonly List<SqliteParameter> _parameters = [];
    private readonly SessionFilter _filter;
    private readonly SearchTerm? _search;

    public SessionListSql(string clinic, SessionFilter filter)
    {
        (_filter, _search) = (filter, SearchTerm.Of(filter.Search));
        Add("clinic", clinic);
        if (filter.Plan is { } plan)
        {
            Where("s.plan_id = @plan", ("plan", plan));
        }

        if (filter.Step is { } step)
        {
            Where("s.next_step = @step", ("step", step));
        }

        if (filter.DueBefore is { } before)
        {
            Where("s.next_due_at < @before", ("before", StoreText.Instant.Format(before)));
        }
    }

    /// <summary>Whether the filter can select nothing, so that there is nothing to ask.</summary>
    public bool IsHopeless => _search?.IsHopeless == true;

    public IReadOnlyList<SqliteParameter> Parameters => _parameters;

    /// <summary>Rows that have a next step, or all of them, in the order of the list.</summary>
    /// <param name="withDue">True for rows with a next step alone, false for those without, null for all.</param>
    /// <param name="after">Only what comes behind this.</param>
    public string Page(SessionOrder order, bool? withDue, SessionPosition? after, int limit)
    {
        var (columns, direction, sign) = order switch
        {
            SessionOrder.DueLastFirst => ("s.next_due_at, s.starts_at, s.id", "DESC", "<"),
            SessionOrder.DueSoonestFirst => ("s.next_due_at, s.starts_at, s.id", "ASC", ">"),
            SessionOrder.StartsLastFirst => ("s.starts_at, s.id", "DESC", "<"),
            _ => ("s.starts_at, s.id", "ASC", ">"),
        };
        List<string> conditions = [.. _conditions];
        if (withDue is { } due)
        {
            conditions.Add(due ? "s.next_due_at IS NOT NULL" : "s.next_due_at IS NULL");
            columns = due ? columns : "s.starts_at, s.id";
        }

        if (after is not null)
        {
            Add("afterStart", StoreText.Instant.Format(after.StartsAt));
            Add("afterId", after.Session);
            var byDue = columns.StartsWith("s.next_due_at", StringComparison.Ordinal);
            if (byDue)
            {
                Add("afterDue", StoreText.Instant.Format(after.DueAt!.Value));
            }

            conditions.Add($"({columns}) {sign} ({(byDue ? "@afterDue, " : "")}@afterStart, @afterId)");
        }

        var ordered = $"ORDER BY {string.Join(", ", columns.Split(", ").Select(column => $"{column} {direction}"))} LIMIT {limit.ToString(CultureInfo.InvariantCulture)}";
        if (_search is not null || _filter.Step is not null)
        {
            // What is found is few, or has an index of its own: the states need no walks of their own.
            return $"{Found()}SELECT s.* FROM {Source()} WHERE {All([.. conditions, .. StateCondition()])} {ordered}";
        }

        var walks = States().Select(state => $"SELECT * FROM (SELECT s.* FROM sessions AS s WHERE {All([$"s.state = {State(state)}", .. conditions])} {ordered})");
        return string.Join("\nUNION ALL\n", walks);
    }

    /// <summary>The ids of all sessions that the filter selects, in no order.</summary>
    public string Ids() => $"{Found()}SELECT s.id, s.next_due_at FROM {Source()} WHERE {All([.. _conditions, .. StateCondition()])}";

    private IEnumerable<SessionState> States() =>
        _filter.States.Count > 0 ? _filter.States.Order() : Enum.GetValues<SessionState>();

    private IEnumerable<string> StateCondition() =>
        _filter.States.Count == 0 ? [] : [$"s.state IN ({string.Join(", ", States().Select(State))})"];

    private string State(SessionState state)
    {
        var name = $"state{(int)state}";
        if (!_parameters.Exists(parameter => parameter.ParameterName == "@" + name))
        {
            Add(name, EnumText.Of(state));
        }

        return "@" + name;
    }

    // CROSS JOIN: from what was found to its rows, never the other way round.
    private string Source() => _search is null ? "sessions AS s" : "found CROSS JOIN sessions AS s";

    private string All(IEnumerable<string> conditions) =>
        string.Join(" AND ", [.. _search is null ? Array.Empty<string>() : ["s.id = found.id"], "s.clinic_id = @clinic", .. conditions]);

    /// <summary>The ids of the sessions that a search finds, each way by its own index.</summary>
    private string Found()
    {
        if (_search is null)
        {
            return "";
        }

        List<string> ways = [];
        if (_search.Name is { } name)
        {
            ways.Add(OfPatients("name_key", "name", name));
        }

        foreach (var (end, number) in _search.PhoneEnds.Select((end, number) => (end, number)))
        {
            ways.Add(OfPatients("phone_reversed", $"phone{number}", end));
        }

        if (_search.Id is { } id)
        {
            ways.Add(OfPatients("id", "id", id));
            ways.Add("SELECT own.id FROM sessions AS own WHERE own.clinic_id = @clinic AND own.id >= @id AND own.id < @idEnd");
        }

        return $"WITH found (id) AS MATERIALIZED (\n{string.Join("\nUNION\n", ways)})\n";
    }

    private string OfPatients(string column, string name, string beginning)
    {
        if (!_parameters.Exists(parameter => parameter.ParameterName == "@" + name))
        {
            Add(name, beginning);
            Add(name + "End", SearchTerm.EndOf(beginning));
        }

        return $"SELECT of.id FROM patients AS p CROSS JOIN sessions AS of WHERE p.clinic_id = @clinic AND p.{column} >= @{name} AND p.{column} < @{name}End "
            + "AND of.clinic_id = @clinic AND of.patient_id = p.id";
    }

    private void Where(string condition, (string Name, string Value) parameter)
    {
        _conditions.Add(condition);
        Add(parameter.Name, parameter.Value);
    }

    private void Add(string name, string value)
    {
        if (!_parameters.Exists(parameter => parameter.ParameterName == "@" + name))
        {
            _parameters.Add(new SqliteParameter("@" + name, value));
        }
    }
}
