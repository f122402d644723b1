using System.Collections.Frozen;
using FollowUp.Core.CarePlans;
using FollowUp.Core.Texts;
using FollowUp.Core.Timelines;
using NodaTime;

namespace FollowUp.Core.Previews;

/// <summary>What a patient would be sent over a course of sessions, and when, before anybody is booked. Holds no clock and stores nothing.</summary>
public sealed record CoursePreview
{
    /// <summary>The plan.</summary>
    public required CarePlan Plan { get; init; }

    /// <summary>The plan's language that the texts are in.</summary>
    public required string Language { get; init; }

    /// <summary>The patient's zone; all local times are of this zone.</summary>
    public required DateTimeZone Zone { get; init; }

    /// <summary>The sessions in their order, at least one.</summary>
    public required IReadOnlyList<PreviewSession> Sessions { get; init; }

    /// <summary>Every step of every session, sorted by due time; steps that would not be sent are there with the reason.</summary>
    public required IReadOnlyList<PreviewRow> Rows { get; init; }

    /// <summary>The sums of the rows.</summary>
    public PreviewTotals Totals => new(
        Rows.Count(row => row.Planned),
        Rows.Sum(row => row.Size?.Segments ?? 0),
        Rows.Any(row => row is { Planned: true, Cost: null }) ? null : Rows.Sum(row => row.Cost ?? 0),
        Rows.Count(row => !row.Planned));

    /// <summary>
    /// Previews the course from one session to the last planned one. A later session starts at the same local time in the middle of the
    /// advised window, and is taken to be booked as soon as the first prompt for it arrives.
    /// </summary>
    /// <param name="plan">The plan, with the clinic's wording if it has its own.</param>
    /// <param name="first">The session that the preview begins with; the patient's number in it decides the cost.</param>
    /// <param name="texts">What the texts say; what depends on the session is replaced by that of each session.</param>
    /// <param name="language">The patient's language tag; one without texts gets the plan's first language.</param>
    /// <param name="options">How the preview differs from the usual.</param>
    /// <exception cref="ArgumentException">
    /// The session number is not within 1 and the planned sessions, the given starts are not in order, or the plan has no spacing and too
    /// few starts are given.
    /// </exception>
    public static CoursePreview Build(CarePlan plan, SessionFacts first, TextFacts texts, string language, PreviewOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentNullException.ThrowIfNull(language);
        options ??= new PreviewOptions();
        string tag = TextRenderer.ChooseLanguage(plan, language, []);
        List<PreviewSession> sessions = [];
        List<PreviewRow> rows = [];
        for (SessionFacts? session = first; session is not null;)
        {
            Instant? next = options.WholeCourse ? CourseDates.NextStart(plan, session, options.LaterStarts, sessions.Count) : null;
            Course course = Course.Of(plan, session, next);
            sessions.Add(CourseDates.Describe(plan, session));
            rows.AddRange(course.Steps.Select(step => Row(plan, session, step, texts, tag)));
            session = next is null ? null : Following(session, next.Value, course);
        }

        return new CoursePreview
        {
            Plan = plan,
            Language = tag,
            Zone = first.Zone,
            Sessions = sessions,
            Rows = [.. rows.OrderBy(row => row.DueAt.ToInstant())],
        };
    }

    /// <summary>The next session of the course, about which nothing is known yet but the marketing that will have left before.</summary>
    private static SessionFacts Following(SessionFacts session, Instant startsAt, Course course) => session with
    {
        StartsAt = startsAt,
        BookedAt = course.NextBookedAt,
        SessionNumber = session.SessionNumber + 1,
        Outcome = SessionOutcome.Booked,
        AlreadySent = FrozenDictionary<string, Instant>.Empty,
        SentMarketing =
        [
            .. session.SentMarketing,
            .. course.Steps.Where(step => step.Planned && StepKinds.IsMarketing(step.Kind)).Select(step => step.DueAt),
        ],
    };

    private static PreviewRow Row(CarePlan plan, SessionFacts session, TimelineStep step, TextFacts texts, string language)
    {
        PlanStep source = plan.Steps.First(known => known.Id == step.Step);
        string? text = step.Planned ? TextRenderer.Render(plan, step.TextKey, language, Facts(plan, session, texts)) : null;
        SegmentCount? size = text is null ? null : Segments.Count(text);
        return new PreviewRow
        {
            Session = session.SessionNumber,
            Step = step.Step,
            Kind = step.Kind,
            DueAt = step.DueAt.InZone(session.Zone).ToOffsetDateTime(),
            Text = text,
            Size = size,
            Cost = size is null || session.Phone is null ? null : TextCost.Estimate(size.Segments, session.Phone),
            Reason = step.Reason,
            Moved = step.Moved,
            Warnings = text is null ? [] : TextWarnings.Of(text),
            Source = source.Source,
            Grade = source.Grade,
        };
    }

