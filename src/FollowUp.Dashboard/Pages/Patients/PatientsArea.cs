using FollowUp.Dashboard.Pages.Audit;
using FollowUp.Dashboard.Serving;
using FollowUp.Data.AuditTrail;
using FollowUp.Data.Inbox;
using FollowUp.Data.Overview;
using FollowUp.Data.Patients;
using FollowUp.Data.Staff;

namespace FollowUp.Dashboard.Pages.Patients;

/// <summary>Patients: to find one, and all about one. Name and number are masked until somebody opens them, and that is audited.</summary>
internal sealed class PatientsArea(
    PatientDirectory directory, PatientStore patients, PatientRecords records, AuditStore audit, UrlTokens tokens) : IArea
{
    private const int ThreadLength = 200;

    public void Map(RouteMap map)
    {
        map.Page("clinics/{clinic}/patients", StaffRole.Viewer, ListAsync);
        map.Act("clinics/{clinic}/patients", StaffRole.Viewer, Search, changesNothing: true);
        map.Page("clinics/{clinic}/patients/{patient}", StaffRole.Viewer, ShowAsync);
        map.Act("clinics/{clinic}/patients/{patient}/open", StaffRole.Viewer, OpenAsync);
    }

    private async Task<PageContent> ListAsync(PageRequest request)
    {
        var search = tokens.ReadSearch(request.Query("find"), request.User.Name);
        var after = request.Query("after");
        var rows = await directory.SearchAsync(request.Clinic.Id, search, after, ListCursor.PageSize + 1, request.Cancellation);
        var page = rows.Take(ListCursor.PageSize).ToList();
        return PageContent.Of<PatientsPage, PatientsModel>(
            new PatientsModel(page, search, search is null ? null : request.Query("find"), search is null && request.Query("find") is not null, after is not null, rows.Count > page.Count ? page[^1].Id : null),
            "Patients", "patients");
    }

    /// <summary>A name or a number does not belong into an address, so the search is a POST, and the address that it leads to holds it sealed.</summary>
    private Task<ActAnswer> Search(ActRequest request)
    {
        var text = request.Field("find");
        var list = $"{LocalAddress.Home}/clinics/{request.Clinic.Id}/patients";
        return Task.FromResult(ActAnswer.Go(text.Length == 0 ? list : $"{list}?find={tokens.Search(text, request.User.Name)}"));
    }

    private async Task<PageContent> ShowAsync(PageRequest request)
    {
        var (clinic, patient, cancellation) = (request.Clinic.Id, request.Values["patient"], request.Cancellation);
        if (await patients.FindAsync(clinic, patient, cancellation) is not { } view
            || await records.MessagesAsync(clinic, patient, null, ThreadLength + 1, cancellation) is not { } messages)
        {
            throw PageException.NotFound("patient");
        }

        var model = new PatientModel(
            view,
            tokens.IsOpened(request.Query("opened"), Opened(clinic, patient), request.User.Name),

            // What was asked stands before what was answered, also when both have one moment.
            [.. messages.Take(ThreadLength).OrderBy(message => message.At).ThenByDescending(message => message.Inbound)],
            messages.Count > ThreadLength,
            await directory.SessionsAsync(clinic, patient, cancellation),
            await AuditLines.OfAsync(audit, clinic, patient, ["patient-", "consent-", "number-", "opted-"], cancellation));
        return PageContent.Of<PatientPage, PatientModel>(model, $"Patient {patient}", "patients") with { RenewEvery = 4 };
    }

    private async Task<ActAnswer> OpenAsync(ActRequest request)
    {
        var (clinic, patient) = (request.Clinic.Id, request.Values["patient"]);
        return await directory.OpenAsync(clinic, patient, request.User.Actor, request.Cancellation)
            ? ActAnswer.Go($"{LocalAddress.Home}/clinics/{clinic}/patients/{patient}?opened={tokens.Opened(Opened(clinic, patient), request.User.Name)}")
            : throw PageException.NotFound("patient");
    }

    private static string Opened(string clinic, string patient) => $"{clinic}:{patient}";
}

/// <param name="Search">What was searched for; null for all.</param>
/// <param name="HasExpired">Whether there was a search that is not known any more.</param>
/// <param name="Token">The same, sealed, for the list's further pages.</param>
public sealed record PatientsModel(IReadOnlyList<PatientLine> Patients, string? Search, string? Token, bool HasExpired, bool IsLater, string? Next);

/// <param name="IsOpen">Whether name and number are shown.</param>
/// <param name="Messages">Oldest first.</param>
/// <param name="HasOlder">Whether older texts are not shown.</param>
public sealed record PatientModel(
    PatientView Patient, bool IsOpen, IReadOnlyList<PatientMessage> Messages, bool HasOlder, IReadOnlyList<SessionLine> Sessions,
    IReadOnlyList<AuditLine> Audit);
