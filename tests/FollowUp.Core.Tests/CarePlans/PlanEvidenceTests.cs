using FollowUp.Core.CarePlans;
using FollowUp.Core.Timelines;
using NodaTime;

namespace FollowUp.Tests.CarePlans;

/// <summary>Where the numbers of the shipped plans come from, and what they ask of a patient.</summary>
public class PlanEvidenceTests
{
    public static TheoryData<string, int> Plans
    {
        get
        {
            TheoryData<string, int> plans = [];
            foreach (CarePlan plan in CarePlanCatalogue.BuiltIn.Plans)
            {
                plans.Add(plan.Id, plan.Version);
            }

            return plans;
        }
    }

    [Theory]
    [InlineData(
        "microneedling-acne-scars",
        "A 4, C 8, J 8, W 1; left to the clinic: sunscreen, makeUp, exercise, retinoids, sun, maintenance-again")]
    [InlineData("tattoo-removal", "A 2, C 2, J 5, W 3; left to the clinic: sessions, sun, exercise")]
    [InlineData("filler", "A 2, C 3, J 4")]
    public void A_plan_says_which_of_its_numbers_rest_on_what_and_which_it_leaves_open(string id, string expected) =>
        Assert.Equal(expected, CarePlanCatalogue.BuiltIn.Find(id)!.Evidence.ToString());

    [Theory]
    [MemberData(nameof(Plans))]
    public void Every_number_has_a_source_and_none_of_a_weak_one_is_shipped(string id, int version)
    {
        CarePlan plan = CarePlanCatalogue.BuiltIn.Find(id, version)!;

        Assert.All(plan.Evidence.Items, item => Assert.False(string.IsNullOrWhiteSpace(item.Source)));
        Assert.All(plan.Evidence.Items.Where(item => item.Grade is EvidenceGrade.W), item => Assert.Null(item.Value));
        Assert.Equal(plan.Steps.Count + plan.UnsetSteps.Count, plan.Evidence.Items.Count(item => item.Part is EvidencePart.Step));
        Assert.False(plan.ClinicianApproved, "a clinic has to approve it first");
    }

    [Fact]
    public void An_item_shows_its_number_as_the_plan_writes_it()
    {
        IReadOnlyList<EvidenceItem> items = CarePlanCatalogue.BuiltIn.Find("microneedling-acne-scars", 2)!.Evidence.Items;

        Assert.Equal("3 to 6", items.Single(item => item.Name == "sessions").Value);
        Assert.Equal("P4W to P6W", items.Single(item => item.Name == "spacing").Value);
        Assert.Equal("session-start -P7D", items.Single(item => item.Name == "prep-7d").Value);
        Assert.Equal("last-session P6M2D at 10:00", items.Single(item => item.Name == "maintenance-6mo").Value);
        Assert.Null(items.Single(item => item.Name == "maintenance-again").Value);
        Assert.Equal(
            "P90D or more",
            CarePlanCatalogue.BuiltIn.Find("botulinum-toxin")!.Evidence.Items.Single(item => item.Name == "spacing").Value);
    }

    [Fact]
    public void What_the_clinic_sets_is_no_longer_open()
    {
        CarePlan tattoo = CarePlanCatalogue.BuiltIn.Find("tattoo-removal")!.With(new PlanOverrides { Sun = Period.FromWeeks(4) });

        Assert.Equal(["sessions", "exercise"], tattoo.Evidence.LeftToTheClinic.Select(item => item.Name));
    }

    /// <summary>Counted by hand from the file: at most so many within a year, the next session booked at the first prompt.</summary>
    [Theory]
    [InlineData("filler", false, 7)] // prep, two reminders, care, two checks, maintenance
    [InlineData("filler", true, 4)] // the checks and the marketing are not essential
    [InlineData("rf-microneedling", false, 18)] // 7 + 6 + 5: the first has one reminder more, the last no prompt
    [InlineData("rf-microneedling", true, 10)] // 4 + 3 + 3
    public void The_load_of_a_plan_is_counted(string id, bool essentialsOnly, int texts) =>
        Assert.Equal(texts, PlanLoad.MostTextsInAYear(CarePlanCatalogue.BuiltIn.Find(id)!, essentialsOnly));

    [Fact]
    public void What_comes_a_year_later_does_not_add_to_the_load()
    {
        PlanStep check = Some.Step(StepKind.CheckIn, StepAnchor.SessionStart, Period.FromDays(1));
        CarePlan plan = Some.Plan with
        {
            Series = Some.Plan.Series with { MinSessions = 1, MaxSessions = 1 },
            Steps = [check, check with { Id = "later", Offset = Period.FromDays(300) }, check with { Id = "next-year", Offset = Period.FromDays(400) }],
        };

        Assert.Equal(2, PlanLoad.MostTextsInAYear(plan, essentialsOnly: false));
    }
}
