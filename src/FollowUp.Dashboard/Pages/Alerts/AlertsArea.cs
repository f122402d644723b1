using System.Globalization;
using FollowUp.Dashboard.Serving;
using FollowUp.Data.Alerts;
using FollowUp.Data.Staff;
using FollowUp.Workflows.Inbox;

namespace FollowUp.Dashboard.Pages.Alerts;

/// <summary>What staff must learn, and that they have.</summary>
internal sealed class AlertsArea(AlertStore alerts, StaffDesk desk) : IArea
{
    private const int MostUrgent = 50;

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

        // On the first page, what is urgent stands first, however old.
        var urgent = open && before is null ? (await alerts.MostUrgentAsync(request.Clinic.Id, MostUrgent, request.Cancellation)).Where(alert => alert.Urgent).ToList() : [];
        var shown = urgent.Concat(page.Where(alert => urgent.All(first => first.Id != alert.Id))).ToList();
        return PageContent.Of<AlertsPage, AlertsModel>(
            new AlertsModel(shown, open, before is not null, rows.Count > page.Count ? page[^1].Id.ToString(CultureInfo.InvariantCulture) : null),
            "Alerts", "alerts") with
        { RenewEvery = 4 };
    }

    private async Task<ActAnswer> AcknowledgeAsync(ActRequest request)
    {
        var back = $"{LocalAddress.Home}/clinics/{request.Clinic.Id}/{(request.Field("from") == "today" ? "today" : "alerts")}";
        var acknowledged = ListCursor.ReadNumber(request.Values["alert"]) is { } id
            ? await desk.AcknowledgeAsync(request.Client, request.Clinic.Id, id, request.User.Name, request.User.Actor, request.Cancellation)
            : null;
        return acknowledged is null
            ? throw PageException.NotFound("alert")
            : ActAnswer.Go(back, acknowledged.RaisedAgain ? "acknowledged-raised-again" : "acknowledged");
    }
}

/// <param name="Open">Whether those alone are shown that nobody has acknowledged.</param>
/// <param name="Next">Where the list goes on; null at its end.</param>
public sealed record AlertsModel(IReadOnlyList<AlertView> Alerts, bool Open, bool IsLater, string? Next);
