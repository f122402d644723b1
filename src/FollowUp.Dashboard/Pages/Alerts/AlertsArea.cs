using System.Globalization;
using FollowUp.Dashboard.Serving;
using FollowUp.Data.Alerts;
using FollowUp.Data.Staff;

namespace FollowUp.Dashboard.Pages.Alerts;

/// <summary>What staff must learn, and that they have.</summary>
internal sealed class AlertsArea(AlertStore alerts) : IArea
{
    public void Map(RouteMap map)
    {
        map.Page("clinics/{clinic}/alerts", StaffRole.Viewer, ShowAsync);
        map.Act("clinics/{clinic}/alerts/{alert}/acknowledge", StaffRole.Operator, AcknowledgeAsync);
    }

    private async Task<PageContent> ShowAsync(PageRequest request)
    {
        var open = request.Query("all") is null;
        var before = ListCursor.ReadNumber(request.Query("before"));
        var rows = await alerts.ListAsync(request.Clinic.Id, open, before, ListCursor.PageSize + 1, request.Cancellation);
        var page = rows.Take(ListCursor.PageSize).ToList();
        return PageContent.Of<AlertsPage, AlertsModel>(
            new AlertsModel(page, open, before is not null, rows.Count > page.Count ? page[^1].Id.ToString(CultureInfo.InvariantCulture) : null),
            "Alerts", "alerts") with
        { RenewEvery = 4 };
    }

    private async Task<ActAnswer> AcknowledgeAsync(ActRequest request)
    {
        var back = $"{LocalAddress.Home}/clinics/{request.Clinic.Id}/{(request.Field("from") == "today" ? "today" : "alerts")}";
        return ListCursor.ReadNumber(request.Values["alert"]) is { } id
            && await alerts.AcknowledgeAsync(request.Clinic.Id, id, request.User.Name, request.User.Actor, request.Cancellation) is not null
            ? ActAnswer.Go(back, "acknowledged")
            : throw PageException.NotFound("alert");
    }
}

/// <param name="Open">Whether those alone are shown that nobody has acknowledged.</param>
/// <param name="Next">Where the list goes on; null at its end.</param>
public sealed record AlertsModel(IReadOnlyList<AlertView> Alerts, bool Open, bool IsLater, string? Next);
