using NodaTime;

namespace FollowUp.Core.CarePlans;

/// <summary>Reads how many sessions a course has and how far apart they are.</summary>
internal static class CarePlanSeriesReader
{
    /// <summary>Null if there is a mistake in it, so that nothing that depends on it repeats the mistake.</summary>
    public static Series? Read(YamlSection root, PlanProblems problems)
    {
        int errorsBefore = problems.ErrorCount;
        if (root.Section("series", "(sessions and spacing)", "the series", PlanFormat.SeriesKeys) is not { } section)
        {
            return null;
        }

        string? source = section.Text("source", "where the numbers come from");
        EvidenceGrade? grade = section.OneOf("grade", PlanFormat.Grades);
        string? sessionsSource = section.Has("sessionsSource")
            ? section.Text("sessionsSource", "where the number of sessions comes from")
            : source;
        EvidenceGrade? sessionsGrade = section.Has("sessionsGrade") ? section.OneOf("sessionsGrade", PlanFormat.Grades) : grade;
        int? fewest = Number(section, "minSessions", "3", sessionsGrade);
        int? most = Number(section, "maxSessions", "6", sessionsGrade);
        Period? shortest = Spacing(section, "spacingMin", "P4W", grade, needed: most != 1);
        Period? longest = Spacing(section, "spacingMax", "P6W", grade, needed: most != 1);
        if (fewest > most)
        {
            section.Wrong(
                "maxSessions",
                $"The most sessions ({most}) are fewer than the fewest ({fewest}).",
                "Write maxSessions as a number not below minSessions.");
        }

        if (!section.HasValue("spacingMin") && longest is not null && most == 1)
        {
            section.Wrong("spacingMax", "There is a longest spacing, but no shortest.", "Write spacingMin too.");
        }

        // Months differ in length, so the two ends are compared from one common day.
        LocalDate day = new(2000, 1, 1);
        if (shortest is not null && longest is not null && day + longest < day + shortest)
        {
            section.Wrong(
                "spacingMax",
                "The longest spacing is shorter than the shortest.",
                "Write spacingMax as a period not shorter than spacingMin.");
        }

        return problems.ErrorCount > errorsBefore
            ? null
            : new Series(fewest, most, shortest, longest, source!, grade!.Value)
            {
                SessionsSource = sessionsSource!,
                SessionsGrade = sessionsGrade!.Value,
            };
    }

    private static int? Number(YamlSection section, string key, string example, EvidenceGrade? grade) =>
        IsLeftToTheClinic(section, key, grade) ? null : section.Value(key, example, PlanPeriods.ParseCount);

    private static Period? Spacing(YamlSection section, string key, string example, EvidenceGrade? grade, bool needed) =>
        IsLeftToTheClinic(
            section,
            key,
            grade) || (!needed && !section.HasValue(key)) ? null : section.Value(key,
            example,
            PlanPeriods.ParseSpacing);

    private static bool IsLeftToTheClinic(YamlSection section, string key, EvidenceGrade? grade)
    {
        if (grade is EvidenceGrade.W && section.HasValue(key))
        {
            section.Wrong(
                key,
                "A number from a weak source is not shipped as a value.",
                $"Leave '{key}:' empty for the clinic to decide, or write grade J where it is your own decision.");
        }

        return grade is EvidenceGrade.W;
    }
}
