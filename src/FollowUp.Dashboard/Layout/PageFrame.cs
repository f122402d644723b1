using FollowUp.Dashboard.Assets;
using FollowUp.Dashboard.Serving;
using FollowUp.Dashboard.SignIn;
using FollowUp.Dashboard.Words;
using FollowUp.Data.Overview;
using FollowUp.Data.Staff;
using Microsoft.AspNetCore.Http;

namespace FollowUp.Dashboard.Layout;

/// <summary>What stands around every page, and what its parts need to know.</summary>
public sealed class PageFrame
{
    /// <summary>Null when nobody is signed in.</summary>
    public StaffMember? User { get; init; }

    /// <summary>Those that the user sees.</summary>
    public IReadOnlyList<ClinicLine> Clinics { get; init; } = [];

    /// <summary>The one whose pages the navigation leads to; null when there is none.</summary>
    public ClinicLine? Clinic { get; init; }
    public required ClinicTime Time { get; init; }
    public WaitingWork Waiting { get; init; } = new(0, 0, 0);

    /// <summary>What has just been done.</summary>
    public string? Notice { get; init; }
    public bool IsReadOnly { get; init; }
    public bool IsSimulated { get; init; }
    public bool UsesAppService { get; init; }
    public required DashboardAssets Assets { get; init; }

    /// <summary>Whether buttons that change something are there.</summary>
    public bool MayAct => MayDo(StaffRole.Operator);

    /// <summary>Whether a button is there that needs a role and changes something.</summary>
    public bool MayDo(StaffRole role) => !IsReadOnly && User?.May(role) == true;

    /// <summary>Whether the user decides who may use the dashboard: that is the business of every clinic.</summary>
    public bool ManagesUsers => User is { Role: StaffRole.Admin, Clinic: null } && !UsesAppService;

    /// <summary>Whether the user decides which systems may use the API.</summary>
    public bool ManagesKeys => User is { Role: StaffRole.Admin, Clinic: null };

    /// <summary>An address of the clinic's.</summary>
    public string At(string page) => $"{LocalAddress.Home}/clinics/{Clinic?.Id}/{page}";
}

/// <summary>Makes frames.</summary>
internal sealed class PageFrames(ClinicOverview overview, DashboardOptions options, DashboardAssets assets, TimeProvider clock)
{
    public async Task<PageFrame> MakeAsync(HttpContext http, Visit visit, CancellationToken cancellation)
    {
        // With several clinics and none in the address, no link may lead to one of them by chance.
        var clinic = visit.Clinic ?? (visit.Clinics is [var only] ? only : null);
        return new PageFrame
        {
            User = visit.Visitor,
            Clinics = visit.Clinics,
            Clinic = clinic,
            Time = visit.Time,
            Waiting = clinic is null ? new WaitingWork(0, 0, 0) : await overview.WaitingAsync(clinic.Id, cancellation),
            Notice = Notices.Find(http.Request.Query["done"]),
            IsReadOnly = options.IsReadOnly,
            IsSimulated = options.IsSimulated,
            UsesAppService = options.UsesAppService,
            Assets = assets,
        };
    }

    /// <summary>Without anything that the store would have to say.</summary>
    public PageFrame Bare() => new() { Time = ClinicTime.Utc(clock), Assets = assets };
}
