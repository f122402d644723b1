using System.Threading.Channels;
using FollowUp.EmbeddedHost.Clock;
using Microsoft.Data.Sqlite;

namespace FollowUp.EmbeddedHost.Storage;

/// <summary>
/// The only writer. Whatever is waiting when a transaction begins goes into it together, so that many steps share one flush
/// to disk. A task given out completes when its work is on disk, and not before.
/// </summary>
internal sealed class GroupCommitWriter : IAsyncDisposable
{
    private const int MostInOneTransaction = 1024;
    private readonly Channel<Work> _queue = Channel.CreateUnbounded<Work>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SqliteConnection _connection;
    private readonly WriteSession _session;
    private readonly Statement _clockStatement;
    private readonly Statement _begin;
    private readonly Statement _commit;
    private readonly Statement _rollback;
    private readonly HostClock _clock;
    private readonly Task _loop;
    private volatile bool _aborted;

    public GroupCommitWriter(EngineDatabase database, HostClock clock)
    {
        _clock = clock;
        _connection = database.Connect();
        using (SqliteCommand cache = _connection.CreateCommand())
        {
            cache.CommandText = "PRAGMA cache_size = -32000";
            cache.ExecuteNonQuery();
        }

        _session = new WriteSession(_connection);
        _clockStatement = EngineDatabase.PrepareClock(_connection);
        _begin = new Statement(_connection, "BEGIN IMMEDIATE", 0);
        _commit = new Statement(_connection, "COMMIT", 0);
        _rollback = new Statement(_connection, "ROLLBACK", 0);
        _loop = Task.Factory.StartNew(Loop, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>How many transactions were committed since the start.</summary>
    public long Commits { get; private set; }

    /// <summary>Runs the work in a transaction shared with others; it may run twice, the first time rolled back.</summary>
    /// <param name="work">What to write.</param>
    /// <param name="committed">Told of the result once it is on disk, in the order of the commits and before any later one; must be quick.</param>
    /// <exception cref="ObjectDisposedException">The writer has stopped.</exception>
    public Task<T> RunAsync<T>(Func<WriteSession, T> work, Action<T>? committed = null)
    {
        Work<T> item = new(work, committed);
        if (_aborted || !_queue.Writer.TryWrite(item))
        {
            item.Fail(new ObjectDisposedException(nameof(GroupCommitWriter), "The engine has stopped; nothing was written."));
        }

        return item.Completion;
    }

    /// <summary>Stops as a crash would: what is not on disk is lost.</summary>
    public async ValueTask AbortAsync()
    {
        _aborted = true;
        await DisposeAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop.ConfigureAwait(false);
    }

    private void Loop()
    {
        List<Work> batch = [];
        ChannelReader<Work> reader = _queue.Reader;
        while (reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            batch.Clear();
            while (batch.Count < MostInOneTransaction && reader.TryRead(out Work? work))
            {
                batch.Add(work);
            }

            if (!TryCommit(batch, out Exception? error) && batch.Count > 1)
            {
                // One of them is at fault: alone, each fails or succeeds on its own account.
                batch.ForEach(work => TryCommitAlone(work));
            }
            else if (error is not null)
            {
                batch[0].Fail(error);
            }
        }

        foreach (Statement statement in (Statement[])[_clockStatement, _begin, _commit, _rollback])
        {
            statement.Dispose();
        }

        _session.Dispose();
        _connection.Dispose();
    }

    private void TryCommitAlone(Work work)
    {
        if (!TryCommit([work], out Exception? error))
        {
            work.Fail(error!);
        }
    }

    private bool TryCommit(List<Work> batch, out Exception? error)
    {
        error = null;
        bool begun = false;
        try
        {
            ObjectDisposedException.ThrowIf(_aborted, this);
            _begin.Execute();
            begun = true;
            batch.ForEach(work => work.Apply(_session));
            if (_clock.IsSimulated)
            {
                _clockStatement.Execute(_clock.GetUtcNow().UtcTicks.ToString(System.Globalization.CultureInfo.InvariantCulture));
            }

            ObjectDisposedException.ThrowIf(_aborted, this);
            _commit.Execute();
            begun = false;
            Commits++;
        }
#pragma warning disable CA1031 // Whatever it is, it belongs to whoever waits for the work.
        catch (Exception e)
#pragma warning restore CA1031
        {
            error = e;
        }

        if (begun)
        {
            Rollback();
        }

        if (error is null)
        {
            batch.ForEach(work => work.Complete());
        }

        return error is null;
    }

    private void Rollback()
    {
        try
        {
            _rollback.Execute();
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself already, as it does when the disk is full.
        }
    }

    private abstract class Work
    {
        public abstract void Apply(WriteSession session);

        public abstract void Complete();

        public abstract void Fail(Exception error);
    }

    private sealed class Work<T>(Func<WriteSession, T> work, Action<T>? committed) : Work
    {
        private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _result;

        public Task<T> Completion => _completion.Task;

        public override void Apply(WriteSession session) => _result = work(session);

        public override void Complete()
        {
            committed?.Invoke(_result!);
            _completion.TrySetResult(_result!);
        }

        public override void Fail(Exception error) => _completion.TrySetException(error);
    }
}
