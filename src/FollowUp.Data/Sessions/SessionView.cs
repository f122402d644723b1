using FollowUp.Core.Timelines;
using FollowUp.Data.Concurrency;
using FollowUp.Data.Rows;
using NodaTime;

namespace FollowUp.Data.Sessions;

/// <summary>A session as clients see it.</summary>
public sealed record SessionView(
    SessionKey Key,
    SessionState State,
    string Plan,
    int PlanVersion,
    Instant StartsAt,
    int SessionNumber,
    int PlannedSessions,
    NextStepView? Next,
    IReadOnlyList<StepView> Timeline)
{
    /// <summary>Names this state of the session, see <see cref="Precondition"/>. It changes with what is booked or ordered, not with each delivery.</summary>
    public required string Tag { get; init; }

    internal static SessionView Of(SessionRow session, IEnumerable<StepRow> steps) => new(
        session.Key,
        session.State,
        session.PlanId,
        session.PlanVersion,
        session.StartsAt,
        session.SessionNumber,
        session.PlannedSessions,
        session is { NextStep: { } step, NextDueAt: { } dueAt } ? new NextStepView(step, dueAt) : null,
        [.. steps.OrderBy(row => row.DueAt).ThenBy(row => row.Step, StringComparer.Ordinal).Select(StepView.Of)])
    {
        Tag = EntityTag.Of(session),
    };
}

public sealed record NextStepView(string Step, Instant DueAt);

/// <summary>One line of a timeline. The text is there once it has been sent, exactly as it was.</summary>
public sealed record StepView(
    string Step,
    StepKind Kind,
    Instant DueAt,
    StepState State,
    string? Reason,
    string? Text,
    string? MessageSid,
    Instant? SentAt,
    Instant? DeliveredAt)
{
    internal static StepView Of(StepRow row) => new(
        row.Step, row.Kind, row.DueAt, row.State, row.Reason, row.HasLeft ? row.Text : null, row.MessageSid, row.SentAt, row.DeliveredAt);
}
