using FollowUp.Core.Timelines;
using NodaTime;

namespace FollowUp.Core.CarePlans;

/// <summary>A step that is off because the plan has no time for it: only weak sources do, and the choice is the clinic's.</summary>
public sealed record UnsetStep
{
    private readonly PlanStep draft;

    /// <param name="draft">The step as it is to be; its offset means nothing.</param>
    internal UnsetStep(PlanStep draft) => this.draft = draft;

    /// <summary>Unique in the plan.</summary>
    public string Id => draft.Id;

    /// <summary>What the text is for.</summary>
    public StepKind Kind => draft.Kind;

    /// <summary>The moment from which the offset is to be counted.</summary>
    public StepAnchor Anchor => draft.Anchor;

    /// <summary>Key of the text in <see cref="CarePlan.Texts"/>.</summary>
    public string TextKey => draft.TextKey;

    /// <summary>What weak sources say.</summary>
    public string Source => draft.Source;

    /// <summary>The step with the clinic's time.</summary>
    internal PlanStep At(Period offset) => draft with { Offset = offset };
}
