using FollowUp.Core.Contacts;
using FollowUp.Dashboard.Serving;
using FollowUp.Data.Bulk;
using FollowUp.Data.Concurrency;
using FollowUp.Data.Staff;
using FollowUp.Workflows.Running;
using Microsoft.AspNetCore.Http;

namespace FollowUp.Dashboard.Pages.Bulk;

/// <summary>Commands on many sessions: what one would do, doing it, and how far it is.</summary>
internal sealed class BulkArea(BulkCommandStore bulks, SideOrchestrations sides, UrlTokens tokens) : IArea
{
    /// <summary>The fields of a preview: its sessions, and the id that the command will have.</summary>
    public const string ExpectedField = "expected";
    public const string IdField = "id";

    private const int Listed = 50;

    public void Map(RouteMap map)
    {
        map.Page("clinics/{clinic}/bulk", StaffRole.Viewer, ListAsync);
        map.Page("clinics/{clinic}/bulk/preview", StaffRole.Operator, request => PreviewAsync(request, Read(request, request.Query), null));
        map.Page("clinics/{clinic}/bulk/{bulk}", StaffRole.Viewer, ShowAsync);
        map.Act("clinics/{clinic}/bulk", StaffRole.Operator, StartAsync);
        map.Act("clinics/{clinic}/bulk/{bulk}/stop", StaffRole.Operator, StopAsync);
    }

    private BulkRequest Read(PageRequest request, Func<string, string?> value) => BulkRequest.Read(value, tokens, request.User.Name);

    private async Task<PageContent> ListAsync(PageRequest request) => PageContent.Of<BulkListPage, BulkListModel>(
        new BulkListModel(await bulks.ListAsync(request.Clinic.Id, Listed, request.Cancellation)), "Commands on many sessions", "sessions") with
    { RenewEvery = 3 };

    private async Task<PageContent> ShowAsync(PageRequest request)
    {
        var bulk = await bulks.FindAsync(request.Clinic.Id, request.Values["bulk"], request.Cancellation) ?? throw PageException.NotFound("command");
        return PageContent.Of<BulkPage, BulkModel>(new BulkModel(bulk), "Command on many sessions", "sessions") with
        {
            RenewEvery = bulk.State == BulkState.Running ? 1 : null,
        };
    }

    private async Task<PageContent> PreviewAsync(PageRequest request, BulkRequest wanted, string? mistake)
    {
        var preview = wanted.Command is { } command
            ? await bulks.PreviewAsync(request.Clinic.Id, wanted.ToFilter(request.Time), command, BulkCommandStore.MostChecked, request.Cancellation)
            : null;

        // Without a command it is the page to choose one.
        mistake ??= wanted.Form.Name.Length == 0 ? null : wanted.Mistake;
        return PageContent.Of<BulkPreviewPage, BulkPreviewModel>(
            new BulkPreviewModel(wanted, preview, mistake), "Preview", "sessions") with
        {
            Status = mistake is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity,
        };
    }

    /// <summary>Does what a preview has shown; one that would be different by now is shown anew.</summary>
    private async Task<ActAnswer> StartAsync(ActRequest request)
    {
        var wanted = Read(request, name => request.Field(name) is { Length: > 0 } value ? value : null);
        if (wanted.Command is not { } command)
        {
            return ActAnswer.Show(await PreviewAsync(request, wanted, null));
        }

        BulkView? bulk;
        try
        {
            bulk = await bulks.StartAsync(
                request.Clinic.Id, wanted.ToFilter(request.Time), command, request.User.Actor, request.Cancellation,
                new SeenPreview(request.Field(IdField) is { Length: > 0 } id && Identifier.IsValid(id) ? id : BulkCommandStore.NewId(), request.Field(ExpectedField)));
        }
        catch (PreconditionFailedException)
        {
            return await AnewAsync(request, wanted);
        }

        if (bulk is null)
        {
            throw PageException.NotFound("clinic");
        }

        if (bulk.State == BulkState.Running)
        {
            // The store has committed: whoever closes the page now must not keep it from beginning.
            await sides.StartBulkAsync(request.Client, new BulkKey(bulk.Clinic, bulk.Id), CancellationToken.None);
        }

        return ActAnswer.Go(Address(bulk.Clinic, bulk.Id));
    }

    private async Task<ActAnswer> AnewAsync(ActRequest request, BulkRequest wanted) =>
        ActAnswer.Show(await PreviewAsync(request, wanted, "Nothing was done: meanwhile it has come to concern other sessions. Look at it again."));

    private async Task<ActAnswer> StopAsync(ActRequest request)
    {
        var bulk = await bulks.StopAsync(request.Clinic.Id, request.Values["bulk"], request.User.Actor, request.Cancellation)
            ?? throw PageException.NotFound("command");
        return ActAnswer.Go(Address(bulk.Clinic, bulk.Id), bulk.State == BulkState.Stopped ? "bulk-stopped" : null);
    }

    private static string Address(string clinic, string bulk) => $"{LocalAddress.Home}/clinics/{clinic}/bulk/{bulk}";
}

public sealed record BulkListModel(IReadOnlyList<BulkView> Commands);

public sealed record BulkModel(BulkView Bulk);

/// <param name="Preview">Null when something is wrong with what was asked.</param>
/// <param name="Mistake">What is wrong.</param>
public sealed record BulkPreviewModel(BulkRequest Wanted, BulkPreview? Preview, string? Mistake);
