using FollowUp.Core.CarePlans;
using NodaTime;

namespace FollowUp.Tests.CarePlans;

public class CarePlanCatalogueTests
{
    [Fact]
    public void The_plan_for_acne_scars_is_built_in()
    {
        CarePlan plan = CarePlanCatalogue.BuiltIn.Find("microneedling-acne-scars")!;

        Assert.Equal(1, plan.Version);
        Assert.Equal((3, 6, Period.FromWeeks(4), Period.FromWeeks(6)), (plan.Series.MinSessions, plan.Series.MaxSessions, plan.Series.SpacingMin, plan.Series.SpacingMax));
        Assert.Equal(["en", "es"], plan.Texts.Keys);
        Assert.False(plan.ClinicianApproved, "a clinic has to approve it first");
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
