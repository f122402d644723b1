using FollowUp.Core.CarePlans;
using FollowUp.Core.Texts;
using FollowUp.Core.Timelines;
using NodaTime;

namespace FollowUp.Tests.Texts;

public class TextEditsTests
{
    private const string Aftercare = "Hi {firstName}, be gentle. Fever or pus: call {phone}. Trouble breathing: call [{emergency}|an ambulance].";

    [Fact]
    public void A_clinic_says_a_text_in_its_own_words_and_the_rest_stays()
    {
        CarePlan plan = Some.Plan.With(new TextEdits([new TextEdit("results-6mo", "en", "Hi {firstName}, half a year! Call {phone}.")]));

        Assert.Equal("Hi Ada, half a year! Call +14155550100.", Render(plan, "results-6mo", "en"));
        Assert.StartsWith("Hola Ada, unos seis meses", Render(plan, "results-6mo", "es"));
        Assert.Equal(Render(Some.Plan, "results-3mo", "en"), Render(plan, "results-3mo", "en"));
        Assert.Equal((Some.Plan.Id, Some.Plan.Version), (plan.Id, plan.Version));
        Assert.StartsWith("Hi Ada, about six months", Render(Some.Plan, "results-6mo", "en")); // the catalogue's own is untouched
    }

    [Fact]
    public void The_timeline_of_an_edited_plan_is_the_same()
    {
        CarePlan plan = Some.Plan.With(new TextEdits([new TextEdit("care-4h", "en", Aftercare)]));

        Assert.Equal(Timeline.Compute(Some.Plan, Some.Session(Some.FirstOfDecember)), Timeline.Compute(plan, Some.Session(Some.FirstOfDecember)));
    }

    [Fact]
    public void The_opt_out_line_can_be_reworded()
    {
        CarePlan plan = Some.Plan.With(new TextEdits([new TextEdit("opt-out", "en", "Text STOP to opt out.")]));

        Assert.EndsWith("Text STOP to opt out.", Render(plan, "prep-7d+opt-out", "en"));
    }

    [Fact]
    public void Of_two_steps_with_one_text_only_the_edited_one_changes()
    {
        CarePlan shared = Some.Plan with
        {
            Steps = [.. Some.Plan.Steps.Select(step => step.Id == "results-6mo" ? step with { TextKey = "results-3mo" } : step)],
        };

        CarePlan plan = shared.With(new TextEdits([new TextEdit("results-6mo", "en", "Half a year! Call {phone}.")]));

        Dictionary<string, string> keys = plan.Steps.ToDictionary(step => step.Id, step => step.TextKey);
        Assert.Equal("Half a year! Call +14155550100.", Render(plan, keys["results-6mo"], "en"));
        Assert.StartsWith("Hi Ada, skin texture", Render(plan, keys["results-3mo"], "en"));
        Assert.StartsWith("Hola Ada, la textura", Render(plan, keys["results-6mo"], "es"));
    }

    [Fact]
    public void A_step_that_still_lacks_its_time_can_be_worded_too()
    {
        PlanStep results = Some.Plan.Steps.Single(step => step.Id == "results-6mo");
        CarePlan unset = Some.Plan with
        {
            Steps = [.. Some.Plan.Steps.Where(step => step != results)],
            UnsetSteps = [new UnsetStep(results, "results-3mo")],
        };

        CarePlan plan = unset
            .With(new TextEdits([new TextEdit("results-6mo", "en", "Half a year! Call {phone}.")]))
            .With(new PlanOverrides { Offsets = new Dictionary<string, Period> { ["results-6mo"] = Period.FromMonths(6) } });

        Assert.Equal("Half a year! Call +14155550100.", Render(plan, plan.Steps.Single(step => step.Id == "results-6mo").TextKey, "en"));
    }

