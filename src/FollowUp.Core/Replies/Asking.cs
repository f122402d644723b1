using System.Text.RegularExpressions;
using FollowUp.Core.CarePlans;
using FollowUp.Core.Timelines;

namespace FollowUp.Core.Replies;

/// <summary>Tells what a text that was sent asks the patient for: only what was asked can be answered with a letter or a number.</summary>
public static partial class Asking
{
    /// <summary>What a text of a plan asks for.</summary>
    /// <param name="plan">The version that the text was made from.</param>
    /// <param name="step">Id of its step.</param>
    /// <param name="kind">Of its step.</param>
    /// <param name="text">As it was sent; a clinic's own wording may leave out what the plan asks.</param>
    public static AskedFor Of(CarePlan plan, string step, StepKind kind, string text)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (!plan.Steps.Any(each => each.Asks is not AskedFor.Nothing))
        {
            return Of(kind, text);
        }

        AskedFor asks = plan.Steps.FirstOrDefault(each => each.Id == step)?.Asks ?? AskedFor.Nothing;
        return asks is not AskedFor.Nothing && IsAskedIn(text, asks) ? asks
            : StepKinds.IsBeforeSession(kind) ? AskedFor.Visit
            : AskedFor.Nothing;
    }

    /// <summary>
    /// What a text of a plan asks for that does not say so, as the first versions of the shipped ones: a reminder can be answered all the same,
    /// and a number rates only where the text names the scale.
    /// </summary>
    public static AskedFor Of(StepKind kind, string text) => kind switch
    {
        StepKind.Reminder => AskedFor.Appointment,
        StepKind.Preparation => AskedFor.Visit,
        StepKind.CheckIn when IsAskedIn(text, AskedFor.Rating) => AskedFor.Rating,
        _ => AskedFor.Nothing,
    };

    /// <summary>Whether a text names the answers that it is to ask for.</summary>
    internal static bool IsAskedIn(string text, AskedFor asks) => asks switch
    {
        AskedFor.Appointment => LetterC().IsMatch(text) && LetterR().IsMatch(text),
        AskedFor.Rating => Scale().IsMatch(text),
        _ => true,
    };

    [GeneratedRegex(@"\bC\b", RegexOptions.CultureInvariant)]
    private static partial Regex LetterC();

    [GeneratedRegex(@"\bR\b", RegexOptions.CultureInvariant)]
    private static partial Regex LetterR();

    [GeneratedRegex(@"\b1\b.{1,30}\b5\b", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Scale();
}
