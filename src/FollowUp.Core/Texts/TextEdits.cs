using FollowUp.Core.CarePlans;
using FollowUp.Core.Replies;
using FollowUp.Core.Timelines;

namespace FollowUp.Core.Texts;

/// <summary>A clinic's own wording of one text.</summary>
/// <param name="Step">Id of the step in the plan, or <see cref="TextKey.OptOut"/> for the line that says how to opt out.</param>
/// <param name="Language">One of the plan's languages.</param>
/// <param name="Text">A template with the placeholders of the plan's own texts.</param>
public sealed record TextEdit(string Step, string Language, string Text);

/// <summary>A mistake in a clinic's wording.</summary>
/// <param name="Step">As in the edit.</param>
/// <param name="Language">As in the edit.</param>
/// <param name="Problem">What is wrong, as a sentence.</param>
/// <param name="Remedy">What to write instead, as a sentence.</param>
/// <param name="IsWarning">Whether the wording can be used all the same.</param>
public sealed record TextEditProblem(string Step, string Language, string Problem, string Remedy, bool IsWarning);

/// <summary>What a clinic says in its own words instead of a plan's.</summary>
public sealed class TextEdits
{
    /// <summary>Takes over the edits; whether they fit a plan is checked against that plan.</summary>
    /// <param name="edits">At most one for each step and language.</param>
    /// <param name="namesTreatment">Whether the clinic lets texts name the treatment.</param>
    public TextEdits(IEnumerable<TextEdit> edits, bool namesTreatment = false)
    {
        ArgumentNullException.ThrowIfNull(edits);
        Edits = [.. edits];
        NamesTreatment = namesTreatment;
    }

    /// <summary>The edits.</summary>
    public IReadOnlyList<TextEdit> Edits { get; }

    /// <summary>Whether the clinic lets texts name the treatment.</summary>
    public bool NamesTreatment { get; }

    /// <summary>Everything wrong with the edits for this plan, in their order; they can be used if all of it is warnings.</summary>
    public IReadOnlyList<TextEditProblem> Check(CarePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        List<TextEditProblem> problems = [];
        HashSet<(string, string)> seen = [];
        foreach (TextEdit edit in Edits)
        {
            IEnumerable<TextProblem> found = seen.Add((edit.Step, edit.Language.ToUpperInvariant()))
                ? Check(plan, edit)
                : [new TextProblem($"The step '{edit.Step}' has two wordings in '{edit.Language}'.", "Keep one of them.")];
            problems.AddRange(found.Select(problem => new TextEditProblem(edit.Step, edit.Language, problem.Problem, problem.Remedy, problem.IsWarning)));
        }

        return problems;
    }

    /// <summary>The plan with the clinic's wording. Step ids and timings stay, and so does the version.</summary>
    /// <exception cref="TextEditException">An edit has an error.</exception>
    internal CarePlan ApplyTo(CarePlan plan)
    {
        TextEditProblem[] errors = [.. Check(plan).Where(problem => !problem.IsWarning)];
        if (errors.Length > 0)
        {
            throw new TextEditException(errors);
        }

        Dictionary<string, IReadOnlyDictionary<string, string>> texts = plan.Texts.ToDictionary(
            language => language.Key,
            IReadOnlyDictionary<string, string> (language) => new Dictionary<string, string>(language.Value),
            StringComparer.OrdinalIgnoreCase);
        foreach (TextEdit edit in Edits)
        {
            plan = WithOwnKey(plan, edit.Step, texts);
            string key = StepsOf(plan).Find(step => step.Id == edit.Step)?.TextKey ?? TextKey.OptOut;
            ((Dictionary<string, string>)texts[edit.Language])[key] = edit.Text.Trim();
        }

        return plan with { Texts = texts };
    }

    /// <summary>The steps that can be worded: those whose time the clinic has yet to set too.</summary>
    private static List<WordedStep> StepsOf(CarePlan plan) =>
    [
        .. plan.Steps.Select(step => new WordedStep(step.Id, step.Kind, step.Asks, step.TextKey)),
        .. plan.UnsetSteps.Select(step => new WordedStep(step.Id, step.Kind, step.Asks, step.TextKey)),
    ];

