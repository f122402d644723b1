using FollowUp.Core.CarePlans;
using FollowUp.Core.Contacts;
using FollowUp.Dashboard.Drawing;
using FollowUp.Dashboard.Pages.Audit;
using FollowUp.Dashboard.Serving;
using FollowUp.Data;
using FollowUp.Data.AuditTrail;
using FollowUp.Data.Overview;
using FollowUp.Data.Plans;
using FollowUp.Data.Sessions.Lists;
using FollowUp.Data.Staff;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace FollowUp.Dashboard.Pages.Sessions;

/// <summary>Sessions: to find them, and everything about one.</summary>
internal sealed class SessionsArea(
    SessionListStore sessions, SessionOverview overview, CarePlanStore plans, CarePlanCatalogue catalogue, AuditStore audit, UrlTokens tokens, ILogger<SessionsArea> log) : IArea
{
    private const int LongestSearch = 100;

    public void Map(RouteMap map)
    {
        map.Page("clinics/{clinic}/sessions", StaffRole.Viewer, ListAsync);
        map.Act("clinics/{clinic}/sessions", StaffRole.Viewer, Search, changesNothing: true);
        map.Page("clinics/{clinic}/sessions/{session}", StaffRole.Viewer, ShowAsync);
    }

    private async Task<PageContent> ListAsync(PageRequest request)
    {
        var form = SessionSearch.Read(request.Query) with { Text = tokens.ReadSearch(request.Query("find"), request.User.Name) };
        var cursor = SessionCursor.Read(request.Query("from"));
        var rows = await sessions.ListAsync(
            request.Clinic.Id, form.ToFilter(request.Time), form.Order, cursor, ListCursor.PageSize + 1, masked: true, request.Cancellation);
        var page = rows.Take(ListCursor.PageSize).ToList();
        var next = rows.Count > page.Count ? SessionCursor.Of(page[^1].Position) : null;
        var address = form.Address($"{LocalAddress.Home}/clinics/{request.Clinic.Id}/sessions", form.Text is null ? null : request.Query("find"));
        return PageContent.Of<SessionsPage, SessionsModel>(
            new SessionsModel(
                page, form, [.. catalogue.Plans.Select(plan => plan.Id).Distinct()],
                cursor is null ? null : address,
                next is null ? null : address + (address.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "from=" + Uri.EscapeDataString(next)),
            "Sessions", "sessions") with { RenewEvery = 5 };
    }

    /// <summary>What is searched for may be a name: the address that the search leads to holds it sealed.</summary>
    private Task<ActAnswer> Search(ActRequest request)
    {
        var form = SessionSearch.Read(name => request.Field(name) is { Length: > 0 } value ? value : null);
        var text = request.Field("find");
        text = text.Length > LongestSearch ? text[..LongestSearch] : text;
        return Task.FromResult(ActAnswer.Go(form.Address(
            $"{LocalAddress.Home}/clinics/{request.Clinic.Id}/sessions", text.Length == 0 ? null : tokens.Search(text, request.User.Name))));
    }

    private async Task<PageContent> ShowAsync(PageRequest request)
    {
        var key = new SessionKey(request.Clinic.Id, request.Values["session"]);
        if (await overview.FindAsync(key, request.Cancellation) is not { } detail)
        {
            throw PageException.NotFound("session");
        }

        var plan = await plans.FindAsync(key.Clinic, detail.Line.Plan, detail.Line.PlanVersion, request.Cancellation);
        var model = new SessionModel(
            detail,
            plan?.Treatment ?? detail.Line.Plan,
            CourseTimeline.Of(detail, plan, request.Time),
            await EngineAsync(request.Client, key, request.Cancellation),
            await AuditLines.OfAsync(audit, key.Clinic, key.Session, ["session-"], request.Cancellation));
        return PageContent.Of<SessionPage, SessionModel>(model, $"Session {key.Session}", "sessions") with { RenewEvery = 4 };
    }

    /// <summary>What the engine says of the session's orchestration. An engine that does not answer must not keep staff from the session.</summary>
    private async Task<EngineView> EngineAsync(DurableTaskClient client, SessionKey key, CancellationToken cancellation)
    {
        try
        {
            return await client.GetInstanceAsync(key.InstanceId, getInputsAndOutputs: true, cancellation) is { } instance
                ? new EngineView(key.InstanceId, instance.RuntimeStatus.ToString(), instance.SerializedCustomStatus, Instant.FromDateTimeOffset(instance.LastUpdatedAt),
                    instance.FailureDetails?.ErrorMessage)
                : new EngineView(key.InstanceId, null, null, null, null);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            log.LogError(exception, "The engine said nothing of {Session}.", key);
            return new EngineView(key.InstanceId, "the engine does not answer", null, null, null);
        }
    }
}

/// <summary>What to search sessions for.</summary>
/// <param name="Text">The beginning of a name or id, or the end of a number.</param>
/// <param name="DueBefore">On the clinic's calendar.</param>
public sealed record SessionSearch(string? Text, SessionState? State, string? Plan, string? Step, LocalDate? DueBefore, SessionOrder Order)
{
    public bool IsEmpty => this is { Text: null, State: null, Plan: null, Step: null, DueBefore: null };

    internal static SessionSearch Read(Func<string, string?> value) => new(
        null,
        EnumText.TryParse<SessionState>(value("state"), out var state) ? state : null,
        value("plan") is { } plan && Identifier.IsValid(plan) ? plan : null,
        value("step") is { } step && Identifier.IsValid(step) ? step : null,
        value("due-before") is { } date && NodaTime.Text.LocalDatePattern.Iso.Parse(date) is { Success: true } parsed ? parsed.Value : null,
        EnumText.TryParse<SessionOrder>(value("sort"), out var order) ? order : SessionOrder.DueSoonestFirst);

    internal SessionFilter ToFilter(Words.ClinicTime time) => new()
    {
        Search = Text,
        States = State is { } state ? new HashSet<SessionState> { state } : [],
        Plan = Plan,
        Step = Step,
        DueBefore = DueBefore is { } date ? time.StartOf(date) : null,
    };

    /// <param name="token">What is searched for, sealed.</param>
    internal string Address(string page, string? token)
    {
        var parts = new (string Name, string? Value)[]
        {
            ("find", token),
            ("state", State is { } state ? EnumText.Of(state) : null),
            ("plan", Plan),
            ("step", Step),
            ("due-before", DueBefore is { } date ? NodaTime.Text.LocalDatePattern.Iso.Format(date) : null),
            ("sort", Order == SessionOrder.DueSoonestFirst ? null : EnumText.Of(Order)),
        };
        var query = string.Join('&', parts.Where(part => part.Value is not null).Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value!)}"));
        return query.Length == 0 ? page : $"{page}?{query}";
    }
}

/// <param name="First">The list's beginning, when this is not it.</param>
/// <param name="Next">The next page's address.</param>
public sealed record SessionsModel(
    IReadOnlyList<SessionListItem> Sessions, SessionSearch Search, IReadOnlyList<string> Plans, string? First, string? Next);

public sealed record SessionModel(
    SessionDetail Session, string Treatment, CourseTimeline Timeline, EngineView Engine, IReadOnlyList<AuditLine> Audit);

/// <summary>A session's orchestration, for engineers.</summary>
/// <param name="Status">Null when there is none.</param>
public sealed record EngineView(string InstanceId, string? Status, string? CustomStatus, Instant? UpdatedAt, string? Failure);
