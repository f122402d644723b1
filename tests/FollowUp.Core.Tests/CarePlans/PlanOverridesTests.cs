using FollowUp.Core.CarePlans;
using FollowUp.Core.Texts;
using FollowUp.Core.Timelines;
using NodaTime;

namespace FollowUp.Tests.CarePlans;

/// <summary>What a clinic changes in a plan without editing it.</summary>
public class PlanOverridesTests
{
    private static CarePlan Plan => CarePlanCatalogue.BuiltIn.Find("microneedling-acne-scars", 2)!;

    [Theory]
    [InlineData(
        "en",
        "First 24 hours: only water, no sun. Blisters",
        "First 24 hours: only water, no sun, no exercise for 48 hours. Blisters")]
    [InlineData("es", "sin sol. Ampollas", "sin sol; sin deporte 48 horas. Ampollas")]
    public void A_text_says_the_clinics_number_once_it_is_set(string language, string before, string after)
    {
        CarePlan own = Plan.With(new PlanOverrides { Exercise = Period.FromHours(48) });

        Assert.Contains(before, TextRenderer.Render(Plan, "care-4h", language, Some.TextFacts));
        Assert.Contains(after, TextRenderer.Render(own, "care-4h", language, Some.TextFacts));
    }

    [Theory]
    [InlineData("PT1H", "1 hour", "1 hora")]
    [InlineData("PT72H", "72 hours", "72 horas")]
    [InlineData("P7D", "7 days", "7 días")]
    [InlineData("P1W", "1 week", "1 semana")]
    [InlineData("P2M", "2 months", "2 meses")]
    public void A_length_is_written_in_words_of_the_language(string period, string english, string spanish)
    {
        CarePlan own = Plan.With(new PlanOverrides { Sun = CarePlanReader.ParsePeriod(period) });

        Assert.Contains($"Avoid strong sun for {english} before;", TextRenderer.Render(own, "prep-7d", "en", Some.TextFacts));
        Assert.Contains($"Evita el sol fuerte {spanish} antes;", TextRenderer.Render(own, "prep-7d", "es", Some.TextFacts));
    }

    [Fact]
    public void Every_field_of_every_plan_changes_a_text_in_every_language()
    {
        foreach (CarePlan plan in CarePlanCatalogue.BuiltIn.Plans)
        {
            foreach (PlanField field in plan.Fields)
            {
                CarePlan own = plan.With(Setting(field.Name, Period.FromWeeks(3)));
                foreach ((string language, string words) in new[] { ("en", "3 weeks"), ("es", "3 semanas") })
                {
                    Assert.True(
                        plan.Steps.Any(step => TextRenderer.Render(own, step.TextKey, language, Facts(plan)).Contains(words, StringComparison.Ordinal)),
                        $"{plan.Id} {plan.Version} {field.Name} {language}");
                }
            }
        }
    }

    [Fact]
    public void What_a_clinic_sets_is_marked_as_its_judgement_and_the_rest_stays()
    {
        CarePlan own = Plan.With(new PlanOverrides { Sunscreen = Period.FromHours(8), Offsets = new Dictionary<string, Period> { ["prep-7d"] = Period.FromMonths(-1) } });

        PlanField sunscreen = own.Fields.Single(field => field.Name == PlanField.Sunscreen);
        Assert.Equal((Period.FromHours(8), EvidenceGrade.J), (sunscreen.Value, sunscreen.Grade));
        Assert.StartsWith("Set by the clinic; Clinic sheets disagree", sunscreen.Source);
        Assert.Equal((Period.FromMonths(-1), EvidenceGrade.J), (own.Steps[0].Offset, own.Steps[0].Grade));
        Assert.Equal(Plan.Steps.Skip(1), own.Steps.Skip(1));
        Assert.Equal((Plan.Id, Plan.Version), (own.Id, own.Version));
    }

