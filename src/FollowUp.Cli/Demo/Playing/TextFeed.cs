namespace FollowUp.Cli.Demo.Playing;

/// <summary>A text that was sent, and the step of the plan that it was sent for.</summary>
internal sealed record SentText(PhoneText Text, string? Session, StepView? Step);

/// <summary>Watches the phones for new texts, and asks the app why each was sent.</summary>
internal sealed class TextFeed(DemoApp app)
{
    private readonly HashSet<string> _seen = [];

    /// <summary>The texts that are new since the last call, oldest first.</summary>
    /// <param name="sessions">The sessions that may be their reason.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<IReadOnlyList<SentText>> NextAsync(IReadOnlyCollection<string> sessions, CancellationToken cancellation)
    {
        PhoneText[] fresh = [.. (await app.Phones.ListAsync(cancellation)).Where(text => _seen.Add(text.Sid))];
        if (fresh.Length == 0)
        {
            return [];
        }

        Dictionary<string, (string Session, StepView Step)> reasons = [];
        foreach (string session in sessions)
        {
            foreach (StepView step in (await app.Clinic.GetSessionAsync(session, cancellation)).Timeline.Where(step => step.MessageSid is not null))
            {
                reasons[step.MessageSid!] = (session, step);
            }
        }

        return [.. fresh.Select(text => reasons.TryGetValue(text.Sid, out (string Session, StepView Step) reason)
            ? new SentText(text, reason.Session, reason.Step)
            : new SentText(text, null, null))];
    }
}
