using System.Text;
using System.Text.Json;
using FollowUp.Core.CarePlans;
using FollowUp.Core.Texts;

namespace FollowUp.Tests.Texts;

/// <summary>The npm package sms-segments-calculator, an implementation that shares nothing with ours, counts the same texts.</summary>
public class SegmentJudgeTests
{
    [Fact]
    public async Task An_independent_calculator_counts_the_same_segments()
    {
        string[] texts = [.. Boundaries().Concat(EveryLetter()).Concat(Mixtures()).Concat(PlanTexts()).Distinct()];
        Assert.True(texts.Length >= 500, $"only {texts.Length} texts");

        Verdict[] verdicts = await JudgeAsync(texts);

        string[] disagreements =
        [
            .. texts.Zip(verdicts)
                .Select(pair => (Text: pair.First, Theirs: pair.Second, Ours: Segments.Count(pair.First)))
                .Where(each => each.Theirs.Segments != each.Ours.Segments || each.Theirs.Encoding != Name(each.Ours.Encoding))
                .Select(each => $"{JsonSerializer.Serialize(each.Text)}: {each.Theirs} theirs, {each.Ours} ours"),
        ];
        Assert.True(disagreements.Length == 0, $"{disagreements.Length} of {texts.Length}:\n{string.Join('\n', disagreements.Take(20))}");
    }

    /// <summary>
    /// Where we know better. An empty text is no message and costs nothing. And the judge never splits what a reader sees as one picture,
    /// such as a family of four people in 11 units; the standard only knows characters of 16 bits, 67 of them a segment (3GPP TS 23.040,
    /// 9.2.3.24.1), and handsets put the parts together before they show anything.
    /// </summary>
    [Fact]
    public async Task It_is_known_where_the_calculator_differs()
    {
        string family = "\U0001F468\u200D\U0001F469\u200D\U0001F467\u200D\U0001F466";
        string straddling = new string('a', 61) + family + new string('a', 62);

        Verdict[] verdicts = await JudgeAsync(["", straddling]);

        Assert.Equal([new Verdict("GSM-7", 1), new Verdict("UCS-2", 3)], verdicts);
        Assert.Equal(new SegmentCount(SmsEncoding.Gsm7, 0, 0), Segments.Count(""));
        Assert.Equal(new SegmentCount(SmsEncoding.Ucs2, 134, 2), Segments.Count(straddling));
    }

    /// <summary>One special letter at every place where a segment could end, in texts of the lengths at which the count changes.</summary>
    private static IEnumerable<string> Boundaries()
    {
        int[] lengths = [1, 67, 69, 70, 71, 134, 135, 153, 159, 160, 161, 201, 306, 307];
        foreach (int length in lengths)
        {
            foreach (string letter in (string[])["a", "é", "€", "[", "í", "’", "漢", "😀", "\n"])
            {
                yield return letter + new string('a', length - 1);
                yield return new string('a', length - 1) + letter;
                foreach (int place in (int[])[66, 67, 133, 152, 153, 159, 305])
                {
                    if (place < length)
                    {
                        yield return new string('a', place) + letter + new string('a', length - 1 - place);
                    }
                }
            }
        }
    }

    /// <summary>Every character up to U+024F, and some beyond.</summary>
    private static IEnumerable<string> EveryLetter()
    {
        IEnumerable<int> characters = Enumerable.Range(0, 0x250)
            .Concat([0x0394, 0x03A6, 0x0393, 0x039B, 0x03A9, 0x03A0, 0x03A8, 0x03A3, 0x0398, 0x039E, 0x0391, 0x03B1])
            .Concat([0x2013, 0x2018, 0x2019, 0x201C, 0x2026, 0x20AC, 0x20AA, 0x2122, 0x2603, 0x4E2D, 0xAC00, 0xFFFD, 0x1F600, 0x1D11E, 0x10FFFF]);
        foreach (int character in characters)
        {
            string letter = char.ConvertFromUtf32(character);
            yield return letter;
        }
    }

    /// <summary>Long texts of letters drawn at random, from the plain alphabet alone and with others; the same in every run.</summary>
    private static IEnumerable<string> Mixtures()
    {
        string[] plain = [.. "abc XYZ 019.,?!@£$¥èéùìòÇØøÅåÆæßÉÄÖÑÜäöñüà¿¡§\n\r^{}\\[~]|€€€".Select(letter => letter.ToString())];
        string[] any = [.. plain, "í", "ó", "ç", "“", "—", "•", "Ж", "漢", "😀", "🎉", "𝄞"];
        Random random = new(20261122);
        for (int length = 1; length <= 330; length += 3)
        {
            foreach (string[] letters in (string[][])[plain, any])
            {
                StringBuilder text = new();
                for (int index = 0; index < length; index++)
                {
                    text.Append(letters[random.Next(letters.Length)]);
                }

                yield return text.ToString();
            }
        }
    }

    private static IEnumerable<string> PlanTexts() =>
        from plan in CarePlanCatalogue.BuiltIn.Plans
        from language in plan.Texts.Keys
        from step in plan.Steps
        select TextRenderer.Render(plan, TextKey.WithOptOut(step.TextKey), language, Some.TextFacts);

    private static string Name(SmsEncoding encoding) => encoding is SmsEncoding.Gsm7 ? "GSM-7" : "UCS-2";

    private static Task<Verdict[]> JudgeAsync(string[] texts) =>
        NpmJudge.AskAsync<Verdict[]>("FollowUp.Core.Tests/npm", "sms-segments-calculator", texts, JsonSerializerOptions.Web);

    private sealed record Verdict(string Encoding, int Segments);
}
