using FollowUp.Core.CarePlans;
using FollowUp.Core.Contacts;
using FollowUp.Core.Previews;
using FollowUp.Core.Texts;
using FollowUp.Core.Timelines;
using FollowUp.Dashboard.Serving;
using FollowUp.Dashboard.Words;
using FollowUp.Data.Plans;
using FollowUp.Data.Staff;
using NodaTime;

namespace FollowUp.Dashboard.Pages.Plans;

/// <summary>Care plans as the clinic has them, and what a course of one looks like.</summary>
internal sealed class PlansArea(CarePlanCatalogue catalogue, CarePlanStore plans) : IArea
{
    /// <summary>Stands in for a patient; the name shows that it is one.</summary>
    private const string SampleName = "Sam";
    private const int UsualSessions = 4;

    public void Map(RouteMap map)
    {
        map.Page("clinics/{clinic}/plans", StaffRole.Viewer, ListAsync);
        map.Page("clinics/{clinic}/plans/{plan}", StaffRole.Viewer, ShowAsync);
    }

    private async Task<PageContent> ListAsync(PageRequest request)
    {
        var rows = await VersionsAsync(request);
        return PageContent.Of<PlansPage, PlansModel>(
            new PlansModel([.. rows.Select(row => new PlanLine(catalogue.Find(row.Plan)!, [.. ShippedVersions(row.Plan)], row))]), "Plans", "plans");
    }

    private async Task<PageContent> ShowAsync(PageRequest request)
    {
        var id = request.Values["plan"];
        if (await plans.FindCurrentAsync(request.Clinic.Id, id, request.Cancellation) is not { } current)
        {
            throw PageException.NotFound("plan");
        }

        var versions = (await VersionsAsync(request)).First(row => row.Plan == id);
        var plan = current.Plan;
        if (request.Query("version") is { } asked)
        {
            plan = ListCursor.ReadNumber(asked) is { } number and <= int.MaxValue
                && await plans.FindAsync(request.Clinic.Id, id, (int)number, request.Cancellation) is { } found
                ? found
                : throw PageException.NotFound("version of the plan");
        }

        var languages = plan.Texts.Keys.ToList();
        var language = request.Query("language") is { } tag && languages.Contains(tag, StringComparer.Ordinal)
            ? tag
            : TextRenderer.ChooseLanguage(plan, current.Clinic.Languages[0], current.Clinic.Languages);
        var preview = Preview(plan, current, language, request.Time);
        return PageContent.Of<PlanPage, PlanModel>(
            new PlanModel(plan, [.. ShippedVersions(id)], versions, language, languages, preview, SvgTimeline.Draw(preview, styled: false)),
            plan.Treatment, "plans");
    }

    private async Task<IReadOnlyList<ClinicPlanVersions>> VersionsAsync(PageRequest request) =>
        await plans.ListAsync(request.Clinic.Id, request.Cancellation) ?? throw PageException.NotFound("clinic");

    private IEnumerable<int> ShippedVersions(string plan) => catalogue.Plans.Where(known => known.Id == plan).Select(known => known.Version);

    /// <summary>A course that begins three weeks from now, of a patient who agrees to everything.</summary>
    private static CoursePreview Preview(CarePlan plan, ClinicPlan at, string language, ClinicTime time)
    {
        var start = (time.Today.PlusWeeks(3) + new LocalTime(10, 0)).InZoneLeniently(time.Zone);
        var sessions = plan.Series.IsSingle ? 1 : Math.Max(plan.Series.MinSessions ?? 1, Math.Min(UsualSessions, plan.Series.MaxSessions ?? UsualSessions));
        _ = PhoneNumber.TryParse("+14155550123", out var phone, out _);
        var facts = new SessionFacts
        {
            StartsAt = start.ToInstant(),
            BookedAt = time.Now,
            Zone = time.Zone,
            SessionNumber = 1,
            PlannedSessions = sessions,
            CareConsent = true,
            MarketingConsent = true,
            EssentialsOnly = false,
            Phone = phone,
            Rules = at.Clinic.SendingRules,
        };
        var texts = new TextFacts
        {
            FirstName = SampleName,
            ClinicName = at.Clinic.Name,
            ClinicPhone = at.Clinic.Phone,
            EmergencyNumber = at.Clinic.EmergencyNumber,
            BookingUrl = at.Clinic.BookingUrl,
            StartsAt = start.LocalDateTime,
            SessionNumber = 1,
            PlannedSessions = sessions,
            Series = plan.Series,
            NamesTreatment = at.NamesTreatment,
        };
        return CoursePreview.Build(plan, facts, texts, language, new PreviewOptions { WholeCourse = plan.Series.SpacingMin is not null });
    }
}

public sealed record PlansModel(IReadOnlyList<PlanLine> Plans);

/// <param name="Newest">The newest shipped version.</param>
/// <param name="Shipped">All that FollowUp ships.</param>
/// <param name="Clinic">What the clinic has made of it.</param>
public sealed record PlanLine(CarePlan Newest, IReadOnlyList<int> Shipped, ClinicPlanVersions Clinic)
{
    /// <summary>Who answers for the version that new sessions take; null when nobody does.</summary>
    public PlanApproval? Approval => Clinic.Approvals.FirstOrDefault(approval => approval.Version == Clinic.Current);
}

/// <param name="Language">Of the texts that are shown.</param>
/// <param name="Picture">The course as SVG, made by us.</param>
public sealed record PlanModel(
    CarePlan Plan, IReadOnlyList<int> Shipped, ClinicPlanVersions Clinic, string Language, IReadOnlyList<string> Languages, CoursePreview Preview, string Picture)
{
    public PlanApproval? Approval => Clinic.Approvals.FirstOrDefault(approval => approval.Version == Plan.Version);
}
