using System.Globalization;

namespace FollowUp.Core.CarePlans;

/// <summary>Where each number of a plan comes from, for whoever has to answer for it.</summary>
/// <param name="Items">The series, then the fields, then the steps, those without a time last.</param>
public sealed record PlanEvidence(IReadOnlyList<EvidenceItem> Items)
{
    /// <summary>What only weak sources tell, or the sources disagree on, and the clinic has not set.</summary>
    public IEnumerable<EvidenceItem> LeftToTheClinic => Items.Where(item => item.Value is null);

    /// <summary>How many numbers have a grade.</summary>
    public int Count(EvidenceGrade grade) => Items.Count(item => item.Grade == grade);

    /// <summary>One line for staff, such as "A 4, C 2, J 9; left to the clinic: sunscreen, sessions".</summary>
    public override string ToString()
    {
        IEnumerable<EvidenceGrade> used = Enum.GetValues<EvidenceGrade>().Where(grade => Count(grade) > 0);
        string grades = string.Join(", ", used.Select(grade => $"{grade} {Count(grade)}"));
        string[] left = [.. LeftToTheClinic.Select(item => item.Name)];
        return left.Length == 0 ? grades : $"{grades}; left to the clinic: {string.Join(", ", left)}";
    }

    internal static PlanEvidence Of(CarePlan plan)
    {
        Series series = plan.Series;
        return new PlanEvidence(
        [
            new(
                EvidencePart.Series,
                "sessions",
                series.MinSessions is null ? null : $"{series.MinSessions} to {series.MaxSessions}",
                series.SessionsSource,
                series.SessionsGrade),
            .. Spacing(series),
            .. plan.Fields.Select(field => new EvidenceItem(EvidencePart.Field, field.Name, Length(field), field.Source, field.Grade)),
            .. plan.Steps.Select(step => new EvidenceItem(EvidencePart.Step, step.Id, Timing(step), step.Source, step.Grade)),
            .. plan.UnsetSteps.Select(step => new EvidenceItem(EvidencePart.Step, step.Id, null, step.Source, EvidenceGrade.W)),
        ]);
    }

    private static IEnumerable<EvidenceItem> Spacing(Series series)
    {
        if (series is { IsSingle: true, SpacingMin: null })
        {
            yield break;
        }

        string? value = series.SpacingMin is null
            ? null
            : PlanPeriods.Write(series.SpacingMin) + (series.SpacingMax is null ? " or more" : $" to {PlanPeriods.Write(series.SpacingMax)}");
        yield return new EvidenceItem(EvidencePart.Series, "spacing", value, series.Source, series.Grade);
    }

    private static string? Length(PlanField field) => field.Value is null ? null : PlanPeriods.Write(field.Value);

    private static string Timing(PlanStep step)
    {
        string at = step.At is { } time ? $" at {time.ToString("HH:mm", CultureInfo.InvariantCulture)}" : "";
        return $"{PlanFormat.Anchors.WordFor(step.Anchor)} {PlanPeriods.Write(step.Offset)}{at}";
    }
}

/// <summary>One number of a plan and its source.</summary>
/// <param name="Part">Where in the plan it stands.</param>
/// <param name="Name"><c>sessions</c>, <c>spacing</c>, the field's name or the step's id.</param>
/// <param name="Value">As the plan writes it; null where it is left to the clinic.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="Grade">How far that can be trusted.</param>
public sealed record EvidenceItem(EvidencePart Part, string Name, string? Value, string Source, EvidenceGrade Grade);

/// <summary>The parts of a plan that have sources.</summary>
public enum EvidencePart
{
    /// <summary>How many sessions, how far apart.</summary>
    Series,

    /// <summary>Advice on which sources disagree.</summary>
    Field,

    /// <summary>When a text is sent.</summary>
    Step,
}
