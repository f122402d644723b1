using System.Reflection;
using System.Runtime.InteropServices;
using FollowUp.Dashboard.Serving;
using FollowUp.Data.Health;
using FollowUp.Data.Overview;
using FollowUp.Data.Senders;
using FollowUp.Data.Staff;
using FollowUp.Workflows.Health;
using FollowUp.Workflows.Running;
using NodaTime;

namespace FollowUp.Dashboard.Pages.Health;

/// <summary>How the installation does, and the button that ends a sender's pause.</summary>
internal sealed class SystemArea(
    HealthCheck health, SystemOverview overview, AttentionStore attention, SenderStore senders, SessionOrchestrations orchestrations, SideOrchestrations sides,
    DashboardOptions options) : IArea
{
    public void Map(RouteMap map)
    {
        map.Page("clinics/{clinic}/system", StaffRole.Viewer, ShowAsync);
        map.Act("clinics/{clinic}/system/resume", StaffRole.Operator, ResumeAsync);
    }

    private async Task<PageContent> ShowAsync(PageRequest request)
    {
        var facts = await overview.ReadAsync(request.Cancellation);

        // Whoever is limited to a clinic learns nothing about the others', their senders among it.
        facts = facts with
        {
            Senders =
            [
                .. facts.Senders
                    .Select(sender => sender with { Clinics = [.. sender.Clinics.Where(request.User.MaySee)] })
                    .Where(sender => sender.Clinics.Count > 0),
            ],
        };
        var model = new SystemModel(
            await health.ProblemsAsync(request.Client, request.Cancellation), facts, await attention.OldestDueAsync(request.Cancellation),
            EngineBytes(), typeof(SystemArea).Assembly.GetName().Version!.ToString(3), RuntimeInformation.FrameworkDescription, request.Clinic.Id);
        return PageContent.Of<SystemPage, SystemModel>(model, "System", "system") with { RenewEvery = 4 };
    }

    private async Task<ActAnswer> ResumeAsync(ActRequest request)
    {
        var resumed = await senders.ResumeAsync(request.Clinic.Id, request.User.Actor, request.Cancellation) ?? throw PageException.NotFound("clinic");
        await orchestrations.NotifyAsync(request.Client, resumed.Affected, "resume-sending", CancellationToken.None);
        await sides.WakeTextsAsync(request.Client, resumed.Texts, CancellationToken.None);
        return ActAnswer.Go($"{LocalAddress.Home}/clinics/{request.Clinic.Id}/system", resumed.WasPaused ? "resumed" : "not-paused");
    }

    /// <summary>The engine's file where it is this machine's; null on Azure, where it is not.</summary>
    private long? EngineBytes() =>
        options.DataDirectory is { } directory && new FileInfo(Path.Combine(directory, "engine.db")) is { Exists: true } file ? file.Length : null;
}

/// <param name="Problems">What keeps FollowUp from its work; empty when nothing does.</param>
/// <param name="OldestDue">Since when the oldest text waits that is due.</param>
/// <param name="EngineBytes">Size of the engine's file; null where it is not a file of this machine.</param>
/// <param name="Clinic">Whose pages the visitor is on.</param>
public sealed record SystemModel(
    IReadOnlyList<string> Problems, SystemFacts Facts, Instant? OldestDue, long? EngineBytes, string Version, string Runtime, string Clinic);
