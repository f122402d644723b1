using FollowUp.Core.Previews;
using FollowUp.Core.Timelines;
using FollowUp.Data.Sessions;
using FollowUp.Functions.Http;
using NodaTime.Text;

namespace FollowUp.Functions.CarePlans;

/// <summary>A preview as the contract shows it: as near to a session's own answer as can be, with what a text would cost.</summary>
internal static class PreviewAnswer
{
    public static object Of(CoursePreview preview, Booking booking) => new
    {
        plan = preview.Plan.Id,
        planVersion = preview.Plan.Version,
        preview.Language,
        timeZone = preview.Zone.Id,
        startsAt = Answers.Moment(booking.StartsAt),
        booking.SessionNumber,
        booking.PlannedSessions,
        sessions = preview.Sessions.Select(session => new
        {
            sessionNumber = session.Number,
            startsAt = Answers.Moment(session.StartsAt.ToInstant()),
            nextFrom = session.NextFrom is { } from ? LocalDatePattern.Iso.Format(from) : null,
            nextUntil = session.NextUntil is { } until ? LocalDatePattern.Iso.Format(until) : null,
        }),
        timeline = preview.Rows.Select(row => new
        {
            sessionNumber = row.Session,
            row.Step,
            kind = StepKinds.NameOf(row.Kind),
            dueAt = Answers.Moment(row.DueAt.ToInstant()),
            localTime = OffsetDateTimePattern.Rfc3339.Format(row.DueAt),
            state = row.Planned ? "planned" : "skipped",
            reason = row.Reason ?? row.Moved,
            row.Text,
            encoding = row.Size?.Encoding.ToString().ToLowerInvariant(),
            segments = row.Size?.Segments,
            costUsd = row.Cost,
            row.Warnings,
            row.Source,
            grade = row.Grade.ToString(),
        }),
        totals = new
        {
            preview.Totals.Texts,
            preview.Totals.Segments,
            costUsd = preview.Totals.Cost,
            skipped = preview.Totals.NotSent,
        },
    };
}
