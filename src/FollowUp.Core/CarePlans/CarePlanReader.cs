using FollowUp.Core.Contacts;
using NodaTime;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace FollowUp.Core.CarePlans;

/// <summary>Reads a care plan from YAML. The README beside this file describes the format.</summary>
public static class CarePlanReader
{
    /// <summary>Reads one plan.</summary>
    /// <param name="yaml">The text of the file.</param>
    /// <param name="fileName">Its name, for messages.</param>
    /// <exception cref="CarePlanException">The plan has a mistake; <see cref="CarePlanException.Problems"/> has all of them.</exception>
    public static CarePlan Read(string yaml, string fileName)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        ArgumentNullException.ThrowIfNull(fileName);
        PlanProblems problems = new(fileName);
        return Read(yaml, problems, out _) ?? throw new CarePlanException([.. problems.InOrder.Where(problem => !problem.IsWarning)]);
    }

    /// <summary>Reads one plan, collecting what is wrong with it.</summary>
    /// <param name="root">The file as a mapping, if it is one.</param>
    /// <returns>Null exactly if the problems include an error.</returns>
    internal static CarePlan? Read(string yaml, PlanProblems problems, out YamlSection? root)
    {
        root = ParseDocument(yaml, problems) is { } node ? YamlSection.Of(node, problems, "a plan", PlanFormat.PlanKeys) : null;
        return root is null ? null : ReadPlan(root, problems);
    }

    /// <inheritdoc cref="PlanPeriods.Parse"/>
    internal static Period? ParsePeriod(string text) => PlanPeriods.Parse(text);

    private static CarePlan? ReadPlan(YamlSection root, PlanProblems problems)
    {
        string? id = root.Text("id", "microneedling-acne-scars");
        if (id is not null && !Identifier.IsValid(id))
        {
            root.Wrong("id", $"'{id}' cannot be an id.", $"Write {Identifier.Rule}.");
        }

        int? version = root.Value("version", "1", PlanPeriods.ParseCount);
        string? treatment = root.Text("treatment", "Microneedling for acne scars");
        Duration? sessionDuration = ReadSessionDuration(root);
        bool? approved = root.OneOf("clinicianApproved", PlanFormat.YesOrNo);
        Series? series = CarePlanSeriesReader.Read(root, problems);
        IReadOnlyList<PlanField> fields = CarePlanFieldReader.Read(root, problems);
        CarePlanStepReader.Result steps = CarePlanStepReader.Read(root, problems, series);
        var texts = CarePlanTextReader.Read(root, problems, steps, fields, series);
        return problems.ErrorCount > 0
            ? null
            : new CarePlan
            {
                Id = id!,
                Version = version!.Value,
                Treatment = treatment!,
                SessionDuration = sessionDuration!.Value,
                Series = series!,
                Fields = fields,
                Steps = steps.Steps,
                UnsetSteps = steps.Unset,
                Texts = texts,
                DefaultLanguage = texts.Keys.First(),
                ClinicianApproved = approved!.Value,
            };
    }

    private static YamlNode? ParseDocument(string yaml, PlanProblems problems)
    {
        try
        {
            YamlStream stream = [];
            stream.Load(new StringReader(yaml));
            if (stream.Documents.Count == 1)
            {
                return stream.Documents[0].RootNode;
            }

            problems.Add(1, $"The file holds {stream.Documents.Count} YAML documents.", "Write one plan in each file.");
        }
        catch (YamlException exception)
        {
            int line = checked((int)Math.Max(exception.Start.Line, 1));
            problems.Add(
                line,
                $"This is not valid YAML: {exception.Message.TrimEnd('.')}.",
                "Check the indentation and the quotes on this line.");
        }

        return null;
    }

    private static Duration? ReadSessionDuration(YamlSection root)
    {
        Period? period = root.Value("sessionDuration", "PT1H", PlanPeriods.Parse);
        if (period is not null
            && (period.HasDateComponent || period.ToDuration() <= Duration.Zero || period.ToDuration() > Duration.FromHours(12)))
        {
            root.Wrong(
                "sessionDuration",
                $"A session cannot take '{root.Text("sessionDuration", "PT1H")}'.",
                "Write more than nothing and at most PT12H, such as PT1H or PT45M.");
            return null;
        }

        return period?.ToDuration();
    }
}
