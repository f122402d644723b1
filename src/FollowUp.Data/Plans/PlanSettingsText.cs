using System.Text.Json;
using System.Text.Json.Serialization;
using FollowUp.Core.CarePlans;
using FollowUp.Core.Texts;
using NodaTime;
using NodaTime.Text;

namespace FollowUp.Data.Plans;

/// <summary>How clinics' plan settings are spelled in the store: in one way only, so that equal settings are equal texts.</summary>
internal static class PlanSettingsText
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    };

    public static string Write(ClinicPlanSettings settings) => JsonSerializer.Serialize(Stored.Of(settings), Options);

    public static string Write(IReadOnlyDictionary<string, ClinicPlanSettings> byPlan) =>
        JsonSerializer.Serialize(new SortedDictionary<string, Stored>(byPlan.ToDictionary(plan => plan.Key, plan => Stored.Of(plan.Value)), StringComparer.Ordinal), Options);

    public static ClinicPlanSettings Read(string text) => JsonSerializer.Deserialize<Stored>(text, Options)!.ToSettings();

    public static IReadOnlyDictionary<string, ClinicPlanSettings> ReadByPlan(string text) =>
        JsonSerializer.Deserialize<Dictionary<string, Stored>>(text, Options)!.ToDictionary(plan => plan.Key, plan => plan.Value.ToSettings());

    /// <summary>Outlives the code that wrote it: members are added if need be, never renamed or removed.</summary>
    private sealed record Stored(
        SortedDictionary<string, string>? Fields,
        SortedDictionary<string, string>? Offsets,
        string[]? Off,
        TextEdit[]? Texts,
        bool NamesTreatment)
    {
        public static Stored Of(ClinicPlanSettings settings) => new(
            Periods(PlanField.Names.Select(name => (name, settings.Overrides.Of(name)))),
            Periods(settings.Overrides.Offsets.Select(offset => (offset.Key, (Period?)offset.Value))),
            settings.StepsOff.Count == 0 ? null : [.. settings.StepsOff],
            settings.TextEdits.Count == 0
                ? null
                : [.. settings.TextEdits.OrderBy(edit => edit.Step, StringComparer.Ordinal).ThenBy(edit => edit.Language, StringComparer.Ordinal)],
            settings.NamesTreatment);

        public ClinicPlanSettings ToSettings() => new()
        {
            Overrides = new PlanOverrides
            {
                Sunscreen = Field(PlanField.Sunscreen),
                MakeUp = Field(PlanField.MakeUp),
                Exercise = Field(PlanField.Exercise),
                Retinoids = Field(PlanField.Retinoids),
                Sun = Field(PlanField.Sun),
                Offsets = Offsets?.ToDictionary(offset => offset.Key, offset => Parse(offset.Value)) ?? [],
            },
            StepsOff = Off ?? [],
            TextEdits = Texts ?? [],
            NamesTreatment = NamesTreatment,
        };

        private Period? Field(string name) => Fields?.TryGetValue(name, out var text) == true ? Parse(text) : null;

        private static Period Parse(string text) => PeriodPattern.Roundtrip.Parse(text).Value;

        private static SortedDictionary<string, string>? Periods(IEnumerable<(string Name, Period? Value)> periods)
        {
            var known = periods.Where(period => period.Value is not null)
                .ToDictionary(period => period.Name, period => PeriodPattern.Roundtrip.Format(period.Value!));
            return known.Count == 0 ? null : new SortedDictionary<string, string>(known, StringComparer.Ordinal);
        }
    }
}