    private static TextFacts Facts(CarePlan plan, SessionFacts session, TextFacts texts) => texts with
    {
        StartsAt = session.StartsAt.InZone(session.Zone).LocalDateTime,
        SessionNumber = session.SessionNumber,
        PlannedSessions = session.PlannedSessions,
        Series = plan.Series,
    };

    /// <summary>The timeline of one session in a course where the patient answers the first prompt to book.</summary>
    private sealed record Course(IReadOnlyList<TimelineStep> Steps, Instant NextBookedAt)
    {
        public static Course Of(CarePlan plan, SessionFacts session, Instant? next)
        {
            IReadOnlyList<TimelineStep> open = Timeline.Compute(plan, session);
            if (next is null)
            {
                return new Course(open, default);
            }

            HashSet<string> prompts = [.. plan.Steps.Where(step => step.Until.HasFlag(StepUntil.Rebooked)).Select(step => step.Id)];
            Instant? prompted = open.FirstOrDefault(step => step.Planned && prompts.Contains(step.Step))?.DueAt;

            // Without a prompt in time the patient books on leaving.
            Instant booked = prompted < next ? prompted.Value : Instant.Min(session.StartsAt + plan.SessionDuration, next.Value);
            Dictionary<string, TimelineStep> rebooked = Timeline.Compute(plan, session with { Rebooked = true }).ToDictionary(step => step.Step);
            return new Course([.. open.Select(step => prompts.Contains(step.Step) && step.DueAt > booked ? rebooked[step.Step] : step)], booked);
        }
    }
}

/// <summary>How a preview differs from the usual.</summary>
public sealed record PreviewOptions
{
    /// <summary>Whether to go on to the last planned session, or to show the one session alone.</summary>
    public bool WholeCourse { get; init; } = true;

    /// <summary>Starts of the sessions after the first, in order; those that are not given are in the middle of their window.</summary>
    public IReadOnlyList<Instant> LaterStarts { get; init; } = [];
}

/// <summary>A session of a preview.</summary>
/// <param name="Number">Which session of the course, from 1.</param>
/// <param name="StartsAt">When it starts, on the patient's clock.</param>
/// <param name="NextFrom">First day of the time that is advised for the next session; null behind the last one and where none is advised.</param>
/// <param name="NextUntil">Last day of it; null likewise.</param>
public sealed record PreviewSession(int Number, OffsetDateTime StartsAt, LocalDate? NextFrom, LocalDate? NextUntil);

/// <summary>A step of a preview.</summary>
public sealed record PreviewRow
{
    /// <summary>Which session of the course it belongs to.</summary>
    public required int Session { get; init; }

    /// <summary>Id of the step in the plan.</summary>
    public required string Step { get; init; }

    /// <summary>What the text is for.</summary>
    public required StepKind Kind { get; init; }

    /// <summary>When it is sent, or would have been due, on the patient's clock, with the offset from UTC of that moment.</summary>
    public required OffsetDateTime DueAt { get; init; }

    /// <summary>The text as the patient reads it; null if it would not be sent.</summary>
    public required string? Text { get; init; }

    /// <summary>Alphabet and segments; null if it would not be sent.</summary>
    public required SegmentCount? Size { get; init; }

    /// <summary>Estimate in US dollars; null if it would not be sent, without a number, or where no price is known.</summary>
    public required decimal? Cost { get; init; }

    /// <summary>Why it would not be sent; null if it would.</summary>
    public required string? Reason { get; init; }

    /// <summary>Why it is due later than the plan says; null if it is not.</summary>
    public required string? Moved { get; init; }

    /// <summary>See <see cref="TextWarnings"/>.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Where the timing comes from.</summary>
    public required string Source { get; init; }

    /// <summary>How far that source can be trusted.</summary>
    public required EvidenceGrade Grade { get; init; }

    /// <summary>Whether it would be sent.</summary>
    public bool Planned => Reason is null;
}

/// <summary>The sums of a preview.</summary>
/// <param name="Texts">Texts that would be sent.</param>
/// <param name="Segments">Their segments.</param>
/// <param name="Cost">Estimate in US dollars; null if that of a text is unknown.</param>
/// <param name="NotSent">Steps that would not be sent.</param>
public sealed record PreviewTotals(int Texts, int Segments, decimal? Cost, int NotSent);
