using FollowUp.Core.Sending;
using FollowUp.Core.Timelines;
using NodaTime;

namespace FollowUp.Tests.Sending;

public class MarketingBudgetTests
{
    private static readonly LocalDate Day = new(2027, 2, 10);

    [Fact]
    public void One_text_a_day_is_enough()
    {
        Assert.Equal(NotPlanned.OverDailyBudget, WhyNot([At(0, 8)], At(0, 20)));
        Assert.Null(WhyNot([At(0, 20)], At(1, 8)));
    }

    [Fact]
    public void Days_are_the_patients_own()
    {
        // 23:00 and, two hours later, 01:00 in Los Angeles: two days there, and one in London.
        Instant late = LocalTimePolicy.ToInstant(Day + new LocalTime(23, 0), Some.LosAngeles);

        Assert.True(MarketingBudget.Default.Allows([late], late + Duration.FromHours(2), Some.LosAngeles, out _));
        Assert.False(MarketingBudget.Default.Allows([late], late + Duration.FromHours(2), Some.London, out _));
    }

    [Fact]
    public void Three_texts_in_seven_days_are_enough()
    {
        Instant[] three = [At(0), At(2), At(4)];

        Assert.Equal(NotPlanned.OverWeeklyBudget, WhyNot(three, At(6)));
        Assert.Null(WhyNot(three, At(7)));
    }

    [Fact]
    public void A_week_may_not_be_filled_from_before_it_either() => Assert.Equal(NotPlanned.OverWeeklyBudget, WhyNot([At(2), At(4), At(6)], At(0)));

    [Fact]
    public void A_text_between_two_full_weeks_of_others_is_measured_against_both() => Assert.Equal(NotPlanned.OverWeeklyBudget, WhyNot([At(-4), At(-2), At(2)], At(0)));

    [Fact]
    public void Ten_texts_in_a_year_are_enough()
    {
        Instant[] ten = [.. Enumerable.Range(0, 10).Select(count => At(count * 30))];

        Assert.Equal(NotPlanned.OverYearlyBudget, WhyNot(ten, At(364)));
        Assert.Null(WhyNot(ten, At(365)));
    }

    [Fact]
    public void What_was_too_much_in_the_past_does_not_forbid_the_present() => Assert.Null(WhyNot([At(-60), At(-60), At(-60), At(-59)], At(0)));

    [Fact]
    public void A_clinic_that_wants_no_marketing_sets_a_limit_of_none() =>
        Assert.False(new MarketingBudget { PerYear = 0 }.Allows([], At(0), Some.London, out _));

    private static string? WhyNot(Instant[] sent, Instant at)
    {
        MarketingBudget.Default.Allows(sent, at, Some.London, out string? reason);
        return reason;
    }

    private static Instant At(int day, int hour = 12) => LocalTimePolicy.ToInstant(Day.PlusDays(day) + new LocalTime(hour, 0), Some.London);
}
