using System.Text.RegularExpressions;
using FollowUp.Core.CarePlans;
using FollowUp.Core.Texts;
using FollowUp.Core.Timelines;
using NodaTime;

namespace FollowUp.Tests.Texts;

/// <summary>What a patient reads, in every language of every shipped plan.</summary>
public partial class PlanTextTests
{
    private static readonly string[] KeptByTwilio =
        ["STOP", "STOPALL", "UNSTOP", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT", "START", "YES", "HELP", "INFO"];

    public static TheoryData<string, int, string, string> EveryText => TextsOf(_ => true);

    public static TheoryData<string, int, string, string> AftercareTexts => TextsOf(step => step.Kind is StepKind.Aftercare or StepKind.CheckIn);

    [Theory]
    [MemberData(nameof(EveryText))]
    public void A_text_stays_within_two_segments_of_the_cheap_alphabet(string plan, int version, string language, string key)
    {
        string text = Render(plan, version, language, TextKey.WithOptOut(key));

        Assert.InRange(text.Length, 1, 320);
        SegmentCount size = Segments.Count(text);
        Assert.Equal(SmsEncoding.Gsm7, size.Encoding);
        Assert.InRange(size.Segments, 1, 2);
    }

    [Theory]
    [MemberData(nameof(EveryText))]
    public void A_text_has_no_gap_where_a_clinic_has_no_booking_page_or_emergency_number(string plan, int version, string language, string key)
    {
        CarePlan found = CarePlanCatalogue.BuiltIn.Find(plan, version)!;
        string text = TextRenderer.Render(found, key, language, Some.TextFacts with { EmergencyNumber = null, BookingUrl = " " });

        Assert.DoesNotMatch(@"[{}\[\]|]|  | [.,;:?!]|[.:] ?[.:]", text);
        Assert.InRange(text.Length, 1, 320);
    }

    [Theory]
    [MemberData(nameof(EveryText))]
    public void A_text_invites_no_answer_that_Twilio_keeps_to_itself(string plan, int version, string language, string key)
    {
        string text = Render(plan, version, language, key);

        Assert.DoesNotContain(Word().Matches(text), word => KeptByTwilio.Contains(word.Value));
        Assert.DoesNotMatch(@"(?i)\b(reply|responde?|contesta|answer)\b(?! C | (de )?1 )", text);
    }

    [Theory]
    [MemberData(nameof(EveryText))]
    public void A_text_greets_by_name_and_does_not_name_the_treatment(string plan, int version, string language, string key)
    {
        string text = Render(plan, version, language, key);

        Assert.Contains("Ada", text);
        Assert.DoesNotMatch("(?i)needling|acne|scar|laser|botox|filler|cicatri|aguja", text);
    }

    [Theory]
    [MemberData(nameof(AftercareTexts))]
    public void Aftercare_says_whom_to_call_and_that_nobody_watches_for_emergencies(string plan, int version, string language, string key)
    {
        string text = Render(plan, version, language, key);

        Assert.Contains("+14155550100", text);
        Assert.Contains("911", text);
        Assert.Matches("not watched for emergencies|no es para urgencias", text);
    }

    [Fact]
    public void The_facts_of_the_guide_are_told_over_a_course()
    {
        string course = string.Join(' ', Some.Plan.Steps.Select(step => Render(Some.Plan.Id, 1, "en", step.TextKey)));

        Assert.Contains("like a mild sunburn are expected and settle within a few days", course);
        Assert.Contains("no sun", course);
        Assert.Contains("gentle products", course);
        Assert.Contains("Texture improves over weeks, full results take months", course);
        Assert.Contains("3 to 6 visits 4 to 6 weeks apart", course);
        Assert.Contains("regular check-ups or small treatments help to maintain your results", course);
    }

    [Fact]
    public void The_first_text_reads_like_this() =>
        Assert.Equal(
            "Hi Ada, Glow Skin Clinic here. Visit 1 of 4: Tuesday, December 1, 10:00 AM. Until then avoid strong sun and use gentle products. "
            + "Taking medicine, using active creams or prone to cold sores? Ask us before changing anything: +14155550100. Reply STOP to opt out.",
            Render(Some.Plan.Id, 1, "en", "prep-7d+opt-out"));

    [Fact]
    public void The_same_in_Spanish() =>
        Assert.Equal(
            "Hola Ada, somos Glow Skin Clinic. Visita 1 de 4: 1 de diciembre, 10:00. Hasta entonces evita el sol fuerte y usa productos suaves. "
            + "¿Tomas medicamentos, usas cremas activas o tienes herpes labial? Consulta antes de cambiar nada: +14155550100. "
            + "Responde STOP para darte de baja.",
            Render(Some.Plan.Id, 1, "es", "prep-7d+opt-out"));

    [Theory]
    [InlineData("es-MX", "Hola Ada")]
    [InlineData("en-GB", "Hi Ada")]
    [InlineData("fr", "Hi Ada")]
    public void A_regional_language_finds_its_texts_and_an_unknown_one_gets_the_first(string language, string beginning) =>
        Assert.StartsWith(beginning, TextRenderer.Render(Some.Plan, "prep-7d", language, Some.TextFacts));

    [Fact]
    public void A_caller_can_ask_whether_a_language_has_texts()
    {
        Assert.True(TextRenderer.HasLanguage(Some.Plan, "es-MX"));
        Assert.False(TextRenderer.HasLanguage(Some.Plan, "fr"));
    }

    [Theory]
    [InlineData("es-MX", new[] { "en" }, "es")]
    [InlineData("fr", new[] { "de", "es-ES" }, "es")]
    [InlineData("fr", new[] { "de" }, "en")]
    [InlineData(null, new[] { "es" }, "es")]
    [InlineData(null, new string[0], "en")]
    public void A_language_falls_back_from_the_patient_to_the_clinic_to_the_plan(string? patient, string[] clinic, string chosen) =>
        Assert.Equal(chosen, TextRenderer.ChooseLanguage(Some.Plan, patient, clinic));

    [Theory]
    [InlineData(0, 5, "12:05 AM")]
    [InlineData(9, 0, "9:00 AM")]
    [InlineData(12, 0, "12:00 PM")]
    [InlineData(18, 30, "6:30 PM")]
    public void Times_are_written_as_the_language_writes_them(int hour, int minute, string english)
    {
        TextFacts facts = Some.TextFacts with { StartsAt = new LocalDateTime(2027, 1, 6, hour, minute) };

        Assert.Contains($"Wednesday, January 6 at {english}.", TextRenderer.Render(Some.Plan, "remind-1d", "en", facts));
        Assert.Contains($"el 6 de enero a las {hour}:{minute:00}.", TextRenderer.Render(Some.Plan, "remind-1d", "es", facts));
    }

    [Fact]
    public void A_name_cannot_smuggle_in_a_placeholder_or_a_line_break()
    {
        string text = TextRenderer.Render(Some.Plan, "results-3mo", "en", Some.TextFacts with { FirstName = " {phone}\r\n[x|y]" });

        Assert.StartsWith("Hi {phone} [x|y], skin texture", text);
    }

    [Fact]
    public void A_text_that_the_plan_does_not_have_is_an_error() =>
        Assert.Throws<KeyNotFoundException>(() => TextRenderer.Render(Some.Plan, "prep-8d", "en", Some.TextFacts));

    [Theory]
    [InlineData("P4W", "P4W", "4 weeks")]
    [InlineData("P1M", "P1M", "1 month")]
    [InlineData("P28D", "P2M", "28 days to 2 months")]
    public void Spacing_is_written_in_its_own_units(string min, string max, string expected)
    {
        Series series = Some.Plan.Series with
        {
            SpacingMin = CarePlanReader.ParsePeriod(min)!,
            SpacingMax = CarePlanReader.ParsePeriod(max)!,
        };

        Assert.Contains($"planned {expected} apart", TextRenderer.Render(Some.Plan, "rebook-opens", "en", Some.TextFacts with { Series = series }));
    }

    private static TheoryData<string, int, string, string> TextsOf(Func<PlanStep, bool> chosen)
    {
        TheoryData<string, int, string, string> texts = [];
        foreach (CarePlan plan in CarePlanCatalogue.BuiltIn.Plans)
        {
            foreach (string language in plan.Texts.Keys)
            {
                foreach (PlanStep step in plan.Steps.Where(chosen))
                {
                    texts.Add(plan.Id, plan.Version, language, step.TextKey);
                }
            }
        }

        return texts;
    }

    private static string Render(string plan, int version, string language, string key) =>
        TextRenderer.Render(CarePlanCatalogue.BuiltIn.Find(plan, version)!, key, language, Some.TextFacts);

    [GeneratedRegex("[A-Za-z]+")]
    private static partial Regex Word();
}
