using FollowUp.Core.CarePlans;
using FollowUp.Core.Timelines;
using FollowUp.Data;
using FollowUp.Data.Plans;
using FollowUp.Functions.Http;
using NodaTime;
using NodaTime.Text;

namespace FollowUp.Functions.CarePlans;

/// <summary>Care plans as the contract shows them.</summary>
internal static class CarePlanAnswer
{
    private static readonly LocalTimePattern TimeOfDay = LocalTimePattern.CreateWithInvariantCulture("HH':'mm");

    /// <summary>A plan in the list: its newest version, the numbers of all, and what a clinic has made of it if one was asked for.</summary>
    public static object Summary(CarePlan newest, IEnumerable<int> versions, ClinicPlanVersions? clinic) => new
    {
        plan = newest.Id,
        newest.Version,
        versions,
        newest.Treatment,
        series = SeriesOf(newest),
        clinic = clinic is null ? null : ClinicOf(clinic),
    };

    /// <summary>One version of a plan with all that a clinician has to look at before answering for it.</summary>
    public static object Whole(CarePlan plan, IEnumerable<int> versions, ClinicPlanVersions? clinic) => new
    {
        plan = plan.Id,
        plan.Version,
        versions,
        plan.Treatment,
        sessionDuration = PeriodPattern.NormalizingIso.Format(Period.FromSeconds((long)plan.SessionDuration.TotalSeconds).Normalize()),
        series = SeriesOf(plan),
        fields = plan.Fields.Select(field => new { field.Name, value = Text(field.Value), field.Source, grade = field.Grade.ToString() }),
        steps = plan.Steps.Select(step => StepOf(plan, step)),
        unsetSteps = plan.UnsetSteps.Select(step => new
        {
            step = step.Id,
            kind = StepKinds.NameOf(step.Kind),
            anchor = EnumText.Of(step.Anchor),
            step.Source,
            texts = TextsOf(plan, step.TextKey),
        }),
        clinic = clinic is null ? null : ClinicOf(clinic),
    };

    public static object ApprovalOf(PlanApproval approval) =>
        new { approval.Version, approval.ApprovedBy, approvedAt = Answers.Moment(approval.ApprovedAt) };

    private static object StepOf(CarePlan plan, PlanStep step) => new
    {
        step = step.Id,
        kind = StepKinds.NameOf(step.Kind),
        anchor = EnumText.Of(step.Anchor),
        offset = Text(step.Offset),
        at = step.At is { } at ? TimeOfDay.Format(at) : null,
        sessions = EnumText.Of(step.Sessions),
        until = new[] { StepUntil.Rebooked, StepUntil.Reply }.Where(until => step.Until.HasFlag(until)).Select(EnumText.Of),
        step.OnlyAfterNoShow,
        step.Essential,
        usefulFor = Text(step.UsefulFor),
        step.Source,
        grade = step.Grade.ToString(),
        texts = TextsOf(plan, step.TextKey),
    };

    private static Dictionary<string, string> TextsOf(CarePlan plan, string key) =>
        plan.Texts.ToDictionary(language => language.Key, language => language.Value[key], StringComparer.Ordinal);

    private static object SeriesOf(CarePlan plan) => new
    {
        plan.Series.MinSessions,
        plan.Series.MaxSessions,
        spacingMin = Text(plan.Series.SpacingMin),
        spacingMax = Text(plan.Series.SpacingMax),
        plan.Series.Source,
        grade = plan.Series.Grade.ToString(),
        plan.Series.SessionsSource,
        sessionsGrade = plan.Series.SessionsGrade.ToString(),
    };

    private static object ClinicOf(ClinicPlanVersions clinic) => new
    {
        clinic.Current,
        own = clinic.Own,
        approvals = clinic.Approvals.Select(ApprovalOf),
    };

    private static string? Text(Period? period) => period is null ? null : PeriodPattern.Roundtrip.Format(period);
}
