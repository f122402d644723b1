using System.Runtime.CompilerServices;
using FollowUp.Core.CarePlans;

namespace FollowUp.Tests.CarePlans;

/// <summary>
/// Each file in Mistakes is a plan with one kind of mistake, and beside it stands what its author is told. After a deliberate change of
/// the messages, run with FOLLOWUP_WRITE_EXPECTED=1 and read the difference.
/// </summary>
public class CarePlanMistakeTests
{
    private static readonly string Folder = Path.Combine(Path.GetDirectoryName(ThisFile())!, "Mistakes");

    public static TheoryData<string> Mistakes =>
        [.. Directory.EnumerateFiles(Folder, "*.yaml").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_reported_with_its_line_and_what_to_write_instead(string mistake)
    {
        string yaml = File.ReadAllText(Path.Combine(Folder, mistake + ".yaml"));

        string found = string.Concat(CarePlanValidator.Validate(yaml, mistake + ".yaml").Select(problem => problem + "\n"));

        string expected = Path.Combine(Folder, mistake + ".expected.txt");
        if (Environment.GetEnvironmentVariable("FOLLOWUP_WRITE_EXPECTED") == "1")
        {
            File.WriteAllText(expected, found);
            Assert.Fail("Written as it is now: read the difference, and run again without FOLLOWUP_WRITE_EXPECTED.");
        }

        Assert.Equal(File.ReadAllText(expected), found);
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_plan_with_an_error_is_not_read_and_one_with_warnings_is(string mistake)
    {
        string yaml = File.ReadAllText(Path.Combine(Folder, mistake + ".yaml"));
        CarePlanProblem[] errors = [.. CarePlanValidator.Validate(yaml, "plan.yaml").Where(problem => !problem.IsWarning)];

        if (mistake.StartsWith("warning-", StringComparison.Ordinal))
        {
            Assert.Empty(errors);
            Assert.Equal("peel", CarePlanReader.Read(yaml, "plan.yaml").Id);
        }
        else
        {
            Assert.NotEmpty(errors);
            CarePlanException refusal = Assert.Throws<CarePlanException>(() => CarePlanReader.Read(yaml, "plan.yaml"));
            Assert.Equal(errors, refusal.Problems);
            Assert.All(errors, error => Assert.Contains(error.ToString(), refusal.Message));
        }
    }

    [Fact]
    public void All_mistakes_of_a_file_are_told_at_once()
    {
        string yaml = File.ReadAllText(Path.Combine(Folder, "warning-many-texts.yaml"))
            .Replace("version: 2", "version: two", StringComparison.Ordinal)
            .Replace("offset: -P3D", "offset: P3D", StringComparison.Ordinal)
            .Replace("{date}", "{day}", StringComparison.Ordinal);

        CarePlanException refusal = Assert.Throws<CarePlanException>(() => CarePlanReader.Read(yaml, "peel.yaml"));

        Assert.Equal(
            ["'version: two' is not understood.", "A step of kind preparation comes before the session.", "In the text 'prep': There is no placeholder '{day}'."],
            refusal.Problems.Select(problem => problem.Problem));
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
