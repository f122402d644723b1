using FollowUp.Core.CarePlans;
using FollowUp.Dashboard.Serving;
using FollowUp.Data.Sessions.Lists;
using FollowUp.Data.Staff;

namespace FollowUp.Dashboard.Pages.Sessions;

/// <summary>Finds sessions.</summary>
internal sealed class SessionsArea(SessionListStore sessions, CarePlanCatalogue catalogue, UrlTokens tokens) : IArea
{
    public void Map(RouteMap map)
    {
        map.Page("clinics/{clinic}/sessions", StaffRole.Viewer, ListAsync);
        map.Act("clinics/{clinic}/sessions", StaffRole.Viewer, Search, changesNothing: true);
    }

    private async Task<PageContent> ListAsync(PageRequest request)
    {
        var token = request.Query("find");
        var form = SessionSearch.Read(request.Query) with { Text = tokens.ReadSearch(token, request.User.Name) };
        form = token is not null && form.Text is null ? form with { Unread = ["find", .. form.Unread] } : form;
        var cursor = SessionCursor.Read(request.Query("from"));
        var rows = await sessions.ListAsync(
            request.Clinic.Id, form.ToFilter(request.Time), form.Order, cursor, ListCursor.PageSize + 1, masked: true, request.Cancellation);
        var page = rows.Take(ListCursor.PageSize).ToList();
        var next = rows.Count > page.Count ? SessionCursor.Of(page[^1].Position) : null;
        var address = form.Address($"{LocalAddress.Home}/clinics/{request.Clinic.Id}/sessions", form.Text is null ? null : token);
        return PageContent.Of<SessionsPage, SessionsModel>(
            new SessionsModel(
                page, form, [.. catalogue.Plans.Select(plan => plan.Id).Distinct()],
                form.Text is null ? null : token,
                cursor is null ? null : address,
                next is null ? null : address + (address.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "from=" + Uri.EscapeDataString(next)),
            "Sessions", "sessions") with
        { RenewEvery = 5 };
    }

    /// <summary>What is searched for may be a name: the address that the search leads to holds it sealed.</summary>
    private Task<ActAnswer> Search(ActRequest request)
    {
        var form = SessionSearch.Read(name => request.Field(name) is { Length: > 0 } value ? value : null);
        var text = request.Field("find");
        return Task.FromResult(ActAnswer.Go(form.Address(
            $"{LocalAddress.Home}/clinics/{request.Clinic.Id}/sessions", text.Length == 0 ? null : tokens.Search(text, request.User.Name))));
    }
}

/// <param name="FindToken">What was searched for, sealed.</param>
/// <param name="First">The list's beginning, when this is not it.</param>
/// <param name="Next">The next page's address.</param>
public sealed record SessionsModel(
    IReadOnlyList<SessionListItem> Sessions, SessionSearch Search, IReadOnlyList<string> Plans, string? FindToken, string? First, string? Next);
