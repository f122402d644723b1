using DurableTask.Core.Exceptions;
using Grpc.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace FollowUp.Workflows.Running;

/// <summary>Starts and signals instances, after the store has committed. What fails here is made good by <see cref="SessionSweep"/>.</summary>
public sealed class InstanceStarter(ILogger<InstanceStarter> log)
{
    /// <summary>An instance that has not ended is never replaced; one that has may be.</summary>
    private static readonly string[] NotEnded =
        [nameof(OrchestrationRuntimeStatus.Pending), nameof(OrchestrationRuntimeStatus.Running), nameof(OrchestrationRuntimeStatus.Suspended)];

    /// <returns>False when an instance of this id has not ended yet.</returns>
    public async Task<bool> TryStartAsync(
        DurableTaskClient client, string orchestrator, string instanceId, object input, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(client);
        try
        {
            var options = new StartOrchestrationOptions(instanceId) { DedupeStatuses = NotEnded };
            await client.ScheduleNewOrchestrationInstanceAsync(orchestrator, input, options, cancellation);
            return true;
        }
        catch (Exception exception) when (exception is OrchestrationAlreadyExistsException or RpcException { StatusCode: StatusCode.AlreadyExists })
        {
            log.LogDebug("The orchestration {Instance} runs already.", instanceId);
            return false;
        }
    }

    /// <summary>Raises an event. An instance that is missing or has ended is let be.</summary>
    public async Task TrySignalAsync(
        DurableTaskClient client, string instanceId, string eventName, object payload, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(client);
        try
        {
            // Looked at first, because an event to a missing or ended instance throws on one engine and vanishes on another.
            if (await client.GetInstanceAsync(instanceId, cancellation) is { IsCompleted: false })
            {
                await client.RaiseEventAsync(instanceId, eventName, payload, cancellation);
            }
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException or ArgumentException)
        {
            log.LogInformation(exception, "The orchestration {Instance} took no signal; it may have ended just now.", instanceId);
        }
    }
}
