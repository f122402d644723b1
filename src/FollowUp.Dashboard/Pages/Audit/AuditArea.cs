using System.Globalization;
using FollowUp.Core.Contacts;
using FollowUp.Dashboard.Serving;
using FollowUp.Data.AuditTrail;
using FollowUp.Data.Staff;

namespace FollowUp.Dashboard.Pages.Audit;

/// <summary>Who did what.</summary>
internal sealed class AuditArea(AuditStore audit) : IArea
{
    public void Map(RouteMap map) => map.Page("clinics/{clinic}/audit", StaffRole.Viewer, ShowAsync);

    private async Task<PageContent> ShowAsync(PageRequest request)
    {
        var subject = request.Query("id");
        var isWrong = subject is not null && !Identifier.IsValid(subject);
        var before = Before(request.Query("before"));
        var rows = isWrong ? [] : await audit.ListAsync(request.Clinic.Id, null, subject, before, ListCursor.PageSize + 1, request.Cancellation);
        var page = rows.Take(ListCursor.PageSize).ToList();
        return PageContent.Of<AuditPage, AuditModel>(
            new AuditModel(page, subject, isWrong ? $"Must be {Identifier.Rule}." : null, before is not null,
                rows.Count > page.Count ? ListCursor.Of(page[^1].At, page[^1].Id.ToString(CultureInfo.InvariantCulture)) : null),
            "Audit", "audit");
    }

    private static (NodaTime.Instant At, long Id)? Before(string? cursor) =>
        ListCursor.ReadMoment(cursor) is var (at, key) && ListCursor.ReadNumber(key) is { } id ? (at, id) : null;
}

/// <param name="Subject">Of which id; null for all.</param>
/// <param name="Error">What is wrong with the id.</param>
public sealed record AuditModel(IReadOnlyList<AuditLine> Lines, string? Subject, string? Error, bool IsLater, string? Next);
