using FollowUp.Core.Replies;
using FollowUp.Core.Timelines;
using NodaTime;

namespace FollowUp.Core.CarePlans;

/// <summary>A step that is off because the plan has no time for it: only weak sources do, and the choice is the clinic's.</summary>
public sealed record UnsetStep
{
    private readonly PlanStep draft;

    /// <param name="draft">The step as it is to be; its offset means nothing.</param>
    /// <param name="after">The last step before it that has a time, null if none has.</param>
    internal UnsetStep(PlanStep draft, string? after)
    {
        this.draft = draft;
        After = after;
    }

    /// <summary>Unique in the plan.</summary>
    public string Id => draft.Id;

    /// <summary>What the text is for.</summary>
    public StepKind Kind => draft.Kind;

    /// <summary>The moment from which the offset is to be counted.</summary>
    public StepAnchor Anchor => draft.Anchor;

    /// <summary>Which answer the text asks for, if any.</summary>
    public AskedFor Asks => draft.Asks;

    /// <summary>Key of the text in <see cref="CarePlan.Texts"/>.</summary>
    public string TextKey => draft.TextKey;

    /// <summary>What weak sources say.</summary>
    public string Source => draft.Source;

    /// <summary>Its place in the plan: behind the step with this id, or at the beginning.</summary>
    internal string? After { get; }

    /// <summary>The step with the clinic's time, which is the clinic's judgement.</summary>
    internal PlanStep At(Period offset) => draft with { Offset = offset, Grade = EvidenceGrade.J, Source = $"Set by the clinic; {Source}" };

    /// <summary>The step with another text.</summary>
    internal UnsetStep WithText(string key) => new(draft with { TextKey = key }, After);
}
