using FollowUp.Core.CarePlans;
using FollowUp.Core.Timelines;
using NodaTime;

namespace FollowUp.Core.Previews;

/// <summary>When the sessions of a previewed course are.</summary>
internal static class CourseDates
{
    /// <summary>The start of the session after this one; null behind the last planned one.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="session">This session.</param>
    /// <param name="given">Starts of the sessions after the first, as far as they are given.</param>
    /// <param name="index">This session's place in the preview, from 0.</param>
    public static Instant? NextStart(CarePlan plan, SessionFacts session, IReadOnlyList<Instant> given, int index)
    {
        if (session.SessionNumber >= session.PlannedSessions)
        {
            return null;
        }

        if (index >= given.Count)
        {
            return Middle(plan.Series, session);
        }

        return given[index] > session.StartsAt
            ? given[index]
            : throw new ArgumentException("The starts of a course's sessions must be in order.", nameof(given));
    }

    public static PreviewSession Describe(CarePlan plan, SessionFacts session)
    {
        ZonedDateTime start = session.StartsAt.InZone(session.Zone);
        bool last = session.SessionNumber >= session.PlannedSessions;
        return new PreviewSession(
            session.SessionNumber,
            start.ToOffsetDateTime(),
            last ? null : After(start.Date, plan.Series.SpacingMin),
            last ? null : After(start.Date, plan.Series.SpacingMax));
    }

    private static Instant Middle(Series series, SessionFacts session)
    {
        LocalDateTime start = session.StartsAt.InZone(session.Zone).LocalDateTime;
        LocalDate from = After(start.Date, series.SpacingMin)
            ?? throw new ArgumentException("The plan has no spacing: the starts of the later sessions have to be given.", nameof(session));
        LocalDate until = After(start.Date, series.SpacingMax) ?? from;
        return LocalTimePolicy.ToInstant(from.PlusDays(Period.DaysBetween(from, until) / 2) + start.TimeOfDay, session.Zone);
    }

    private static LocalDate? After(LocalDate date, Period? period) => period is null ? null : date + period;
}