    [Fact]
    public void A_step_that_only_weak_sources_time_is_off_until_the_clinic_sets_it()
    {
        SessionFacts last = Some.Session(Some.FirstOfDecember) with { SessionNumber = 4 };
        CarePlan own = Plan.With(new PlanOverrides { Offsets = new Dictionary<string, Period> { ["maintenance-again"] = Period.FromMonths(12) } });

        Assert.DoesNotContain(Timeline.Compute(Plan, last), step => step.Step == "maintenance-again");
        TimelineStep set = Timeline.Compute(own, last).Single(step => step.Step == "maintenance-again");
        Assert.Equal(new LocalDate(2027, 12, 1), set.DueAt.InZone(last.Zone).Date);
        Assert.Equal("maintenance-6mo", own.Steps[^2].Id);
        Assert.Empty(own.UnsetSteps);
    }

    [Theory]
    [InlineData("offsets.prep-7d", "P1D", "A step of kind preparation comes before the session.", "Write a negative offset, such as -P1D.")]
    [InlineData(
        "offsets.maintenance-again",
        "P2W",
        "The prompt to book comes before the next session is advised.",
        "Write an offset of P4W or more, or 'anchor: window-opens'.")]
    [InlineData(
        "offsets.check-3d",
        "PT60H",
        "A step with a time of day cannot have hours or minutes in its offset.",
        "Write the offset in days, weeks or months, or leave out 'at'.")]
    [InlineData(
        "exercise",
        "P1DT12H",
        "'P1DT12H' cannot be said in a text.",
        "Write a number of hours, days, weeks or months up to a year, such as PT48H or P7D.")]
    [InlineData(
        "exercise",
        "PT0H",
        "'P0D' cannot be said in a text.",
        "Write a number of hours, days, weeks or months up to a year, such as PT48H or P7D.")]
    [InlineData(
        "exercise",
        "P2Y",
        "'P2Y' cannot be said in a text.",
        "Write a number of hours, days, weeks or months up to a year, such as PT48H or P7D.")]
    public void A_value_that_cannot_be_right_is_refused(string name, string period, string problem, string remedy)
    {
        Period value = CarePlanReader.ParsePeriod(period)!;
        PlanOverrides overrides = name.StartsWith("offsets.", StringComparison.Ordinal)
            ? new PlanOverrides { Offsets = new Dictionary<string, Period> { [name["offsets.".Length..]] = value } }
            : Setting(name, value);

        Assert.Equal([new OverrideProblem(name, problem, remedy)], Plan.Check(overrides));
        Assert.Contains(problem, Assert.Throws<ArgumentException>(() => Plan.With(overrides)).Message);
    }

    [Fact]
    public void A_field_or_step_that_the_plan_lacks_is_refused_with_those_it_has()
    {
        CarePlan filler = CarePlanCatalogue.BuiltIn.Find("filler")!;
        PlanOverrides overrides = new() { Sun = Period.FromDays(7), Offsets = new Dictionary<string, Period> { ["check-3"] = Period.FromDays(4) } };

        Assert.Equal(
            [
                "sun: The plan 'filler' has no field 'sun'. Its fields are: exercise.",
                "offsets.check-3: The plan 'filler' has no step 'check-3'. Did you mean 'check-3d'? "
                    + "Its steps are: prep-7d, remind-3d, remind-1d, care-4h, check-3d, check-2w, maintenance-6mo.",
            ],
            filler.Check(overrides).Select(problem => problem.ToString()));
    }

    private static PlanOverrides Setting(string field, Period value) => field switch
    {
        PlanField.Sunscreen => new() { Sunscreen = value },
        PlanField.MakeUp => new() { MakeUp = value },
        PlanField.Exercise => new() { Exercise = value },
        PlanField.Retinoids => new() { Retinoids = value },
        _ => new() { Sun = value },
    };

    private static TextFacts Facts(CarePlan plan) => Some.TextFacts with { Series = plan.Series };
}
