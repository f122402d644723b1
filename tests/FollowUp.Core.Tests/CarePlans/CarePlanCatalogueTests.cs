using FollowUp.Core.CarePlans;
using FollowUp.Core.Replies;
using FollowUp.Core.Timelines;
using NodaTime;

namespace FollowUp.Tests.CarePlans;

public class CarePlanCatalogueTests
{
    [Fact]
    public void The_plan_for_acne_scars_is_built_in_in_all_its_versions()
    {
        CarePlan newest = CarePlanCatalogue.BuiltIn.Find("microneedling-acne-scars")!;
        CarePlan first = CarePlanCatalogue.BuiltIn.Find("microneedling-acne-scars", 1)!;

        Assert.Equal((3, 1), (newest.Version, first.Version));
        Assert.Equal(
            (3, 6, Period.FromWeeks(4), Period.FromWeeks(6)),
            (newest.Series.MinSessions, newest.Series.MaxSessions, newest.Series.SpacingMin, newest.Series.SpacingMax));
        Assert.Equal(["en", "es"], newest.Texts.Keys);
    }

    [Fact]
    public void A_course_can_move_from_version_1_to_2_since_ids_and_times_are_the_same()
    {
        CarePlan first = CarePlanCatalogue.BuiltIn.Find("microneedling-acne-scars", 1)!;
        CarePlan second = CarePlanCatalogue.BuiltIn.Find("microneedling-acne-scars", 2)!;

        Assert.Equal(first.Steps, second.Steps);
    }

    [Fact]
    public void A_course_can_move_to_the_version_that_asks_since_ids_and_times_are_the_same()
    {
        foreach (CarePlan newest in CarePlanCatalogue.BuiltIn.Plans.GroupBy(plan => plan.Id).Select(versions => versions.Last()))
        {
            CarePlan before = CarePlanCatalogue.BuiltIn.Find(newest.Id, newest.Version - 1)!;
            Assert.Equal(before.Steps, newest.Steps.Select(step => step with { Asks = AskedFor.Nothing }));
        }
    }

    [Fact]
    public void Every_reminder_asks_about_the_visit_and_every_check_in_for_a_rating_and_nothing_else_asks()
    {
        foreach (CarePlan newest in CarePlanCatalogue.BuiltIn.Plans.GroupBy(plan => plan.Id).Select(versions => versions.Last()))
        {
            Assert.All(newest.Steps, step => Assert.Equal(
                step.Kind switch { StepKind.Reminder => AskedFor.Appointment, StepKind.CheckIn => AskedFor.Rating, _ => AskedFor.Nothing }, step.Asks));
        }
    }

    [Fact]
    public void Nine_treatments_are_built_in_each_in_English_and_Spanish()
    {
        Assert.Equal(
            [
                "botulinum-toxin", "filler", "fractional-laser", "laser-hair-removal", "microneedling-acne-scars", "prp-hair", "rf-microneedling",
                "superficial-peel", "tattoo-removal",
            ],
            CarePlanCatalogue.BuiltIn.Plans.Select(plan => plan.Id).Distinct());
        Assert.All(CarePlanCatalogue.BuiltIn.Plans, plan => Assert.Equal(["en", "es"], plan.Texts.Keys));
    }

    /// <summary>The facts of the catalogue, as the sources have them.</summary>
    [Theory]
    [InlineData("rf-microneedling", 3, 3, "P4W", "P4W")]
    [InlineData("superficial-peel", 4, 6, "P2W", "P5W")]
    [InlineData("fractional-laser", 2, 5, "P4W", "P8W")]
    [InlineData("filler", 1, 1, null, null)]
    [InlineData("botulinum-toxin", 1, 1, "P90D", null)]
    [InlineData("prp-hair", 4, 6, "P4W", "P4W")]
    [InlineData("laser-hair-removal", 6, 6, "P6W", "P8W")]
    [InlineData("tattoo-removal", null, null, "P6W", "P8W")]
    public void A_course_has_the_sessions_and_the_spacing_of_its_sources(string id, int? min, int? max, string? shortest, string? longest)
    {
        Series series = CarePlanCatalogue.BuiltIn.Find(id)!.Series;

        Assert.Equal((min, max), (series.MinSessions, series.MaxSessions));
        Assert.Equal((Parse(shortest), Parse(longest)), (series.SpacingMin, series.SpacingMax));

        static Period? Parse(string? text) => text is null ? null : CarePlanReader.ParsePeriod(text);
    }

    [Fact]
    public void The_safety_notice_on_radio_frequency_reaches_staff_and_patient()
    {
        CarePlan plan = CarePlanCatalogue.BuiltIn.Find("rf-microneedling")!;

        Assert.Contains("FDA safety notice of October 2025", plan.Treatment);
        Assert.Contains("Burns, blisters, dents", plan.Texts["en"]["care-4h"]);
        Assert.Contains("Quemaduras, ampollas, hundimientos", plan.Texts["es"]["care-4h"]);
    }

    [Theory]
    [InlineData("microneedling", null)]
    [InlineData("Microneedling-acne-scars", null)]
    [InlineData("microneedling-acne-scars", 99)]
    public void A_plan_that_does_not_exist_is_not_found(string id, int? version) =>
        Assert.Null(CarePlanCatalogue.BuiltIn.Find(id, version));

    [Fact]
    public void New_sessions_take_the_newest_version_and_old_ones_keep_theirs()
    {
        CarePlanCatalogue catalogue = new([Some.Plan with { Version = 10 }, Some.Plan, Some.Plan with { Version = 2 }]);

        Assert.Equal(10, catalogue.Find(Some.Plan.Id)!.Version);
        Assert.Equal(2, catalogue.Find(Some.Plan.Id, 2)!.Version);
        Assert.Equal([1, 2, 10], catalogue.Plans.Select(plan => plan.Version));
    }

    [Fact]
    public void The_same_version_twice_is_refused() =>
        Assert.Throws<ArgumentException>(() => new CarePlanCatalogue([Some.Plan, Some.Plan]));
}
