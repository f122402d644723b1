using FollowUp.Core.CarePlans;
using FollowUp.Core.Timelines;
using FollowUp.Dashboard.Words;
using FollowUp.Data;
using FollowUp.Data.Overview;
using NodaTime;

namespace FollowUp.Dashboard.Drawing;

/// <summary>Where everything of one session's course stands in its picture: past, now, planned, the time advised for the next session, replies.</summary>
public sealed class CourseTimeline
{
    public const double Width = 1000;
    public const double Left = 112;
    public const double Right = 984;
    public const double LanesTop = 62;
    public const double LaneHeight = 30;

    /// <summary>Marks that stand closer are one mark with a number.</summary>
    private const double Apart = 13;

    /// <summary>Days between two ticks; as few as there is room for.</summary>
    private static readonly int[] TickSteps = [1, 2, 3, 7, 14, 28, 56, 91, 182];

    /// <summary>Where several texts are one mark, the worst of them gives the colour.</summary>
    private static readonly string[] BestFirst = ["off", "good", "reply", "going", "waiting", "bad"];

    private readonly Instant _from;
    private readonly Instant _to;

    private CourseTimeline(Instant from, Instant to) => (_from, _to) = (from, to);

    public required IReadOnlyList<CourseLane> Lanes { get; init; }
    public required IReadOnlyList<(double X, string Label)> Ticks { get; init; }

    /// <summary>The session itself.</summary>
    public required double Visit { get; init; }
    public required double Now { get; init; }

    /// <summary>The time that is advised for the next session; null where there is none.</summary>
    public (double From, double To)? Window { get; init; }

    /// <summary>The picture in a sentence.</summary>
    public required string Words { get; init; }

    public double LanesBottom => LanesTop + Lanes.Count * LaneHeight;

    public double Height => LanesBottom + 28;

    public static CourseTimeline Of(SessionDetail session, CarePlan? plan, ClinicTime time)
    {
        var start = session.Line.StartsAt;
        var window = WindowOf(session, plan, time);
        var moments = session.Steps.Select(step => step.At).Concat(session.Replies.Select(reply => reply.At)).Append(start).ToList();
        if (window is var (opens, closes))
        {
            moments.AddRange([opens, closes]);
        }

        // The present is in the picture unless it is so far off that the course would shrink to nothing.
        var span = moments.Max() - moments.Min();
        if (time.Now >= moments.Min() - span && time.Now <= moments.Max() + span)
        {
            moments.Add(time.Now);
        }

        var padding = Duration.Max((moments.Max() - moments.Min()) * 0.025, Duration.FromHours(6));
        var line = new CourseTimeline(moments.Min() - padding, moments.Max() + padding)
        {
            Lanes = [],
            Ticks = [],
            Visit = 0,
            Now = 0,
            Words = "",
        };
        return new CourseTimeline(line._from, line._to)
        {
            Lanes = [.. line.LanesOf(session, time)],
            Ticks = [.. line.TicksOf(time)],
            Visit = line.X(start),
            Now = line.X(time.Now),
            Window = window is var (from, to) ? (line.X(from), line.X(to)) : null,
            Words = Describe(session, time),
        };
    }

    private double X(Instant at) => Left + (Right - Left) * Math.Clamp((at - _from) / (_to - _from), 0, 1);

    private IEnumerable<CourseLane> LanesOf(SessionDetail session, ClinicTime time)
    {
        foreach (var kind in session.Steps.GroupBy(step => step.Kind).OrderBy(group => group.Key))
        {
            yield return new CourseLane(Labels.Of(kind.Key), Merge(kind.Select(step => new CourseMark(
                X(step.At), Labels.Tone(step.State), 1, $"{step.Step}: {Labels.Of(step.State).ToLowerInvariant()}, {time.Full(step.At)}"))));
        }

        if (session.Replies.Count > 0)
        {
            yield return new CourseLane("Replies", Merge(session.Replies.Select(reply => new CourseMark(
                X(reply.At), reply.RedFlag ? "bad" : "reply", 1, $"Patient: {Labels.Of(reply.Meaning).ToLowerInvariant()}, {time.Full(reply.At)}"))));
        }
    }

    private static List<CourseMark> Merge(IEnumerable<CourseMark> marks)
    {
        List<CourseMark> merged = [];
        foreach (var mark in marks.OrderBy(mark => mark.X))
        {
            if (merged is [.., var last] && mark.X - last.X < Apart)
            {
                merged[^1] = last with { Count = last.Count + 1, Tone = Worse(last.Tone, mark.Tone), Words = $"{last.Words}\n{mark.Words}" };
            }
            else
            {
                merged.Add(mark);
            }
        }

        return merged;
    }

    private static string Worse(string one, string other) => Array.IndexOf(BestFirst, one) >= Array.IndexOf(BestFirst, other) ? one : other;

    private IEnumerable<(double X, string Label)> TicksOf(ClinicTime time)
    {
        var days = (int)Math.Ceiling((_to - _from).TotalDays);
        var step = TickSteps.FirstOrDefault(candidate => days / candidate <= 9, 365);
        for (var date = time.DateOf(_from).PlusDays(1); time.StartOf(date) < _to; date = date.PlusDays(step))
        {
            yield return (X(time.StartOf(date)), date.ToString("MMM d", System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    private static (Instant Opens, Instant Closes)? WindowOf(SessionDetail session, CarePlan? plan, ClinicTime time)
    {
        if (plan?.Series is not { SpacingMin: { } min, SpacingMax: { } max } || session.Line.Number >= session.Line.Planned)
        {
            return null;
        }

        var date = time.DateOf(session.Line.StartsAt);
        return (time.StartOf(date + min), time.StartOf((date + max).PlusDays(1)));
    }

    private static string Describe(SessionDetail session, ClinicTime time)
    {
        var kinds = session.Steps.GroupBy(step => step.State).OrderBy(group => group.Key)
            .Select(group => $"{group.Count()} {Labels.Of(group.Key).ToLowerInvariant()}");
        return $"The session is on {time.Full(session.Line.StartsAt)}. Texts: {string.Join(", ", kinds)}. "
            + $"{Labels.Count(session.Replies.Count, "reply", "replies")}. The list below has them all.";
    }
}

/// <summary>One kind of text, and its marks from left to right.</summary>
public sealed record CourseLane(string Label, IReadOnlyList<CourseMark> Marks);

/// <param name="Count">How many texts stand there.</param>
/// <param name="Words">What they are, a line each.</param>
public sealed record CourseMark(double X, string Tone, int Count, string Words);
