using System.Security.Cryptography;
using System.Text;
using FollowUp.Dashboard.Serving;
using FollowUp.Data.Inbox;
using FollowUp.Data.Overview;
using FollowUp.Data.Staff;
using FollowUp.Workflows.Running;
using Microsoft.AspNetCore.Http;

namespace FollowUp.Dashboard.Pages.Inbox;

/// <summary>Patients' texts that a human must read, and answers to them.</summary>
internal sealed class InboxArea(InboxStore inbox, PatientDirectory patients, SessionOrchestrations orchestrations, SideOrchestrations sides) : IArea
{
    /// <summary>As on the API: three segments of the plain alphabet.</summary>
    public const int LongestReply = 480;

    public void Map(RouteMap map)
    {
        map.Page("clinics/{clinic}/inbox", StaffRole.Viewer, request => ShowAsync(request, null));
        map.Act("clinics/{clinic}/inbox/{message}/read", StaffRole.Operator, ReadAsync);
        map.Act("clinics/{clinic}/inbox/{message}/reply", StaffRole.Operator, ReplyAsync);
    }

    private async Task<PageContent> ShowAsync(PageRequest request, RefusedReply? refused)
    {
        var unread = request.Query("all") is null;
        var before = ListCursor.ReadMoment(request.Query("before"));
        var rows = await inbox.ListAsync(request.Clinic.Id, unread, before, ListCursor.PageSize + 1, request.Cancellation);
        var page = rows.Take(ListCursor.PageSize).ToList();
        var names = await patients.NamesAsync(request.Clinic.Id, page.Select(row => row.Patient).OfType<string>(), request.Cancellation);
        var next = rows.Count > page.Count ? ListCursor.Of(page[^1].ReceivedAt, page[^1].MessageSid) : null;
        return PageContent.Of<InboxPage, InboxModel>(new InboxModel(page, names, unread, before is not null, next, refused), "Inbox", "inbox") with
        {
            Status = refused is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity,
            RenewEvery = 4,
        };
    }

    private async Task<ActAnswer> ReadAsync(ActRequest request)
    {
        var result = await inbox.ReadAsync(request.Clinic.Id, request.Values["message"], request.User.Name, request.User.Actor, request.Cancellation);
        return await AfterAsync(request, result, "read");
    }

    private async Task<ActAnswer> ReplyAsync(ActRequest request)
    {
        var (message, text) = (request.Values["message"], request.Field("text").ReplaceLineEndings(" "));
        var mistake = text.Length == 0 ? "Write a reply first."
            : text.Length > LongestReply ? $"A reply may have {LongestReply} characters; this one has {text.Length}."
            : text.Any(char.IsControl) ? "A reply must not hold control characters."
            : null;
        if (mistake is not null)
        {
            return ActAnswer.Show(await ShowAsync(request, new RefusedReply(message, text, mistake)));
        }

        // Made from what is said to what: the same form sent twice is one text.
        var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{message}\n{text}")))[..32];
        var result = await inbox.ReplyAsync(request.Clinic.Id, message, id, text, request.User.Name, request.User.Actor, request.Cancellation);
        return await AfterAsync(request, result, "replied");
    }

    private async Task<ActAnswer> AfterAsync(ActRequest request, InboxResult result, string done)
    {
        if (result.Verdict == InboxVerdict.Unknown)
        {
            throw PageException.NotFound("text");
        }

        // The store has committed: whoever closes the page now must not keep the orchestrations from hearing of it.
        await orchestrations.NotifyAsync(request.Client, result.Changed, "message read", CancellationToken.None);
        await sides.StartTextsAsync(request.Client, result.Reply is { } reply ? [reply] : [], CancellationToken.None);
        var notice = result.Verdict == InboxVerdict.MayNotReply ? "may-not-reply" : done;
        var clinic = $"{LocalAddress.Home}/clinics/{request.Clinic.Id}";
        return ActAnswer.Go(
            request.Field("from") == "patient" && result.Message!.Patient is { } patient ? $"{clinic}/patients/{patient}" : $"{clinic}/inbox", notice);
    }
}

/// <param name="Names">Of the patients, by id.</param>
/// <param name="Unread">Whether those alone are shown that nobody has read.</param>
public sealed record InboxModel(
    IReadOnlyList<InboxMessage> Messages, IReadOnlyDictionary<string, PatientName> Names, bool Unread, bool IsLater, string? Next, RefusedReply? Refused);

/// <summary>A reply that was not sent, and why.</summary>
public sealed record RefusedReply(string Message, string Text, string Mistake);
