using System.Security.Cryptography;
using System.Text;
using DurableTask.Core.Exceptions;
using FollowUp.EmbeddedHost.Engine.Dispatch;
using FollowUp.EmbeddedHost.Engine.Replay;
using FollowUp.EmbeddedHost.Storage;
using Grpc.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace FollowUp.EmbeddedHost.Engine;

/// <summary>The durable client of an engine in the same process, with the answers and errors of the real one.</summary>
internal sealed class EngineClient(DurableEngine engine) : DurableTaskClient(engine.Options.HubName)
{
    private static readonly DataConverter s_converter = OrchestrationContext.Converter;

    public override async Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        ArgumentException.ThrowIfNullOrEmpty(orchestratorName.Name, nameof(orchestratorName));
        string id = string.IsNullOrEmpty(options?.InstanceId) ? NewId() : options.InstanceId;
        InstanceId.RequireValid(id);
        OrchestrationRuntimeStatus[] dedupe = [.. (options?.DedupeStatuses ?? []).Select(ParseStatus)];
        if (engine.Registry.FindOrchestrator(orchestratorName.Name) is null)
        {
            throw InstanceId.UnknownOrchestrator(id, orchestratorName.Name, engine.Registry.OrchestratorNames);
        }

        string version = options?.Version is { } chosen ? chosen.Version : engine.Options.DefaultVersion;
        HistoryEvent start = HistoryEvent.Started(orchestratorName.Name, version, s_converter.Serialize(input));
        using IDisposable hold = engine.Clock.Hold();
        DateTime now = engine.Clock.GetUtcNow().UtcDateTime;
        (long key, string? refusal) = await engine.Writer.RunAsync(session => Start(session, id, start, dedupe, now)).ConfigureAwait(false);
        if (refusal is not null)
        {
            throw new OrchestrationAlreadyExistsException(refusal);
        }

