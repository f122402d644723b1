using FollowUp.Dashboard.Serving;
using FollowUp.Data.Inbox;
using FollowUp.Data.Overview;
using FollowUp.Data.Staff;
using FollowUp.Workflows.Inbox;
using Microsoft.AspNetCore.Http;
using NodaTime.Text;

namespace FollowUp.Dashboard.Pages.Inbox;

/// <summary>Patients' texts that a human must read, and answers to them.</summary>
internal sealed class InboxArea(InboxStore inbox, PatientDirectory patients, StaffDesk desk) : IArea
{
    /// <summary>The field that says what whoever replies has seen: when the text was read, empty for never.</summary>
    public const string SeenField = "seen";

    public void Map(RouteMap map)
    {
        map.Page("clinics/{clinic}/inbox", StaffRole.Viewer, request => ShowAsync(request, null));
        map.Act("clinics/{clinic}/inbox/{message}/read", StaffRole.Operator, ReadAsync);
        map.Act("clinics/{clinic}/inbox/{message}/reply", StaffRole.Operator, ReplyAsync);
    }

    private async Task<PageContent> ShowAsync(PageRequest request, RefusedReply? refused)
    {
        // A refused reply is shown wherever its text stands.
        var unread = request.Query("all") is null && refused is null;
        var before = ListCursor.ReadMoment(request.Query("before"));
        var rows = await inbox.ListAsync(request.Clinic.Id, unread, before, ListCursor.PageSize + 1, request.Cancellation);
        var page = rows.Take(ListCursor.PageSize).ToList();
        if (refused is not null && page.All(row => row.MessageSid != refused.Message)
            && await inbox.FindAsync(request.Clinic.Id, refused.Message, request.Cancellation) is { } answered)
        {
            page.Insert(0, answered);
        }

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
        var result = await desk.ReadAsync(
            request.Client, request.Clinic.Id, request.Values["message"], request.User.Name, request.User.Actor, request.Cancellation);
        return result.Verdict == InboxVerdict.Unknown ? throw PageException.NotFound("text") : ActAnswer.Go(Back(request, result), "read");
    }

    private async Task<ActAnswer> ReplyAsync(ActRequest request)
    {
        var (message, text) = (request.Values["message"], request.Field("text").ReplaceLineEndings(" "));
        var mistake = text.Length == 0 ? "Write a reply first."
            : text.Length > InboxStore.LongestReply ? $"A reply may have {InboxStore.LongestReply} characters; this one has {text.Length}."
            : text.Any(char.IsControl) ? "A reply must not hold control characters."
            : null;
        if (mistake is not null)
        {
            return await AgainAsync(request, message, text, mistake);
        }

        var seen = request.Field(SeenField) switch
        {
            "" => new SeenText(null),
            var read => InstantPattern.ExtendedIso.Parse(read) is { Success: true, Value: var at } ? new SeenText(at) : null,
        };
        var result = await desk.ReplyAsync(request.Client, request.Clinic.Id, message, text, request.User.Name, request.User.Actor, seen, request.Cancellation);
        return result.Verdict switch
        {
            InboxVerdict.Done => ActAnswer.Go(Back(request, result), "replied"),
            InboxVerdict.SentAlready => ActAnswer.Go(Back(request, result), "replied-before"),
            InboxVerdict.Unknown => throw PageException.NotFound("text"),
            _ => await AgainAsync(request, message, text, WhyNot(result)),
        };
    }

    /// <summary>The page once more, with what was written and why it was not sent.</summary>
    private async Task<ActAnswer> AgainAsync(ActRequest request, string message, string text, string mistake) =>
        ActAnswer.Show(await ShowAsync(request, new RefusedReply(message, text, mistake)));

    private static string WhyNot(InboxResult result) => result.Verdict switch
    {
        InboxVerdict.MayNotReply => "Not sent: the number has opted out or is somebody else's. Call the patient.",
        InboxVerdict.NobodyToAlert => "Not sent: the clinic has named nobody to alert, and until it has, nothing goes to the real Twilio. Call the patient.",
        InboxVerdict.NumberChanged => "Not sent: the patient has another number now, and the reply would go to the old one. Call the patient.",
        InboxVerdict.MayHaveArrived => "Not sent: the same words were sent before and may have arrived, though nothing says so. Call the patient.",
        _ => $"Not sent: {result.Message!.ReadBy ?? "somebody"} has read this text since you looked, and may have answered it. To send it all the same, press the button again.",
    };

    private static string Back(ActRequest request, InboxResult result)
    {
        var clinic = $"{LocalAddress.Home}/clinics/{request.Clinic.Id}";
        return request.Field("from") == "patient" && result.Message!.Patient is { } patient ? $"{clinic}/patients/{patient}" : $"{clinic}/inbox";
    }
}

/// <param name="Names">Of the patients, by id.</param>
/// <param name="Unread">Whether those alone are shown that nobody has read.</param>
public sealed record InboxModel(
    IReadOnlyList<InboxMessage> Messages, IReadOnlyDictionary<string, PatientName> Names, bool Unread, bool IsLater, string? Next, RefusedReply? Refused);

/// <summary>A reply that was not sent, and why.</summary>
public sealed record RefusedReply(string Message, string Text, string Mistake);
