using FollowUp.Core.CarePlans;
using FollowUp.Data.Plans;
using NodaTime;
using NodaTime.Text;

namespace FollowUp.Functions.Clinics;

/// <summary>What a clinic has set for care plans, in the shape of its PUT.</summary>
internal static class PlanSettingsAnswer
{
    public static object Overrides(IReadOnlyDictionary<string, ClinicPlanSettings> plans) => plans
        .Where(plan => plan.Value != new ClinicPlanSettings { TextEdits = plan.Value.TextEdits })
        .OrderBy(plan => plan.Key, StringComparer.Ordinal)
        .ToDictionary(plan => plan.Key, plan => Overrides(plan.Value));

    public static object TextEdits(IReadOnlyDictionary<string, ClinicPlanSettings> plans) => plans
        .OrderBy(plan => plan.Key, StringComparer.Ordinal)
        .SelectMany(plan => plan.Value.TextEdits.Select(edit => new { plan = plan.Key, edit.Step, edit.Language, edit.Text }));

    private static SortedDictionary<string, object> Overrides(ClinicPlanSettings settings)
    {
        SortedDictionary<string, object> fields = new(StringComparer.Ordinal)
        {
            ["offsets"] = settings.Overrides.Offsets.ToDictionary(offset => offset.Key, offset => Text(offset.Value)),
            ["stepsOff"] = settings.StepsOff,
            ["namesTreatment"] = settings.NamesTreatment,
        };
        foreach (var name in PlanField.Names)
        {
            if (settings.Overrides.Of(name) is { } value)
            {
                fields[name] = Text(value);
            }
        }

        return fields;
    }

    private static string Text(Period period) => PeriodPattern.Roundtrip.Format(period);
}
