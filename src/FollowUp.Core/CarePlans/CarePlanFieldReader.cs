using NodaTime;
using YamlDotNet.RepresentationModel;

namespace FollowUp.Core.CarePlans;

/// <summary>Reads the advice on which sources disagree.</summary>
internal static class CarePlanFieldReader
{
    public static IReadOnlyList<PlanField> Read(YamlSection root, PlanProblems problems)
    {
        List<PlanField> fields = [];
        if (!root.Has("fields") || root.Section("fields", "(advice by name)", "'fields'", [.. PlanField.Names]) is not { } section)
        {
            return fields;
        }

        foreach ((string name, YamlNode node) in section.Entries.Where(entry => PlanField.Names.Contains(entry.Key)))
        {
            if (YamlSection.Of(node, problems, $"the field '{name}'", PlanFormat.FieldKeys) is { } field && Read(field, name) is { } read)
            {
                fields.Add(read);
            }
        }

        return fields;
    }

    private static PlanField? Read(YamlSection section, string name)
    {
        EvidenceGrade? grade = section.OneOf("grade", PlanFormat.Grades);
        string? source = section.Text("source", "what the sources say");
        Period? value = null;
        if (section.HasValue("value"))
        {
            value = section.Value("value", "PT48H", PlanPeriods.ParseLength);
            if (grade is EvidenceGrade.W)
            {
                section.Wrong(
                    "value",
                    "A timing from a weak source is not shipped as a value.",
                    "Leave 'value:' empty for the clinic to set, or write 'grade: J' where it is your own decision.");
            }
        }
        else if (!section.Has("value"))
        {
            section.Text("value", "PT48H");
        }

        return source is null || grade is null ? null : new PlanField(name, value, source, grade.Value);
    }
}
