using Microsoft.Extensions.Hosting;

namespace FollowUp.Data.Schema;

/// <summary>Upgrades the store when the host starts, so that one that does not fit is an error then and not at the first booking.</summary>
internal sealed class SchemaUpgradeAtStart(SchemaUpgrade upgrade) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => upgrade.EnsureAsync(cancellationToken).AsTask();

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
