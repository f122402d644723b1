using FollowUp.Core.CarePlans;
using FollowUp.Core.Texts;
using FollowUp.Data.Plans;
using FollowUp.Functions.Http;
using NodaTime;

namespace FollowUp.Functions.Clinics;

/// <summary>What a clinic PUT sets for care plans: <c>planOverrides</c> by plan, and <c>textEdits</c>. All of it is checked against the plans' newest versions.</summary>
internal sealed class PlanSettingsRequest(CarePlanCatalogue catalogue)
{
    private const string Overrides = "planOverrides";
    private const string Edits = "textEdits";
    internal const int LongestText = 1000;

    public IReadOnlyDictionary<string, ClinicPlanSettings> Read(JsonFields fields)
    {
        Dictionary<string, ClinicPlanSettings> plans = new(StringComparer.Ordinal);
        if (fields.Object(Overrides, required: false) is { } byPlan)
        {
            foreach (var plan in byPlan.Names.ToList())
            {
                if (byPlan.Object(plan, required: false) is { } own && IsKnown(plan, message => byPlan.Error(plan, message)))
                {
                    plans[plan] = ReadOverrides(own, catalogue.Find(plan)!);
                }
            }
        }

        List<(string Plan, TextEdit Edit, JsonFields Fields)> edits = [.. fields.Objects(Edits).Select(ReadEdit).OfType<(string, TextEdit, JsonFields)>()];
        foreach (var ofPlan in edits.GroupBy(edit => edit.Plan, StringComparer.Ordinal))
        {
            var settings = plans.GetValueOrDefault(ofPlan.Key, new ClinicPlanSettings()) with { TextEdits = [.. ofPlan.Select(edit => edit.Edit)] };
            plans[ofPlan.Key] = settings;
            CheckEdits(settings, [.. ofPlan.Select(edit => (edit.Edit, edit.Fields))], catalogue.Find(ofPlan.Key)!);
        }

        // What sets nothing makes no version.
        return plans.Where(plan => !IsEmpty(plan.Value)).ToDictionary(StringComparer.Ordinal);
    }

    private static ClinicPlanSettings ReadOverrides(JsonFields fields, CarePlan plan)
    {
        Period? Length(string name) => fields.Text(name, required: false, FieldRules.Period) is { } text ? FieldRules.ParsePeriod(text) : null;

        Dictionary<string, Period> offsets = new(StringComparer.Ordinal);
        var times = fields.Object("offsets", required: false);
        foreach (var step in times?.Names.ToList() ?? [])
        {
            if (times!.Text(step, required: false, FieldRules.Period) is { } text)
            {
                offsets[step] = FieldRules.ParsePeriod(text);
            }
        }

        var settings = new ClinicPlanSettings
        {
            Overrides = new PlanOverrides
            {
                Sunscreen = Length(PlanField.Sunscreen),
                MakeUp = Length(PlanField.MakeUp),
                Exercise = Length(PlanField.Exercise),
                Retinoids = Length(PlanField.Retinoids),
                Sun = Length(PlanField.Sun),
                Offsets = offsets,
            },
            StepsOff = [.. (fields.Texts("stepsOff", _ => null) ?? []).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            NamesTreatment = fields.Flag("namesTreatment") ?? false,
        };
        var problems = plan.Check(settings.Overrides);
        foreach (var problem in problems)
        {
            fields.Error(problem.Field, $"{problem.Problem} {problem.Remedy}");
        }

        if (problems.Count > 0)
        {
            return new ClinicPlanSettings();
        }

        try
        {
            settings.WithoutTexts(plan);
            return settings;
        }
        catch (StepsOffException exception)
        {
            fields.Error("stepsOff", exception.Message);
            return settings with { StepsOff = [] };
        }
    }

    private (string Plan, TextEdit Edit, JsonFields Fields)? ReadEdit(JsonFields fields)
    {
        var plan = fields.Text("plan", required: true, FieldRules.Id);
        var step = fields.Text("step", required: true, FieldRules.Id);
        var language = fields.Text("language", required: true, FieldRules.Language);
        var text = fields.Text("text", required: true, FieldRules.Words(LongestText));
        return plan is not null && step is not null && language is not null && text is not null && IsKnown(plan, message => fields.Error("plan", message))
            ? (plan, new TextEdit(step, language, text), fields)
            : null;
    }

    private static void CheckEdits(ClinicPlanSettings settings, IReadOnlyList<(TextEdit Edit, JsonFields Fields)> edits, CarePlan plan)
    {
        foreach (var problem in new TextEdits(settings.TextEdits, settings.NamesTreatment).Check(settings.WithoutTexts(plan)).Where(problem => !problem.IsWarning))
        {
            // The last one of its step and language: where two are the same, that is the one too many.
            edits.Last(edit => edit.Edit.Step == problem.Step && edit.Edit.Language == problem.Language)
                .Fields.Error("text", $"{problem.Problem} {problem.Remedy}");
        }
    }

    private bool IsKnown(string plan, Action<string> refuse)
    {
        if (catalogue.Find(plan) is not null)
        {
            return true;
        }

        refuse("There is no such care plan.");
        return false;
    }

    private static bool IsEmpty(ClinicPlanSettings settings) =>
        settings is { NamesTreatment: false, StepsOff: [], TextEdits: [], Overrides.Offsets.Count: 0 }
        && PlanField.Names.All(name => settings.Overrides.Of(name) is null);
}
