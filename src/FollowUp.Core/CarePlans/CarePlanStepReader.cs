using FollowUp.Core.Contacts;
using FollowUp.Core.Replies;
using FollowUp.Core.Timelines;
using NodaTime;
using NodaTime.Text;
using YamlDotNet.RepresentationModel;

namespace FollowUp.Core.CarePlans;

/// <summary>Reads the steps of a plan.</summary>
internal sealed class CarePlanStepReader
{
    private static readonly LocalTimePattern TimeOfDay = LocalTimePattern.CreateWithInvariantCulture("HH:mm");

    private readonly PlanProblems problems;
    private readonly Series? series;
    private readonly List<PlanStep> steps = [];
    private readonly List<UnsetStep> unset = [];
    private readonly HashSet<string> textKeys = new(StringComparer.Ordinal);

    private CarePlanStepReader(PlanProblems problems, Series? series)
    {
        this.problems = problems;
        this.series = series;
    }

    /// <summary>The steps that have a time and those that the clinic is to set.</summary>
    /// <param name="TextKeys">What the texts must have, or null if a step does not say.</param>
    public sealed record Result(IReadOnlyList<PlanStep> Steps, IReadOnlyList<UnsetStep> Unset, IReadOnlySet<string>? TextKeys)
    {
        /// <summary>Kinds of the steps that send a text, and what they ask for.</summary>
        public IEnumerable<(StepKind Kind, AskedFor Asks)> UsesOf(string textKey) =>
            Steps.Select(step => (step.TextKey, step.Kind, step.Asks))
                .Concat(Unset.Select(step => (step.TextKey, step.Kind, step.Asks)))
                .Where(step => step.TextKey == textKey)
                .Select(step => (step.Kind, step.Asks));
    }

    public static Result Read(YamlSection root, PlanProblems problems, Series? series)
    {
        CarePlanStepReader reader = new(problems, series);
        bool complete = reader.ReadAll(root.List("steps", "(a list)"));
        return new Result(reader.steps, reader.unset, complete ? reader.textKeys : null);
    }

    private bool ReadAll(IReadOnlyList<YamlNode>? nodes)
    {
        HashSet<string> ids = new(StringComparer.Ordinal);
        PlanStep? previous = null;
        bool complete = nodes is not null;
        foreach ((int index, YamlNode node) in (nodes ?? []).Index())
        {
            YamlSection? section = YamlSection.Of(node, problems, "a step", PlanFormat.StepKeys);
            if (section is null)
            {
                complete = false;
                continue;
            }

            complete &= section.Text("text", "prep-7d") is { } key && (textKeys.Add(key) || true);
            if (ReadId(section, ids) is not { } id || Read(section, id) is not { } draft)
            {
                // Whatever is counted from a step that cannot be read would only repeat its mistake.
                previous = null;
                continue;
            }

            Keep(section, draft, previous, isFirst: index == 0);
            previous = draft;
        }

        return complete;
    }

    private static string? ReadId(YamlSection section, HashSet<string> ids)
    {
        string? id = section.Text("id", "prep-7d");
        if (id is not null && !Identifier.IsValid(id))
        {
            section.Wrong("id", $"'{id}' cannot be an id.", $"Write {Identifier.Rule}.");
        }
        else if (id is not null && !ids.Add(id))
        {
            section.Wrong("id", $"The step id '{id}' is used twice.", "Give each step an id of its own.");
        }

        return id;
    }

