using Grpc.Core;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace FollowUp.Workflows.Running;

/// <summary>
/// Ends orchestrations whose rows are gone, and removes their histories. Nothing depends on it: a history holds ids alone, and an orchestration
/// without rows ends by itself at its next look. So what fails here is logged and left.
/// </summary>
public sealed class InstanceRemover(ILogger<InstanceRemover> log)
{
    /// <summary>In real time: an instance ends as soon as the engine reads the message, whatever a simulated clock says.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Ends and removes the instances; ids that no instance has are passed over.</summary>
    /// <returns>How many were removed.</returns>
    public async Task<int> RemoveAsync(DurableTaskClient client, IReadOnlyList<string> instances)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(instances);
        using var patience = new CancellationTokenSource(Patience);
        var removed = 0;
        foreach (var instance in instances)
        {
            await TerminateAsync(client, instance, patience.Token);
        }

        foreach (var instance in instances)
        {
            removed += await PurgeAsync(client, instance, patience.Token);
        }

        return removed;
    }

    private async Task TerminateAsync(DurableTaskClient client, string instance, CancellationToken cancellation)
    {
        try
        {
            if (await client.GetInstanceAsync(instance, cancellation) is { IsCompleted: false })
            {
                await client.TerminateInstanceAsync(instance, cancellation);
            }
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException or ArgumentException or OperationCanceledException)
        {
            log.LogInformation(exception, "The orchestration {Instance} was not ended; it may have ended just now.", instance);
        }
    }

    private async Task<int> PurgeAsync(DurableTaskClient client, string instance, CancellationToken cancellation)
    {
        try
        {
            // Looked at first: waiting for an instance that does not exist never ends. And never purged while it runs: one engine would forget
            // it and still go on with its work.
            if (await client.GetInstanceAsync(instance, cancellation) is null)
            {
                return 0;
            }

            await client.WaitForInstanceCompletionAsync(instance, cancellation);
            return (await client.PurgeInstanceAsync(instance, cancellation)).PurgedInstanceCount;
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException or ArgumentException or OperationCanceledException)
        {
            log.LogWarning(exception, "The history of the orchestration {Instance}, whose rows are erased, is still there. It holds ids alone.", instance);
            return 0;
        }
    }
}