    [Fact]
    public void Every_mistake_is_named_with_step_language_problem_and_remedy()
    {
        TextEdits edits = new(
        [
            new TextEdit("prep-8d", "en", "Hi"),
            new TextEdit("prep-7d", "fr", "Bonjour"),
            new TextEdit("remind-1d", "en", "All set? Reply YES."),
            new TextEdit("remind-1d", "EN", "Again."),
            new TextEdit("care-4h", "es", "Suave."),
            new TextEdit("results-3mo", "en", "Your scars – better?"),
            new TextEdit("opt-out", "en", "No more? Call us."),
        ]);

        TextEditException mistakes = Assert.Throws<TextEditException>(() => Some.Plan.With(edits));

        Assert.Equal(
            """
            prep-8d (en): The plan has no step 'prep-8d'. Use one of: prep-7d, remind-3d, remind-1d, care-4h, care-24h, check-3d, care-7d, rebook-opens, rebook-nudge, rebook-last-call, results-3mo, results-6mo, maintenance-6mo, opt-out.
            prep-7d (fr): The plan has no texts in 'fr'. Use one of: en, es.
            remind-1d (en): The text of 'remind-1d' seems to invite the answer 'YES', which Twilio keeps to itself. Ask the patient to call instead.
            remind-1d (EN): The step 'remind-1d' has two wordings in 'EN'. Keep one of them.
            care-4h (es): The text of 'care-4h' is aftercare and does not say whom to call when something is wrong. Name the warning signs with '{phone}' and, for an emergency, '[{emergency}|an ambulance]'.
            results-3mo (en): The text of 'results-3mo' names the treatment ('scars'), and others read a phone too. Leave the name out, or write '[your {treatment} visit|your visit]', which names it where the clinic has switched that on.
            opt-out (en): The opt-out line does not tell how to opt out. Write 'Reply STOP to opt out.' or, in Spanish, 'Responde STOP para darte de baja.'
            """,
            mistakes.Message);
        Assert.Equal(edits.Check(Some.Plan).Where(problem => !problem.IsWarning), mistakes.Problems);
    }

    [Fact]
    public void Costly_characters_are_a_warning_and_can_be_used()
    {
        TextEdits edits = new([new TextEdit("results-3mo", "es", "Hola {firstName}, ¿cómo estás? Llama al {phone}.")]);

        TextEditProblem warning = edits.Check(Some.Plan)[0];

        Assert.True(warning.IsWarning);
        Assert.Equal("In the text of 'results-3mo': 'ó' (U+00F3) is outside the plain SMS alphabet: write o instead.", warning.Problem);
        Assert.Equal("Hola Ada, ¿cómo estás? Llama al +14155550100.", Render(Some.Plan.With(edits), "results-3mo", "es"));
    }

    [Fact]
    public void A_longer_opt_out_line_must_fit_behind_every_text()
    {
        TextEdits edits = new([new TextEdit("opt-out", "en", "If you do not want any more of these texts from us, reply STOP to opt out.")]);

        IReadOnlyList<TextEditProblem> problems = edits.Check(Some.Plan);

        Assert.NotEmpty(problems);
        Assert.All(problems, problem => Assert.Matches("^The text of '.*' in 'en' can come to 3[0-9]{2} characters\\.$", problem.Problem));
    }

    [Fact]
    public void A_clinic_that_switched_names_on_may_name_the_treatment()
    {
        CarePlan named = Some.Plan with
        {
            Texts = Some.Plan.Texts.ToDictionary(
                language => language.Key,
                IReadOnlyDictionary<string, string> (language) => new Dictionary<string, string>(language.Value) { [TextKey.Treatment] = "microneedling" }),
        };
        TextEdits edits = new([new TextEdit("results-3mo", "en", "Hi {firstName}, how is it after [your {treatment} visits|your visits]? Call {phone}.")], namesTreatment: true);

        CarePlan plan = named.With(edits);

        Assert.Equal(
            "Hi Ada, how is it after your microneedling visits? Call +14155550100.",
            TextRenderer.Render(plan, "results-3mo", "en", Some.TextFacts with { NamesTreatment = true }));
        Assert.Equal("Hi Ada, how is it after your visits? Call +14155550100.", Render(plan, "results-3mo", "en"));
    }

    [Fact]
    public void No_edits_leave_the_plan_as_it_is() => Assert.Equal(Some.Plan.Texts["en"], Some.Plan.With(new TextEdits([])).Texts["en"]);

    private static string Render(CarePlan plan, string key, string language) => TextRenderer.Render(plan, key, language, Some.TextFacts);
}
