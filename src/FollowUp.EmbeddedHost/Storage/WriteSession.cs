using FollowUp.EmbeddedHost.Engine.Replay;
using Microsoft.Data.Sqlite;
using Microsoft.DurableTask.Client;

namespace FollowUp.EmbeddedHost.Storage;

/// <summary>Where a message stands in the line of its instance.</summary>
internal enum InboxPriority
{
    Start = 0,
    CarriedOver = 1,
    Ordinary = 2,
}

/// <summary>The prepared statements of the one writing connection. Used inside the writer's transaction only.</summary>
internal sealed class WriteSession : IDisposable
{
    private readonly List<Statement> _statements = [];
    private readonly Statement _findInstance;
    private readonly Statement _insertInstance;
    private readonly Statement _restartInstance;
    private readonly Statement _updateInstance;
    private readonly Statement _continueInstance;
    private readonly Statement _setAside;
    private readonly Statement _insertHistory;
    private readonly Statement _deleteHistory;
    private readonly Statement _insertInbox;
    private readonly Statement _deleteInbox;
    private readonly Statement _deleteInboxOf;
    private readonly Statement _insertTimer;
    private readonly Statement _deleteTimer;
    private readonly Statement _insertActivity;
    private readonly Statement _deleteActivity;
    private readonly Statement _deleteActivitiesOf;
    private readonly Statement _deleteInstance;

    public WriteSession(SqliteConnection connection)
    {
        Statement Prepare(string sql, int parameters)
        {
            Statement statement = new(connection, sql, parameters);
            _statements.Add(statement);
            return statement;
        }

        _findInstance = Prepare($"SELECT {RowMapping.InstanceColumns} FROM instances WHERE id = ?1", 1);
        _insertInstance = Prepare(
            "INSERT INTO instances (id, generation, name, version, status, input, created_at, updated_at) VALUES (?1, 1, ?2, ?3, ?4, ?5, ?6, ?6) RETURNING key", 6);
        _restartInstance = Prepare(
            """
            UPDATE instances SET generation = generation + 1, name = ?2, version = ?3, status = ?4, input = ?5, output = NULL, custom_status = NULL,
                failure = NULL, created_at = ?6, updated_at = ?6, set_aside = NULL WHERE key = ?1
            """,
            6);
        _updateInstance = Prepare(
            "UPDATE instances SET status = ?2, output = ?3, custom_status = ?4, failure = ?5, updated_at = ?6 WHERE key = ?1", 6);
        _continueInstance = Prepare(
            """
            UPDATE instances SET generation = generation + 1, version = ?2, status = ?3, input = ?4, output = NULL, custom_status = NULL,
                failure = NULL, updated_at = ?5 WHERE key = ?1
            """,
            5);
        _setAside = Prepare("UPDATE instances SET set_aside = ?2 WHERE key = ?1", 2);
        _insertHistory = Prepare(
            "INSERT INTO history (instance, seq, kind, at, task_id, name, version, data, fire_at, failure) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)", 10);
        _deleteHistory = Prepare("DELETE FROM history WHERE instance = ?1", 1);
        _insertInbox = Prepare("INSERT INTO inbox (instance, priority, kind, name, version, data) VALUES (?1, ?2, ?3, ?4, ?5, ?6)", 6);
        _deleteInbox = Prepare("DELETE FROM inbox WHERE key = ?1", 1);
        _deleteInboxOf = Prepare("DELETE FROM inbox WHERE instance = ?1", 1);
        _insertTimer = Prepare("INSERT OR REPLACE INTO timers (due, instance, timer_id, generation) VALUES (?1, ?2, ?3, ?4)", 4);
        _deleteTimer = Prepare("DELETE FROM timers WHERE due = ?1 AND instance = ?2 AND timer_id = ?3 AND generation = ?4", 4);
        _insertActivity = Prepare(
            "INSERT INTO activities (instance, generation, task_id, name, input) VALUES (?1, ?2, ?3, ?4, ?5) RETURNING key", 5);
        _deleteActivity = Prepare("DELETE FROM activities WHERE key = ?1", 1);
        _deleteActivitiesOf = Prepare("DELETE FROM activities WHERE instance = ?1", 1);
        _deleteInstance = Prepare("DELETE FROM instances WHERE key = ?1", 1);
    }

    public InstanceRow? FindInstance(string id) => _findInstance.Query(RowMapping.ReadInstance, id).SingleOrDefault();

    public long InsertInstance(string id, string name, string version, string? input, DateTime now) =>
        (long)_insertInstance.Scalar(id, name, version, (int)OrchestrationRuntimeStatus.Pending, input, now.Ticks)!;

    /// <summary>Makes an ended instance new; its history must be deleted in the same transaction.</summary>
    public void RestartInstance(long key, string name, string version, string? input, DateTime now) =>
        _restartInstance.Execute(key, name, version, (int)OrchestrationRuntimeStatus.Pending, input, now.Ticks);

    public void UpdateInstance(InstanceRow row) => _updateInstance.Execute(
        row.Key, (int)row.Status, row.Output, row.CustomStatus, RowMapping.WriteFailure(row.Failure), row.UpdatedAt.Ticks);

    public void ContinueInstance(InstanceRow row) =>
        _continueInstance.Execute(row.Key, row.Version, (int)row.Status, row.Input, row.UpdatedAt.Ticks);

    public void SetAside(long key, string? reason) => _setAside.Execute(key, reason);

    public void AppendHistory(long instance, int seq, HistoryEvent e) => _insertHistory.Execute(
        instance, seq, (int)e.Kind, e.Timestamp.Ticks, e.Id, e.Name, e.Version, e.Data, e.FireAt?.Ticks, RowMapping.WriteFailure(e.Failure));

    public void DeleteHistory(long instance) => _deleteHistory.Execute(instance);

    public void InsertInbox(long instance, InboxPriority priority, HistoryEvent e) =>
        _insertInbox.Execute(instance, (int)priority, (int)e.Kind, e.Name, e.Version, e.Data);

    public void DeleteInbox(long key) => _deleteInbox.Execute(key);

    public void DeleteInboxOf(long instance) => _deleteInboxOf.Execute(instance);

    public void InsertTimer(TimerRow timer) => _insertTimer.Execute(timer.Due, timer.Instance, timer.TimerId, timer.Generation);

    public void DeleteTimer(TimerRow timer) => _deleteTimer.Execute(timer.Due, timer.Instance, timer.TimerId, timer.Generation);

    public long InsertActivity(long instance, int generation, int taskId, string name, string? input) =>
        (long)_insertActivity.Scalar(instance, generation, taskId, name, input)!;

    public void DeleteActivity(long key) => _deleteActivity.Execute(key);

    /// <summary>Forgets an ended instance altogether. Its timers went when it ended.</summary>
    public void Purge(long key)
    {
        _deleteHistory.Execute(key);
        _deleteInboxOf.Execute(key);
        _deleteActivitiesOf.Execute(key);
        _deleteInstance.Execute(key);
    }

    public void Dispose() => _statements.ForEach(statement => statement.Dispose());
}
