using System.Text;
using FollowUp.Core.CarePlans;
using FollowUp.Core.Contacts;
using FollowUp.Core.Previews;
using FollowUp.Core.Sending;
using FollowUp.Core.Texts;
using FollowUp.Core.Timelines;
using NodaTime;

namespace FollowUp.Tests.Previews;

public class CoursePreviewTests
{
    [Fact]
    public void A_whole_course_reads_like_the_golden_file()
    {
        PreviewTable table = PreviewTable.Of(Preview());
        StringBuilder text = new();
        foreach (IReadOnlyList<string> row in table.Rows.Prepend(table.Columns))
        {
            Assert.Equal(table.Columns.Count, row.Count);
            text.Append(string.Join(" | ", row).TrimEnd()).Append('\n');
        }

        Golden.Matches("course.txt", text.Append(table.Summary).Append('\n').ToString());
    }

    [Fact]
    public void Each_session_starts_at_the_same_local_time_in_the_middle_of_the_advised_window()
    {
        CoursePreview preview = Preview();

        // From Saturday, March 13 on, five weeks each; the clocks go forward in the night after the first.
        Assert.Equal(
            ["Sat 2027-03-13 10:00 -05:00", "Sat 2027-04-17 10:00 -04:00", "Sat 2027-05-22 10:00 -04:00"],
            preview.Sessions.Select(session => PreviewTable.Local(session.StartsAt)));
        Assert.Equal((new LocalDate(2027, 4, 10), new LocalDate(2027, 4, 24)), (preview.Sessions[0].NextFrom, preview.Sessions[0].NextUntil));
        Assert.Null(preview.Sessions[2].NextFrom);
    }

    [Fact]
    public void The_patient_answers_the_first_prompt_so_the_others_are_not_sent()
    {
        PreviewRow[] prompts = [.. Preview().Rows.Where(row => row.Session == 1 && row.Kind is StepKind.Rebooking)];

        Assert.Equal(["rebook-opens", "rebook-nudge", "rebook-last-call"], prompts.Select(row => row.Step));
        Assert.Equal([null, NotPlanned.Rebooked, NotPlanned.Rebooked], prompts.Select(row => row.Reason));
        Assert.All(prompts.Skip(1), row => Assert.Equal((null, null, null), (row.Text, row.Size, row.Cost)));
    }

    [Fact]
    public void Results_and_maintenance_follow_the_last_session_only()
    {
        CoursePreview preview = Preview();

        Assert.All(preview.Rows.Where(row => row.Kind is StepKind.Results or StepKind.Maintenance), row => Assert.Equal(3, row.Session));
        Assert.Equal(3, preview.Rows.Count(row => row.Kind is StepKind.Results or StepKind.Maintenance));
    }

    [Fact]
    public void Rows_are_in_order_and_tell_each_session_its_own_date()
    {
        CoursePreview preview = Preview();

        Assert.Equal(preview.Rows.OrderBy(row => row.DueAt.ToInstant()), preview.Rows);
        Assert.Contains("Visit 2 of 3: Saturday, April 17, 10:00 AM", preview.Rows.Single(row => row is { Session: 2, Step: "prep-7d" }).Text);
    }

    [Fact]
    public void Every_row_says_where_its_timing_comes_from()
    {
        Assert.All(Preview().Rows, row => Assert.NotEmpty(row.Source));
        Assert.Equal((EvidenceGrade.A, "Reminder trial, PubMed 30130032"), Preview().Rows.Where(row => row.Step == "remind-1d").Select(row => (row.Grade, row.Source)).First());
    }

    [Fact]
    public void Totals_are_the_sums_of_what_is_sent()
    {
        CoursePreview preview = Preview();
        PreviewRow[] sent = [.. preview.Rows.Where(row => row.Planned)];

        Assert.Equal(
            new PreviewTotals(sent.Length, sent.Sum(row => row.Size!.Segments), sent.Sum(row => row.Size!.Segments) * 0.0083m, preview.Rows.Count - sent.Length),
            preview.Totals);
    }

    [Fact]
    public void Where_no_price_is_known_the_total_is_not_made_up()
    {
        Assert.True(PhoneNumber.TryParse("+447700900123", out PhoneNumber? london, out _));

        CoursePreview preview = CoursePreview.Build(Some.Plan, First with { Phone = london }, Some.TextFacts, "en");

        Assert.Null(preview.Totals.Cost);
        Assert.EndsWith("segments, cost unknown; 4 not sent.", PreviewTable.Of(preview).Summary);
    }

    [Fact]
    public void A_text_that_has_to_wait_says_why()
    {
        SessionFacts evening = First with { StartsAt = First.StartsAt + Duration.FromHours(9) };

        CoursePreview preview = CoursePreview.Build(Some.Plan, evening, Some.TextFacts, "en", new PreviewOptions { WholeCourse = false });

        // Four hours after a session that ends at 20:00 is midnight.
        PreviewRow row = preview.Rows.Single(row => row.Step == "care-4h");
        Assert.Equal((new LocalDateTime(2027, 3, 14, 8, 0), Moved.IntoSendingHours), (row.DueAt.LocalDateTime, row.Moved));
    }

