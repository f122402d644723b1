using FollowUp.Data.Planning;

namespace FollowUp.Workflows.Contracts;

/// <summary>What every activity answers: what the orchestration does next.</summary>
/// <param name="Action">One of <see cref="NextStepActions"/>; a word that is not known means to look again.</param>
/// <param name="Step">The step it is about.</param>
/// <param name="At">When, UTC by kind. Null is at once.</param>
public sealed record NextStep(string Action, string? Step, DateTime? At)
{
    internal static NextStep Of(NextAction action) => new(
        action.Kind switch
        {
            NextActionKind.End => NextStepActions.End,
            NextActionKind.Send => NextStepActions.Send,
            NextActionKind.Settle => NextStepActions.Settle,
            _ => NextStepActions.LookAgain,
        },
        action.Step,
        action.At?.ToDateTimeUtc());
}

/// <summary>The words of <see cref="NextStep.Action"/>. They stand in histories.</summary>
public static class NextStepActions
{
    public const string End = "end";
    public const string Send = "send";
    public const string Settle = "settle";
    public const string LookAgain = "look-again";
}