        engine.Release(key);
        return id;
    }

    public override async Task RaiseEventAsync(
        string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
    {
        RequireText(instanceId, nameof(instanceId));
        RequireText(eventName, nameof(eventName));
        await SendAsync(
            instanceId,
            HistoryEvent.Raised(eventName, s_converter.Serialize(eventPayload)),
            status => $"Cannot raise event {eventName} for orchestration instance {instanceId} because instance is in {status} state",
            cancellation).ConfigureAwait(false);
    }

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        SteerAsync(instanceId, HistoryEventKind.ExecutionSuspended, reason, "suspend", cancellation);

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        SteerAsync(instanceId, HistoryEventKind.ExecutionResumed, reason, "resume", cancellation);

    public override Task TerminateInstanceAsync(
        string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default) =>
        SteerAsync(instanceId, HistoryEventKind.ExecutionTerminated, s_converter.Serialize(options?.Output), "terminate", cancellation);

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) => WaitAsync(
            instanceId, row => row.Status != OrchestrationRuntimeStatus.Pending, getInputsAndOutputs, nameof(WaitForInstanceStartAsync), cancellation);

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) => WaitAsync(
            instanceId, row => row.HasEnded, getInputsAndOutputs, nameof(WaitForInstanceCompletionAsync), cancellation);

    public override Task<OrchestrationMetadata?> GetInstanceAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        if (string.IsNullOrEmpty(instanceId))
        {
            throw new ArgumentNullException(nameof(instanceId));
        }

        return Task.FromResult(engine.Reader.FindInstance(instanceId) is { } row ? ToMetadata(row, getInputsAndOutputs) : null);
    }

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null)
    {
        filter ??= new OrchestrationQuery();
        return new FunctionPageable<OrchestrationMetadata>((token, sizeHint, cancellation) =>
        {
            cancellation.ThrowIfCancellationRequested();
            int size = sizeHint ?? filter.PageSize;
            if (size <= 0)
            {
                size = OrchestrationQuery.DefaultPageSize;
            }

            string? after = ReadToken(token ?? filter.ContinuationToken);
            List<InstanceRow> rows = engine.Reader.Query(filter, after, size + 1);
            string? next = rows.Count > size ? WriteToken(rows[size - 1].Id) : null;
            OrchestrationMetadata[] page = [.. rows.Take(size).Select(row => ToListed(row, filter.FetchInputsAndOutputs))];
            return Task.FromResult(new Page<OrchestrationMetadata>(page, next));
        });
    }

    public override async Task<PurgeResult> PurgeInstanceAsync(
        string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        RequireText(instanceId, nameof(instanceId));
        return new PurgeResult(await PurgeAsync([instanceId]).ConfigureAwait(false));
    }

    public override async Task<PurgeResult> PurgeAllInstancesAsync(
        PurgeInstancesFilter filter, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        int purged = 0;
        OrchestrationQuery query = new(filter.CreatedFrom, filter.CreatedTo, filter.Statuses);
        await foreach (Page<OrchestrationMetadata> page in GetAllInstancesAsync(query).AsPages().WithCancellation(cancellation).ConfigureAwait(false))
        {
            purged += await PurgeAsync([.. page.Values.Where(instance => instance.IsCompleted).Select(instance => instance.InstanceId)]).ConfigureAwait(false);
        }

        return new PurgeResult(purged);
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static (long Key, string? Refusal) Start(
        WriteSession session, string id, HistoryEvent start, OrchestrationRuntimeStatus[] dedupe, DateTime now)
    {
        InstanceRow? existing = session.FindInstance(id);
        long key;
        if (existing is null)
        {
            key = session.InsertInstance(id, start.Name!, start.Version!, start.Data, now);
        }
        else if (dedupe.Contains(existing.Status))
        {
            return (0, $"An orchestration with id '{id}' already exists. It's in the {existing.Status} state.");
        }
        else if (!existing.HasEnded)
        {
            return (0, $"An Orchestration instance with the ID {id} already exists.");
        }
        else
        {
            key = existing.Key;
            session.DeleteHistory(key);
            session.DeleteInboxOf(key);
            session.RestartInstance(key, start.Name!, start.Version!, start.Data, now);
        }

        session.InsertInbox(key, InboxPriority.Start, start);
        return (key, null);
    }

    private Task SteerAsync(string instanceId, HistoryEventKind kind, string? data, string verb, CancellationToken cancellation)
    {
        RequireText(instanceId, nameof(instanceId));
        return SendAsync(
            instanceId,
            new HistoryEvent(kind) { Data = data },
            status => $"Cannot {verb} the orchestration instance {instanceId} because instance is in the {status} state.",
            cancellation);
    }

    // Looks and writes in one transaction, so that a message never lands behind the end of its instance.
    private async Task SendAsync(
        string instanceId, HistoryEvent message, Func<OrchestrationRuntimeStatus, string> ended, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using IDisposable hold = engine.Clock.Hold();
        InstanceRow? row = await engine.Writer.RunAsync(session =>
        {
            InstanceRow? found = session.FindInstance(instanceId);
            if (found is { HasEnded: false })
            {
                session.InsertInbox(found.Key, InboxPriority.Ordinary, message);
            }

            return found;
        }).ConfigureAwait(false);
        switch (row)
        {
            case null:
                throw ByServer(new ArgumentException($"No instance with ID '{instanceId}' was found.", nameof(instanceId)));
            case { HasEnded: true }:
                throw ByServer(new InvalidOperationException(ended(row.Status)));
            default:
                engine.Dispatcher.SignalInbox(row.Key);
                break;
        }
    }

    private async Task<OrchestrationMetadata> WaitAsync(
        string instanceId, Func<InstanceRow, bool> isThere, bool getInputsAndOutputs, string operation, CancellationToken cancellation)
    {
        RequireText(instanceId, nameof(instanceId));
        while (true)
        {
            // Registered before looking: a change between the two is not missed.
            Task change = engine.Waiters.NextChange(instanceId);
            if (engine.Reader.FindInstance(instanceId) is { } row && isThere(row))
            {
                engine.Waiters.GiveUp(instanceId);
                return ToMetadata(row, getInputsAndOutputs);
            }

            try
            {
                await change.WaitAsync(cancellation).ConfigureAwait(false);
            }
            catch (OperationCanceledException e) when (cancellation.IsCancellationRequested)
            {
                engine.Waiters.GiveUp(instanceId);
                throw new OperationCanceledException($"The {operation} operation was canceled.", e, cancellation);
            }
        }
    }

    private async Task<int> PurgeAsync(IReadOnlyList<string> ids)
    {
        List<long> purged = await engine.Writer.RunAsync(session =>
        {
            List<long> keys = [];
            foreach (string id in ids)
            {
                if (session.FindInstance(id) is { HasEnded: true } row)
                {
                    session.Purge(row.Key);
                    keys.Add(row.Key);
                }
            }

            return keys;
        }).ConfigureAwait(false);
        return purged.Count;
    }

    private static OrchestrationMetadata ToMetadata(InstanceRow row, bool withData) => new(row.Name, row.Id)
    {
        RuntimeStatus = row.Status,
        CreatedAt = row.CreatedAt,
        LastUpdatedAt = row.UpdatedAt,
        DataConverter = withData ? s_converter : null,
        SerializedInput = withData ? row.Input : null,
        SerializedOutput = withData ? row.Output : null,
        SerializedCustomStatus = withData ? row.CustomStatus : null,
        FailureDetails = withData ? row.Failure : null,
    };

    // A list shows outputs even where it was not asked for data, as the real store's does; inputs only when asked.
    private static OrchestrationMetadata ToListed(InstanceRow row, bool withData) => withData
        ? ToMetadata(row, withData)
        : new OrchestrationMetadata(row.Name, row.Id)
        {
            RuntimeStatus = row.Status,
            CreatedAt = row.CreatedAt,
            LastUpdatedAt = row.UpdatedAt,
            SerializedOutput = row.Output,
            SerializedCustomStatus = row.CustomStatus,
        };

    private static OrchestrationRuntimeStatus ParseStatus(string name) =>
        Enum.TryParse(name, ignoreCase: true, out OrchestrationRuntimeStatus status)
            ? status
            : throw new ArgumentException($"Invalid orchestration runtime status: '{name}' for deduplication.");

    private static void RequireText(string value, string parameter)
    {
        ArgumentNullException.ThrowIfNull(value, parameter);
        if (value.Length == 0 || value[0] == '\0')
        {
            throw new ArgumentException("Parameter cannot be an empty string or start with the null character.", parameter);
        }
    }

    private static RpcException ByServer(Exception error) => new(
        new Status(StatusCode.Unknown, $"Exception was thrown by handler. {error.GetType().Name}: {error.Message}"));

    private static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    private static string WriteToken(string lastId) => Convert.ToBase64String(Encoding.UTF8.GetBytes(lastId));

    private static string? ReadToken(string? token)
    {
        if (string.IsNullOrEmpty(token))
        {
            return null;
        }

        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(token));
        }
        catch (FormatException e)
        {
            throw ByServer(e);
        }
    }
}