    [Fact]
    public void The_marketing_budget_holds_over_the_whole_course()
    {
        SessionFacts thrifty = First with { Rules = new SendingRules { Budget = MarketingBudget.Default with { PerYear = 1 } } };

        CoursePreview preview = CoursePreview.Build(Some.Plan, thrifty, Some.TextFacts, "en");

        Assert.Single(preview.Rows, row => row.Planned && StepKinds.IsMarketing(row.Kind));
    }

    [Fact]
    public void A_single_session_can_be_previewed_alone()
    {
        CoursePreview preview = CoursePreview.Build(Some.Plan, First, Some.TextFacts, "en", new PreviewOptions { WholeCourse = false });

        Assert.Single(preview.Sessions);
        Assert.Equal(
            Timeline.Compute(Some.Plan, First).Select(step => (step.Step, step.DueAt, step.Reason)),
            preview.Rows.Select(row => (row.Step, row.DueAt.ToInstant(), row.Reason)));
    }

    [Fact]
    public void Sessions_can_be_given_their_own_starts()
    {
        Instant second = First.StartsAt + Duration.FromDays(40);

        CoursePreview preview = CoursePreview.Build(Some.Plan, First, Some.TextFacts, "en", new PreviewOptions { LaterStarts = [second] });

        Assert.Equal(second, preview.Sessions[1].StartsAt.ToInstant());
        Assert.Equal(new LocalDate(2027, 5, 27), preview.Sessions[2].StartsAt.Date);
    }

    [Fact]
    public void Starts_that_go_backwards_are_refused() =>
        Assert.Throws<ArgumentException>(() => CoursePreview.Build(
            Some.Plan, First, Some.TextFacts, "en", new PreviewOptions { LaterStarts = [First.StartsAt - Duration.FromDays(1)] }));

    [Fact]
    public void A_next_session_before_the_first_prompt_was_booked_on_leaving()
    {
        CoursePreview preview = CoursePreview.Build(
            Some.Plan, First, Some.TextFacts, "en", new PreviewOptions { LaterStarts = [First.StartsAt + Duration.FromDays(21)] });

        Assert.All(preview.Rows.Where(row => row is { Session: 1, Kind: StepKind.Rebooking }), row => Assert.Equal(NotPlanned.Rebooked, row.Reason));
        Assert.True(preview.Rows.Single(row => row is { Session: 2, Step: "prep-7d" }).Planned);
    }

    [Theory]
    [InlineData("es-MX", "es", "Hola Ada")]
    [InlineData("fr", "en", "Hi Ada")]
    public void The_preview_is_in_the_patients_language_or_the_plans_first(string wanted, string language, string beginning)
    {
        CoursePreview preview = CoursePreview.Build(Some.Plan, First, Some.TextFacts, wanted);

        Assert.Equal(language, preview.Language);
        Assert.StartsWith(beginning, preview.Rows[0].Text);
    }

    [Fact]
    public void A_plan_without_a_spacing_needs_the_starts()
    {
        CarePlan plan = Some.Plan with
        {
            Series = Some.Plan.Series with { SpacingMin = null, SpacingMax = null },
            Steps = [.. Some.Plan.Steps.Where(step => step.Kind is StepKind.Reminder)],
        };

        Assert.Throws<ArgumentException>(() => CoursePreview.Build(plan, First, Some.TextFacts, "en"));
        Assert.Equal(3, CoursePreview.Build(
            plan,
            First,
            Some.TextFacts,
            "en",
            new PreviewOptions { LaterStarts = [First.StartsAt + Duration.FromDays(30), First.StartsAt + Duration.FromDays(60)] }).Sessions.Count);
    }

    [Fact]
    public void Every_plan_of_the_catalogue_previews_without_a_warning()
    {
        foreach (CarePlan plan in CarePlanCatalogue.BuiltIn.Plans)
        {
            foreach (string language in plan.Texts.Keys)
            {
                SessionFacts first = First with { PlannedSessions = plan.Series.MaxSessions ?? 1 };
                CoursePreview preview = CoursePreview.Build(plan, first, Some.TextFacts, language);

                Assert.Equal(first.PlannedSessions, preview.Sessions.Count);
                Assert.All(preview.Rows, row => Assert.Empty(row.Warnings));
            }
        }
    }

    internal static SessionFacts First => Some.Session(new LocalDateTime(2027, 3, 13, 10, 0), Some.NewYork) with { PlannedSessions = 3 };

    internal static CoursePreview Preview()
    {
        Assert.True(PhoneNumber.TryParse("+14155550123", out PhoneNumber? to, out _));
        return CoursePreview.Build(Some.Plan, First with { Phone = to }, Some.TextFacts, "en");
    }
}
