using FollowUp.Dashboard.Assets;
using FollowUp.Dashboard.Serving;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace FollowUp.Functions.Dashboard;

/// <summary>
/// The way into the dashboard. It signs people in by itself, so no API key is asked for. The names matter: the real host takes the first function
/// by name whose route matches, and an asset's must come before the page's.
/// </summary>
public sealed class DashboardFunctions(DashboardSite site, DashboardAssets assets)
{
    [Function(nameof(DashboardPage))]
    public Task<IResult> DashboardPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "dashboard/{*path}")] HttpRequest request,
        string? path,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        return site.ShowAsync(request.HttpContext, path, client, cancellation);
    }

    [Function(nameof(DashboardAct))]
    public Task<IResult> DashboardAct(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "dashboard/{*path}")] HttpRequest request,
        string? path,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        return site.ActAsync(request.HttpContext, path, client, cancellation);
    }

    /// <summary>Style, script and icon: the same for everybody, signed in or not.</summary>
    [Function(nameof(DashboardAsset))]
    public IResult DashboardAsset(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "dashboard/assets/{file}")] HttpRequest request, string file)
    {
        ArgumentNullException.ThrowIfNull(request);
        return assets.Serve(request.HttpContext, file);
    }
}
