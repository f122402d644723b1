using FollowUp.Core.Timelines;
using FollowUp.Data.Concurrency;
using FollowUp.Data.Context;
using FollowUp.Data.Inbox;
using FollowUp.Data.Rows;
using FollowUp.Data.Sessions;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Overview;

/// <summary>Shows all that there is about one session.</summary>
public sealed class SessionOverview
{
    private const int MostReplies = 100;

    private readonly Store _store;

    internal SessionOverview(Store store) => _store = store;

    /// <summary>Everything about one session; null when the clinic has no such session.</summary>
    public Task<SessionDetail?> FindAsync(SessionKey key, CancellationToken cancellation) =>
        _store.ReadAsync<SessionDetail?>(async db =>
        {
            if (await db.Sessions.FindAsync([key.Clinic, key.Session], cancellation) is not { } session)
            {
                return null;
            }

            var patient = await db.Patients.SingleAsync(row => row.ClinicId == key.Clinic && row.Id == session.PatientId, cancellation);
            var steps = await db.Steps.Where(row => row.ClinicId == key.Clinic && row.SessionId == key.Session).ToListAsync(cancellation);
            var since = steps.Select(step => step.LeftAt).Append(session.BookedAt).Min();
            var replies = await db.InboundCopies
                .Where(copy => copy.ClinicId == key.Clinic && copy.PatientId == session.PatientId && copy.ReceivedAt >= since
                    && (copy.SessionId == null || copy.SessionId == key.Session))
                .OrderByDescending(copy => copy.ReceivedAt).Take(MostReplies)
                .Join(db.InboundMessages, copy => copy.MessageSid, message => message.MessageSid, (_, message) => message)
                .OrderBy(message => message.ReceivedAt).ToListAsync(cancellation);
            return new SessionDetail
            {
                Line = SessionLine.Of(session, patient.FirstName),
                PatientZone = patient.TimeZone,
                OutcomeAt = session.OutcomeAt,
                ConfirmedAt = session.ConfirmedAt,
                BookedAt = session.BookedAt,
                Revision = session.Revision,
                Tag = EntityTag.Of(session),
                PlannedRevision = session.PlannedRevision,
                Steps = [.. steps.OrderBy(row => row.DueAt).ThenBy(row => row.Step, StringComparer.Ordinal).Select(SessionStep.Of)],
                Replies = [.. replies.Select(row => new SessionReply(row.MessageSid, row.ReceivedAt, row.Body, row.Meaning, row.RedFlag))],
            };
        }, cancellation);
}

/// <summary>A session in a list.</summary>
/// <param name="FirstName">The patient's; null where the list is one patient's.</param>
public sealed record SessionLine(
    string Clinic, string Id, string Patient, string? FirstName, string Plan, int PlanVersion, SessionState State, SessionOutcome Outcome, Instant StartsAt,
    int Number, int Planned, string? NextStep, Instant? NextDueAt)
{
    public SessionKey Key => new(Clinic, Id);

    /// <summary>Whether it takes no commands but few any more.</summary>
    public bool HasEnded => SessionStore.HasEnded(State);

    /// <summary>The ids alone.</summary>
    public override string ToString() => Key.ToString();

    internal static SessionLine Of(SessionRow row, string? firstName) => new(
        row.ClinicId, row.Id, row.PatientId, firstName, row.PlanId, row.PlanVersion, row.State, row.Outcome, row.StartsAt,
        row.SessionNumber, row.PlannedSessions, row.NextStep, row.NextDueAt);
}

/// <summary>Everything about one session.</summary>
public sealed record SessionDetail
{
    public required SessionLine Line { get; init; }
    public required string PatientZone { get; init; }
    public Instant? OutcomeAt { get; init; }
    public Instant? ConfirmedAt { get; init; }
    public required Instant BookedAt { get; init; }
    public required int Revision { get; init; }

    /// <summary>Names what was booked and ordered, for whoever gives a command on what they see.</summary>
    public required string Tag { get; init; }
    public required int PlannedRevision { get; init; }
    public required IReadOnlyList<SessionStep> Steps { get; init; }

    /// <summary>The patient's texts while the session ran, oldest first.</summary>
    public required IReadOnlyList<SessionReply> Replies { get; init; }

    /// <summary>The ids alone.</summary>
    public override string ToString() => Line.ToString();
}

/// <summary>One text of a session.</summary>
/// <param name="Text">As it was sent; null when it has not left.</param>
public sealed record SessionStep(
    string Step, StepKind Kind, StepState State, string? Reason, Instant DueAt, Instant? ClaimedAt, Instant? SentAt, Instant? DeliveredAt,
    int? ErrorCode, int Attempt, string? MessageSid, string? Text, bool SkippedByStaff)
{
    /// <summary>Where it stands on a time line.</summary>
    public Instant At => SentAt ?? ClaimedAt ?? DueAt;

    public override string ToString() => Step;

    internal static SessionStep Of(StepRow row) => new(
        row.Step, row.Kind, row.State, row.Reason, row.DueAt, row.HasLeft ? row.ClaimedAt : null, row.SentAt, row.DeliveredAt,
        row.ErrorCode, row.Attempt, row.MessageSid, row.HasLeft ? row.Text : null, row.StaffSkippedAt is not null);
}

/// <summary>A text from the patient.</summary>
public sealed record SessionReply(string MessageSid, Instant At, string Body, InboundMeaning Meaning, bool RedFlag)
{
    public override string ToString() => MessageSid;
}
