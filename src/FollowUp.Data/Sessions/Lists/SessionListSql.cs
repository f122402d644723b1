using System.Globalization;
using System.Text.RegularExpressions;
using FollowUp.Data.Context;
using NodaTime;

namespace FollowUp.Data.Sessions.Lists;

/// <summary>
/// The SQL of lists of sessions. Written by hand because each query must walk an index in the order of the list: one walk for each state,
/// merged by the caller, or, for a search that finds few, from what it finds. Values are parameters throughout.
/// </summary>
internal sealed partial class SessionListSql
{
    /// <summary>Of so many patients and sessions a list is no longer put together from what was found: a walk meets enough of them soon.</summary>
    private const int Many = 5000;

    private readonly List<string> _conditions = [];
    private readonly Dictionary<string, int> _parameters = [];
    private readonly List<object> _values = [];
    private readonly SessionFilter _filter;
    private readonly SearchTerm? _search;
    private readonly bool _findsMany;
    private readonly string _byId;

    /// <param name="findsMany">What <see cref="Breadth"/> has said of the search.</param>
    /// <param name="byId">How the database is told to look a patient up in the index by id.</param>
    public SessionListSql(string clinic, SessionFilter filter, bool findsMany = false, string byId = "")
    {
        (_filter, _search, _findsMany, _byId) = (filter, SearchTerm.Of(filter.Search), findsMany, byId);
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

    /// <summary>The values of a query's parameters, in the order of their numbers.</summary>
    public object[] Values => [.. _values];

    /// <summary>Whether there is a search, whose breadth is worth asking for.</summary>
    public bool IsSearch => _search is not null;

    /// <summary>One row, with 1 when the search finds many patients or sessions.</summary>
    public string Breadth() => Numbered($"SELECT CASE WHEN SUM(found.many) > {Text(Many)} THEN 1 ELSE 0 END AS \"Value\" FROM (\n{string.Join("\nUNION ALL\n", Ways().Select(way => $"SELECT COUNT(*) AS many FROM (SELECT 1 FROM {way.Table} AS w WHERE w.clinic_id = @clinic AND {way.Range("w")} LIMIT {Text(Many + 1)}) AS w2"))}) AS found");

    /// <summary>Whether all rows come in one part. Otherwise an order by due time has two: those with a next step, then those without.</summary>
    public bool IsOnePart(SessionOrder order) => StartsFromFound || order is SessionOrder.StartsLastFirst or SessionOrder.StartsSoonestFirst;

    /// <summary>The first rows of a part of the list. Those of several states come one state after the other, each in the order of the list.</summary>
    /// <param name="withDue">The part: with a next step, without, or null where the list has one part.</param>
    /// <param name="after">Only what comes behind this.</param>
    public string Page(SessionOrder order, bool? withDue, SessionPosition? after, int limit)
    {
        var (direction, sign) = order is SessionOrder.DueLastFirst or SessionOrder.StartsLastFirst ? ("DESC", "<") : ("ASC", ">");
        var byDue = order is SessionOrder.DueLastFirst or SessionOrder.DueSoonestFirst && withDue != false;
        List<string> conditions = [.. _conditions];
        if (withDue is { } due)
        {
            conditions.Add(due ? "s.next_due_at IS NOT NULL" : "s.next_due_at IS NULL");
        }

        if (after is not null)
        {
            conditions.Add(Behind(after, byDue, withDue, sign));
        }

        if (_findsMany)
        {
            conditions.Add(IsFound());
        }

        // Without a next step comes last, in both directions; a part has only one sort.
        var columns = $"{(byDue && withDue is null ? "s.next_due_at IS NULL, " : "")}{(byDue ? $"s.next_due_at {direction}, " : "")}s.starts_at {direction}, s.id {direction}";
        var ordered = $"ORDER BY {columns} LIMIT {Text(limit)}";
        if (StartsFromFound || _filter.Step is not null)
        {
            // What is found is few, or has an index of its own: the states need no walks of their own.
            return Numbered($"{Found()}SELECT s.* FROM {Source()} WHERE {All([.. conditions, .. StateCondition()])} {ordered}");
        }

        var walks = States().Select(state => $"SELECT * FROM (SELECT s.* FROM sessions AS s WHERE {All([$"s.state = {State(state)}", .. conditions])} {ordered}) AS walk");
        return Numbered(string.Join("\nUNION ALL\n", walks));
    }

    private string Behind(SessionPosition after, bool byDue, bool? withDue, string sign)
    {
        Add("afterStart", StoreText.Instant.Format(after.StartsAt));
        Add("afterId", after.Session);
        var behindStart = $"(s.starts_at, s.id) {sign} (@afterStart, @afterId)";
        if (!byDue || after.DueAt is not { } due)
        {
            return byDue && withDue is null ? $"s.next_due_at IS NULL AND {behindStart}" : behindStart;
        }

        Add("afterDue", StoreText.Instant.Format(due));
        var behindDue = $"(s.next_due_at, s.starts_at, s.id) {sign} (@afterDue, @afterStart, @afterId)";
        return withDue is null ? $"({behindDue} OR s.next_due_at IS NULL)" : behindDue;
    }

    /// <summary>The ids of all sessions that the filter selects, in no order.</summary>
    public string Ids() => Numbered($"{Found()}SELECT s.id, s.next_due_at FROM {Source()} WHERE {All([.. _conditions, .. StateCondition()])}");

    private IEnumerable<SessionState> States() =>
        _filter.States.Count > 0 ? _filter.States.Order() : Enum.GetValues<SessionState>();

    private IEnumerable<string> StateCondition() =>
        _filter.States.Count == 0 ? [] : [$"s.state IN ({string.Join(", ", States().Select(State))})"];

    private string State(SessionState state)
    {
        var name = $"state{(int)state}";
        Add(name, EnumText.Of(state));
        return "@" + name;
    }

    private bool StartsFromFound => _search is not null && !_findsMany;

    // CROSS JOIN: from what was found to its rows, never the other way round.
    private string Source() => StartsFromFound ? "found CROSS JOIN sessions AS s" : "sessions AS s";

    private string All(IEnumerable<string> conditions) =>
        string.Join(" AND ", [.. StartsFromFound ? ["s.id = found.id"] : Array.Empty<string>(), "s.clinic_id = @clinic", .. conditions]);

    /// <summary>The ids of the sessions that a search finds, each way by its own index.</summary>
    private string Found() => !StartsFromFound ? "" : $"WITH found (id) AS MATERIALIZED (\n{string.Join("\nUNION\n", Ways().Select(way => way.IsPatients
        ? $"SELECT own.id FROM patients AS p CROSS JOIN sessions AS own WHERE p.clinic_id = @clinic AND {way.Range("p")} AND own.clinic_id = @clinic AND own.patient_id = p.id"
        : $"SELECT own.id FROM sessions AS own WHERE own.clinic_id = @clinic AND {way.Range("own")}"))})\n";

    /// <summary>Whether the search finds a session that a walk has come to.</summary>
    private string IsFound()
    {
        var ways = Ways().ToList();
        var ofPatient = string.Join(" OR ", ways.Where(way => way.IsPatients).Select(way => $"({way.Range("p")})"));
        IEnumerable<string> conditions =
        [
            $"EXISTS (SELECT 1 FROM patients AS p{_byId} WHERE p.clinic_id = @clinic AND p.id = s.patient_id AND ({ofPatient}))",
            .. ways.Where(way => !way.IsPatients).Select(way => $"({way.Range("s")})"),
        ];
        return $"({string.Join(" OR ", conditions)})";
    }

    /// <summary>The ways in which a search may be meant, as ranges of columns.</summary>
    private IEnumerable<Way> Ways()
    {
        if (_search?.Name is { } name)
        {
            yield return Way("patients", "name_key", "name", name);
        }

        foreach (var (end, number) in (_search?.PhoneEnds ?? []).Select((end, number) => (end, number)))
        {
            yield return Way("patients", "phone_reversed", $"phone{Text(number)}", end);
        }

        if (_search?.Id is { } id)
        {
            yield return Way("patients", "id", "id", id);
            yield return Way("sessions", "id", "id", id);
        }
    }

    private Way Way(string table, string column, string parameter, string beginning)
    {
        Add(parameter, beginning);
        Add(parameter + "End", SearchTerm.EndOf(beginning));
        return new Way(table, column, parameter);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private void Where(string condition, (string Name, string Value) parameter)
    {
        _conditions.Add(condition);
        Add(parameter.Name, parameter.Value);
    }

    private void Add(string name, string value)
    {
        if (_parameters.TryAdd(name, _values.Count))
        {
            _values.Add(value);
        }
    }

    /// <summary>Numbers for names: how parameters are written for any database.</summary>
    private string Numbered(string text) => Name().Replace(text, name => $"{{{_parameters[name.Groups[1].Value].ToString(CultureInfo.InvariantCulture)}}}");

    [GeneratedRegex(@"@(\w+)")]
    private static partial Regex Name();
}

/// <summary>A way in which a search may be meant: what begins with the words typed, in one column.</summary>
internal sealed record Way(string Table, string Column, string Parameter)
{
    public bool IsPatients => Table == "patients";

    public string Range(string alias) => $"{alias}.{Column} >= @{Parameter} AND {alias}.{Column} < @{Parameter}End";
}
