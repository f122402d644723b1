using FollowUp.Dashboard.Drawing;
using FollowUp.Dashboard.Serving;
using FollowUp.Data.Alerts;
using FollowUp.Data.Overview;
using FollowUp.Data.Staff;
using NodaTime;

namespace FollowUp.Dashboard.Pages.Today;

/// <summary>A clinic's day at a glance.</summary>
internal sealed class TodayArea(ClinicOverview overview, AlertStore alerts) : IArea
{
    private const int FewLines = 6;
    private static readonly Duration FailedWithin = Duration.FromDays(7);

    public void Map(RouteMap map)
    {
        map.Page("", StaffRole.Viewer, request => Task.FromResult(request.Clinics is [var first, ..]
            ? PageContent.Go($"{LocalAddress.Home}/clinics/{first.Id}/today")
            : PageContent.Of<WelcomePage, WelcomeModel>(new WelcomeModel(request.User.Clinic), "Welcome")));
        map.Page("clinics/{clinic}/today", StaffRole.Viewer, ShowAsync);
    }

    private async Task<PageContent> ShowAsync(PageRequest request)
    {
        var (clinic, time, cancellation) = (request.Clinic.Id, request.Time, request.Cancellation);
        var today = time.Today;
        var (from, to) = (time.StartOf(today), time.StartOf(today.PlusDays(1)));
        var model = new TodayModel(
            today,
            await overview.DayAsync(clinic, from, to, cancellation),
            await alerts.MostUrgentAsync(clinic, FewLines, cancellation),
            await overview.FailedAsync(clinic, time.Now - FailedWithin, FewLines, cancellation),
            await overview.NextAsync(clinic, time.Now, to, FewLines, cancellation),
            PlannedSends.Of(await overview.PlannedAsync(clinic, time.Now, time.StartOf(today.PlusDays(PlannedSends.DayCount)), cancellation), time),
            DeliveryDays.Of(await overview.SentAsync(clinic, [.. Enumerable.Range(1 - DeliveryDays.DayCount, DeliveryDays.DayCount + 1).Select(day => time.StartOf(today.PlusDays(day)))], cancellation), time));
        return PageContent.Of<TodayPage, TodayModel>(model, "Today", "today") with { RenewEvery = 4 };
    }
}

/// <param name="Next">Texts that leave next today.</param>
public sealed record TodayModel(
    LocalDate Date, DayTally Tally, IReadOnlyList<AlertView> Alerts, IReadOnlyList<TextLine> Failed, IReadOnlyList<TextLine> Next,
    PlannedSends Planned, DeliveryDays Delivery);

/// <param name="Clinic">The one that the user is limited to and that does not exist; null when there is none at all.</param>
public sealed record WelcomeModel(string? Clinic);
