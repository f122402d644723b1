using FollowUp.Core.Timelines;
using FollowUp.Data;
using FollowUp.Data.Sessions;
using FollowUp.Functions.Http;

namespace FollowUp.Functions.Sessions;

/// <summary>A session as the contract shows it.</summary>
internal sealed record SessionAnswer(
    string Clinic,
    string Session,
    string InstanceId,
    string State,
    string Plan,
    int PlanVersion,
    string StartsAt,
    int SessionNumber,
    int PlannedSessions,
    NextAnswer? Next,
    IReadOnlyList<StepAnswer> Timeline)
{
    public static SessionAnswer Of(SessionView view) => new(
        view.Key.Clinic,
        view.Key.Session,
        view.Key.InstanceId,
        EnumText.Of(view.State),
        view.Plan,
        view.PlanVersion,
        Answers.Moment(view.StartsAt),
        view.SessionNumber,
        view.PlannedSessions,
        view.Next is { } next ? new NextAnswer(next.Step, Answers.Moment(next.DueAt)) : null,
        [.. view.Timeline.Select(StepAnswer.Of)]);
}

internal sealed record NextAnswer(string Step, string DueAt);

internal sealed record StepAnswer(
    string Step, string Kind, string DueAt, string State, string? Reason, string? Text, string? MessageSid, string? SentAt, string? DeliveredAt)
{
    public static StepAnswer Of(StepView step) => new(
        step.Step,
        StepKinds.NameOf(step.Kind),
        Answers.Moment(step.DueAt),
        EnumText.Of(step.State),
        step.Reason,
        step.Text,
        step.MessageSid,
        Answers.Moment(step.SentAt),
        Answers.Moment(step.DeliveredAt));
}
