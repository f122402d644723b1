namespace FollowUp.EndToEnd.Tests.Support;

/// <summary>What must hold of every course, whatever happened on its way.</summary>
internal static class SentOnce
{
    // Delivered needs Twilio's report; who waits for that has seen it.
    private static readonly string[] s_sent = ["sent", "delivered"];

    /// <summary>
    /// Every step that was to be sent is one text at Twilio, and there are no others. Twilio's list is the judge: two sends of a step
    /// would be two texts there, whatever the app believes.
    /// </summary>
    public static void AssertEachStepIsOneText(
        IReadOnlyList<TwilioText> texts, IEnumerable<(SessionAnswer Session, string Phone, string[] Steps)> expected, string? explanation)
    {
        List<string> wanted = [];
        List<string?> sids = [];
        foreach ((SessionAnswer session, string phone, string[] steps) in expected)
        {
            List<StepAnswer> left = [.. session.Timeline.Where(step => step.State != "skipped")];
            Assert.Equal(steps.Order(), left.Select(step => step.Step).Order());
            Assert.All(left, step => Assert.Contains(step.State, s_sent));
            wanted.AddRange(left.Select(step => $"{phone}: {step.Text}"));
            sids.AddRange(left.Select(step => step.MessageSid));
        }

        List<string> got = [.. texts.Select(text => $"{text.To}: {text.Body}")];
        Assert.True(
            wanted.Order().SequenceEqual(got.Order()),
            $"{explanation} Texts that Twilio lacks:\n{Without(wanted, got)}\nTexts that Twilio has too many:\n{Without(got, wanted)}");
        Assert.Equal(sids.Order(), texts.Select(text => text.Sid).Order());
        Assert.All(texts, text => Assert.Equal("delivered", text.Status));
    }

    /// <summary>What is in one list more often than in the other.</summary>
    private static string Without(IEnumerable<string> these, IEnumerable<string> those)
    {
        List<string> left = [.. these];
        foreach (string one in those)
        {
            left.Remove(one);
        }

        return string.Join('\n', left);
    }
}
