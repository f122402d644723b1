namespace FollowUp.Cli.Demo.Playing;

/// <summary>A text that was sent, and the step of the plan that it was sent for.</summary>
internal sealed record SentText(PhoneText Text, string? Session, StepView? Step);

/// <summary>Watches the phones for new texts, and asks the app why each was sent.</summary>
internal sealed class TextFeed(DemoApp app)
{
    // A text is on the phone a moment before the app has noted for which step it was; after so many looks it is taken as an answer.
    private const int MostLooks = 4;

    private readonly HashSet<string> _seen = [];
    private List<(PhoneText Text, int Looks)> _unexplained = [];

    /// <summary>True when every text seen was given out.</summary>
    public bool IsQuiet => _unexplained.Count == 0;

    /// <summary>The texts that can be explained since the last call, oldest first.</summary>
    /// <param name="sessionsOf">The sessions that texts to a number may be for. Only theirs are asked after: a question stops the clock.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<IReadOnlyList<SentText>> NextAsync(Func<string, IEnumerable<string>> sessionsOf, CancellationToken cancellation)
    {
        IReadOnlyList<PhoneText> all = await app.Phones.ListAsync(cancellation);
        _unexplained.AddRange(all.Where(text => _seen.Add(text.Sid)).Select(text => (text, 0)));
        if (IsQuiet)
        {
            return [];
        }

        Dictionary<string, (string Session, StepView Step)> reasons = await ReasonsAsync(
            _unexplained.Where(item => !item.Text.IsInbound).SelectMany(item => sessionsOf(item.Text.To)).Distinct(), cancellation);
        List<SentText> explained = [];
        List<(PhoneText Text, int Looks)> still = [];
        foreach ((PhoneText text, int looks) in _unexplained)
        {
            if (reasons.TryGetValue(text.Sid, out (string Session, StepView Step) reason))
            {
                explained.Add(new SentText(text, reason.Session, reason.Step));
            }
            else if (text.IsInbound || looks >= MostLooks)
            {
                explained.Add(new SentText(text, null, null));
            }
            else
            {
                still.Add((text, looks + 1));
            }
        }

        _unexplained = still;
        return explained;
    }

    private async Task<Dictionary<string, (string Session, StepView Step)>> ReasonsAsync(
        IEnumerable<string> sessions, CancellationToken cancellation)
    {
        Dictionary<string, (string Session, StepView Step)> reasons = [];
        foreach (string session in sessions)
        {
            SessionView view = await app.Clinic.GetSessionAsync(session, cancellation);
            foreach (StepView step in view.Timeline.Where(step => step.MessageSid is not null))
            {
                reasons[step.MessageSid!] = (session, step);
            }
        }

        return reasons;
    }
}