    /// <summary>A step that shares its text with another gets a text key of its own, with a copy of the text in every language.</summary>
    private static CarePlan WithOwnKey(CarePlan plan, string id, Dictionary<string, IReadOnlyDictionary<string, string>> texts)
    {
        List<WordedStep> steps = StepsOf(plan);
        string? key = steps.Find(step => step.Id == id)?.TextKey;
        if (key is null || steps.Count(step => step.TextKey == key) == 1)
        {
            return plan;
        }

        string own = $"{key}@{id}";
        foreach (IReadOnlyDictionary<string, string> language in texts.Values)
        {
            ((Dictionary<string, string>)language)[own] = language[key];
        }

        return plan with
        {
            Steps = [.. plan.Steps.Select(step => step.Id == id ? step with { TextKey = own } : step)],
            UnsetSteps = [.. plan.UnsetSteps.Select(step => step.Id == id ? step.WithText(own) : step)],
        };
    }

    private IReadOnlyList<TextProblem> Check(CarePlan plan, TextEdit edit)
    {
        List<WordedStep> steps = StepsOf(plan);
        WordedStep? step = steps.Find(step => step.Id == edit.Step);
        if (step is null && edit.Step != TextKey.OptOut)
        {
            return [new TextProblem($"The plan has no step '{edit.Step}'.", $"Use one of: {string.Join(", ", steps.Select(known => known.Id))}, {TextKey.OptOut}.")];
        }

        if (!plan.Texts.TryGetValue(edit.Language, out IReadOnlyDictionary<string, string>? texts))
        {
            return [new TextProblem($"The plan has no texts in '{edit.Language}'.", $"Use one of: {string.Join(", ", plan.Texts.Keys)}.")];
        }

        TextUse use = Use(plan, edit.Language, texts, step) with { IsClinicWording = true };
        IEnumerable<TextProblem> problems = TextRules.Check(edit.Text, use);
        if (step is null)
        {
            // A longer line can make one of the plan's own texts too long.
            problems = problems.Concat(steps
                .SelectMany(each => TextRules.Check(texts[each.TextKey], Use(plan, edit.Language, texts, each)))
                .Where(problem => !problem.IsWarning));
        }

        return [.. problems];
    }

    private TextUse Use(CarePlan plan, string language, IReadOnlyDictionary<string, string> texts, WordedStep? step) => new()
    {
        Name = step is null ? "the opt-out line" : $"the text of '{step.Id}'",
        Kind = step?.Kind,
        Asks = step?.Asks ?? AskedFor.Nothing,
        Language = language,
        OptOutLine = OptOutLine(language, texts),
        Series = plan.Series,
        Fields = plan.Fields,
        Treatment = texts.GetValueOrDefault(TextKey.Treatment),
        NamesTreatment = NamesTreatment,
    };

    /// <summary>The longer of the clinic's own line and the plan's: a text has to leave room for either.</summary>
    private string OptOutLine(string language, IReadOnlyDictionary<string, string> texts) =>
        Edits.Where(edit => edit.Step == TextKey.OptOut && string.Equals(edit.Language, language, StringComparison.OrdinalIgnoreCase))
            .Select(edit => edit.Text)
            .Append(texts[TextKey.OptOut])
            .MaxBy(line => line.Length)!;

    private sealed record WordedStep(string Id, StepKind Kind, AskedFor Asks, string TextKey);
}

/// <summary>Puts a clinic's wording into a plan.</summary>
public static class CarePlanTextEdits
{
    /// <summary>The plan as this clinic words it. Ids, timings and the version stay as they are.</summary>
    /// <exception cref="TextEditException">An edit has an error; <see cref="TextEdits.Check(CarePlan)"/> lists warnings too.</exception>
    public static CarePlan With(this CarePlan plan, TextEdits edits)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(edits);
        return edits.ApplyTo(plan);
    }
}

/// <summary>A clinic's wording cannot be used. The message names step, language, problem and remedy of each error, a line for each.</summary>
public sealed class TextEditException : Exception
{
    internal TextEditException(IReadOnlyList<TextEditProblem> problems)
        : base(string.Join('\n', problems.Select(problem => $"{problem.Step} ({problem.Language}): {problem.Problem} {problem.Remedy}"))) =>
        Problems = problems;

    /// <summary>The errors, at least one.</summary>
    public IReadOnlyList<TextEditProblem> Problems { get; }
}
