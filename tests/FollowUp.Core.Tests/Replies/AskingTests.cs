using FollowUp.Core.CarePlans;
using FollowUp.Core.Replies;
using FollowUp.Core.Timelines;

namespace FollowUp.Core.Tests.Replies;

/// <summary>Only what a text has asked for can be answered with a letter or a number.</summary>
public sealed class AskingTests
{
    private static readonly CarePlan First = CarePlanCatalogue.BuiltIn.Find("microneedling-acne-scars", 1)!;
    private static readonly CarePlan Asks = CarePlanCatalogue.BuiltIn.Find("microneedling-acne-scars", 3)!;

    [Theory]
    [InlineData("remind-1d", StepKind.Reminder, AskedFor.Appointment)]
    [InlineData("check-3d", StepKind.CheckIn, AskedFor.Rating)]
    [InlineData("prep-7d", StepKind.Preparation, AskedFor.Visit)]
    [InlineData("care-24h", StepKind.Aftercare, AskedFor.Nothing)]
    [InlineData("rebook-opens", StepKind.Rebooking, AskedFor.Nothing)]
    public void A_text_asks_what_its_step_says(string step, StepKind kind, AskedFor asked)
    {
        Assert.Equal(asked, Asking.Of(Asks, step, kind, Asks.Texts["en"][step]));
        Assert.Equal(asked, Asking.Of(Asks, step, kind, Asks.Texts["es"][step]));
    }

    [Theory]
    [InlineData("remind-1d", StepKind.Reminder, AskedFor.Visit)]
    [InlineData("check-3d", StepKind.CheckIn, AskedFor.Nothing)]
    public void A_clinics_wording_that_does_not_ask_is_not_answered_with_a_letter_or_a_number(string step, StepKind kind, AskedFor asked) =>
        Assert.Equal(asked, Asking.Of(Asks, step, kind, "Hi Ada, Glow Clinic. Vitamin C is fine. Call (415) 555-0199."));

    [Theory]
    [InlineData("remind-1d", StepKind.Reminder, AskedFor.Appointment)]
    [InlineData("check-3d", StepKind.CheckIn, AskedFor.Nothing)]
    [InlineData("prep-7d", StepKind.Preparation, AskedFor.Visit)]
    public void A_version_that_does_not_tell_goes_by_the_kind_of_text_and_rates_only_on_a_scale_that_it_names(string step, StepKind kind, AskedFor asked)
    {
        Assert.Equal(asked, Asking.Of(First, step, kind, First.Texts["en"][step]));
        Assert.Equal(asked, Asking.Of(kind, First.Texts["es"][step]));
        Assert.Equal(AskedFor.Rating, Asking.Of(StepKind.CheckIn, "How do you feel, 1 (bad) to 5 (good)?"));
    }
}
