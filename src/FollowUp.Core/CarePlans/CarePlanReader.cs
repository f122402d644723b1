using System.Globalization;
using FollowUp.Core.Contacts;
using FollowUp.Core.Timelines;
using NodaTime;
using NodaTime.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace FollowUp.Core.CarePlans;

/// <summary>Reads a care plan from YAML. The README beside this file describes the format.</summary>
public static class CarePlanReader
{
    private static readonly string[] PlanKeys =
        ["id", "version", "treatment", "sessionDuration", "clinicianApproved", "series", "steps", "texts"];

    private static readonly string[] SeriesKeys = ["minSessions", "maxSessions", "spacingMin", "spacingMax", "source", "grade"];

    private static readonly Dictionary<string, bool> YesOrNo = new() { ["true"] = true, ["false"] = false };

    /// <summary>Reads one plan.</summary>
    /// <param name="yaml">The text of the file.</param>
    /// <param name="fileName">Its name, for messages.</param>
    /// <exception cref="CarePlanException">The plan has a mistake; the first one is reported.</exception>
    public static CarePlan Read(string yaml, string fileName)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        ArgumentNullException.ThrowIfNull(fileName);
        YamlSection root = new(ParseDocument(yaml, fileName), fileName, "a plan", PlanKeys);
        string id = root.Text("id", "microneedling-acne-scars");
        if (!Identifier.IsValid(id))
        {
            throw root.At("id", $"'{id}' cannot be an id.", $"Write {Identifier.Rule}.");
        }

        Series series = ReadSeries(root);
        IReadOnlyList<PlanStep> steps = [.. CarePlanStepReader.ReadAll(root)];
        Dictionary<string, IReadOnlyDictionary<string, string>> texts = CarePlanTextReader.Read(root, steps, series);
        return new CarePlan
        {
            Id = id,
            Version = root.Value("version", "1", WholeNumber),
            Treatment = root.Text("treatment", "Microneedling for acne scars"),
            SessionDuration = ReadSessionDuration(root),
            Series = series,
            Steps = steps,
            Texts = texts,
            DefaultLanguage = texts.Keys.First(),
            ClinicianApproved = root.OneOf("clinicianApproved", YesOrNo),
        };
    }

    /// <summary>An ISO 8601 period, also with the sign in front of the P, as in <c>-P7D</c>; null if it is not one.</summary>
    internal static Period? ParsePeriod(string text)
    {
        bool negative = text.StartsWith('-');
        ParseResult<Period> result = PeriodPattern.NormalizingIso.Parse(negative ? text[1..] : text);
        if (!result.Success)
        {
            return null;
        }

        return negative ? Period.Zero - result.Value : result.Value;
    }

    /// <summary>A whole number of 1 or more; null if it is not one.</summary>
    internal static int? WholeNumber(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1 ? number : null;

    private static YamlNode ParseDocument(string yaml, string fileName)
    {
        try
        {
            YamlStream stream = [];
            stream.Load(new StringReader(yaml));
            return stream.Documents.Count == 1
                ? stream.Documents[0].RootNode
                : throw new CarePlanException(fileName, 1, $"The file holds {stream.Documents.Count} YAML documents.", "Write one plan in each file.");
        }
        catch (YamlException exception)
        {
            int line = checked((int)Math.Max(exception.Start.Line, 1));
            throw new CarePlanException(fileName, line, $"This is not valid YAML: {exception.Message}.", "Check the indentation and the quotes on this line.", exception);
        }
    }

    private static Duration ReadSessionDuration(YamlSection root)
    {
        const string example = "PT1H";
        Period period = root.Value("sessionDuration", example, ParsePeriod);
        if (period.HasDateComponent || period.ToDuration() <= Duration.Zero || period.ToDuration() > Duration.FromHours(12))
        {
            throw root.At("sessionDuration", $"A session cannot take '{root.Text("sessionDuration", example)}'.", "Write more than nothing and at most PT12H, such as PT1H or PT45M.");
        }

        return period.ToDuration();
    }

    private static Series ReadSeries(YamlSection root)
    {
        YamlSection section = new(root.Node("series", "(sessions and spacing)"), root.File, "the series", SeriesKeys);
        Series series = new(
            section.Value("minSessions", "3", WholeNumber),
            section.Value("maxSessions", "6", WholeNumber),
            section.Value("spacingMin", "P4W", SpacingPeriod),
            section.Value("spacingMax", "P6W", SpacingPeriod),
            section.Text("source", "where the numbers come from"),
            section.OneOf("grade", CarePlanStepReader.Grades));
        if (series.MaxSessions < series.MinSessions)
        {
            throw section.At("maxSessions", $"The most sessions ({series.MaxSessions}) are fewer than the fewest ({series.MinSessions}).", "Write maxSessions as a number not below minSessions.");
        }

        // Months differ in length, so the two ends are compared from one common day.
        LocalDate day = new(2000, 1, 1);
        if (day + series.SpacingMax! < day + series.SpacingMin!)
        {
            throw section.At("spacingMax", "The longest spacing is shorter than the shortest.", "Write spacingMax as a period not shorter than spacingMin.");
        }

        return series;
    }

    /// <summary>A spacing is said in texts ("4 to 6 weeks"), so it is a number of one unit.</summary>
    private static Period? SpacingPeriod(string text)
    {
        Period? period = PeriodPattern.Roundtrip.Parse(text).TryGetValue(Period.Zero, out Period parsed) ? parsed : null;
        if (period is null || period.HasTimeComponent || period.Years != 0)
        {
            return null;
        }

        int[] units = [period.Months, period.Weeks, period.Days];
        return units.Count(unit => unit != 0) == 1 && units.Sum() is >= 1 and <= 730 ? period : null;
    }
}