    private static PlanStep? Read(YamlSection section, string id)
    {
        StepKind? kind = section.OneOf("kind", PlanFormat.Kinds);
        StepAnchor? anchor = section.OneOf("anchor", PlanFormat.Anchors);
        EvidenceGrade? grade = section.OneOf("grade", PlanFormat.Grades);
        Period? offset = ReadOffset(section, grade);
        LocalTime? at = section.Has("at") ? section.Value("at", "10:00", ParseTime) : null;
        SessionCondition? sessions = section.OneOf("sessions", PlanFormat.Sessions, SessionCondition.All);
        StepUntil? until = section.OneOf("until", PlanFormat.Until, StepUntil.None);
        bool? onlyAfterNoShow = section.OneOf("onlyAfter", PlanFormat.OnlyAfter, false);
        bool? essential = section.OneOf("essential", PlanFormat.YesOrNo, kind is { } known && StepKinds.IsEssentialByDefault(known));
        Period? usefulFor = ReadUsefulFor(section);
        AskedFor? asks = section.OneOf("asks", PlanFormat.Asks, AskedFor.Nothing);
        string? source = section.Text("source", "where the timing comes from");
        bool misread = section.Has("usefulFor") && usefulFor is null;
        return kind is null || anchor is null || grade is null || offset is null || sessions is null || until is null
            || onlyAfterNoShow is null || essential is null || asks is null || source is null || misread
            ? null
            : new PlanStep
            {
                Id = id,
                Kind = kind.Value,
                Anchor = anchor.Value,
                Offset = offset,
                At = at,
                Sessions = sessions.Value,
                Until = until.Value,
                OnlyAfterNoShow = onlyAfterNoShow.Value,
                Essential = essential.Value,
                UsefulFor = usefulFor,
                Asks = asks.Value,
                TextKey = section.HasValue("text") ? section.Text("text", id)! : id,
                Source = source,
                Grade = grade.Value,
            };
    }

    /// <summary>The offset; nothing at all, as zero, where a weak source leaves it to the clinic.</summary>
    private static Period? ReadOffset(YamlSection section, EvidenceGrade? grade)
    {
        bool left = section.Has("offset") && !section.HasValue("offset");
        if (grade is EvidenceGrade.W && !left)
        {
            section.Wrong(
                "offset",
                "A timing from a weak source is not shipped as a value.",
                "Leave 'offset:' empty for the clinic to set, or write 'grade: J' where it is your own decision.");
            return null;
        }

        if (grade is not EvidenceGrade.W && left)
        {
            section.Wrong("offset", "'offset' is empty.", "Write a period such as -P7D, or 'grade: W' to leave the time to the clinic.");
            return null;
        }

        return left ? Period.Zero : section.Value("offset", "-P7D", PlanPeriods.Parse);
    }

    private static Period? ReadUsefulFor(YamlSection section)
    {
        Period? period = section.Has("usefulFor") ? section.Value("usefulFor", "P1D", PlanPeriods.Parse) : null;
        if (period is not null && PlanPeriods.RoughDays(period) is not (> 0 and <= 366))
        {
            section.Wrong("usefulFor", "A text is useful for some time, at most a year.", "Write a positive period, such as PT12H or P2D.");
            return null;
        }

        return period;
    }

    private void Keep(YamlSection section, PlanStep draft, PlanStep? previous, bool isFirst)
    {
        IEnumerable<PlanStepRules.Mistake> mistakes = PlanStepRules.OfStep(draft, previous, series);
        if (previous is null && !isFirst)
        {
            mistakes = mistakes.Where(_ => draft.Anchor is not StepAnchor.PreviousStep);
        }

        bool isUnset = draft.Grade is EvidenceGrade.W;
        if (draft.Anchor is StepAnchor.PreviousStep && previous?.Grade is EvidenceGrade.W)
        {
            mistakes = mistakes.Append(new(
                "anchor",
                $"The step '{previous.Id}' that this one is counted from has no time of its own.",
                "Count this step from another anchor."));
        }

        foreach (PlanStepRules.Mistake mistake in isUnset ? mistakes : mistakes.Concat(PlanStepRules.OfOffset(draft, series)))
        {
            section.Wrong(mistake.Key, mistake.Problem, mistake.Remedy);
        }

        if (isUnset)
        {
            unset.Add(new UnsetStep(draft, steps.LastOrDefault()?.Id));
        }
        else
        {
            steps.Add(draft);
        }
    }

    private static LocalTime? ParseTime(string text) =>
        TimeOfDay.Parse(text).TryGetValue(default, out LocalTime time) ? time : null;
}
