using System.Xml.Linq;
using FollowUp.Cli.Tests.Support;
using FollowUp.Core.CarePlans;
using FollowUp.Testing;

namespace FollowUp.Cli.Tests;

/// <summary>Care plans on the command line: looking at one, and checking files.</summary>
[Collection(ProcessCollection.Name)]
public sealed class PlanCommandTests : IDisposable
{
    private const string Plan = "microneedling-acne-scars";
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_preview_is_a_table_of_local_times_texts_segments_and_costs_and_a_picture()
    {
        string svg = _directory.File("course.svg");
        FollowUpCommand preview = await FollowUpCommand.RunAsync(
            "preview", Plan, "--starts", "2027-03-13T10:00", "--zone", "America/New_York", "--sessions", "3", "--svg", svg);
        Assert.True(preview.ExitCode == 0, string.Join('\n', preview.Errors));

        string[][] rows = [.. preview.Output.Where(line => line.StartsWith('│')).Select(line => line.Split('│').Select(cell => cell.Trim()).ToArray())];
        string[] day = rows.First(cells => cells[3] == "care-24h");

        // Summer time begins in the night after the session; 24 hours after its end are noon of the new time.
        Assert.Equal(["Sun 2027-03-14 12:00 -04:00", "1"], day[1..3]);
        Assert.Equal(("2 GSM-7", "$"), (day[5], day[6][..1]));
        Assert.Equal(3, rows.Count(cells => cells[3] == "remind-1d"));
        Assert.Contains(preview.Output, line => line.StartsWith("Session 3: ", StringComparison.Ordinal));
        Assert.Contains(preview.Output, line => line.Contains(" segments, about $", StringComparison.Ordinal));
        Assert.Equal("svg", XDocument.Load(svg).Root!.Name.LocalName);
    }

    [Fact]
    public async Task A_preview_speaks_the_patients_language_and_reads_a_plan_of_ones_own()
    {
        string file = await WritePlanAsync("own.yaml", yaml => yaml);
        FollowUpCommand preview = await FollowUpCommand.RunAsync(
            "preview", file, "--starts", "2027-03-13T10:00", "--zone", "America/New_York", "--sessions", "1", "--language", "es", "--clinic-name", "Piel Clara");
        Assert.True(preview.ExitCode == 0, string.Join('\n', preview.Errors));
        Assert.Contains(preview.Output, line => line.Contains("Hola Ada", StringComparison.Ordinal));
        Assert.Contains(preview.Output, line => line.Contains("Piel Clara", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("none", "2027-03-13T10:00", "America/New_York", "3", "There is no file and no care plan 'none'. The plans are: ")]
    [InlineData(Plan, "tomorrow", "America/New_York", "3", "--starts takes a local date and time")]
    [InlineData(Plan, "2027-03-13T10:00", "America/Nowhere", "3", "There is no IANA time zone 'America/Nowhere'.")]
    [InlineData(Plan, "2027-03-13T10:00", "America/New_York", "7", "--sessions takes 1 to 6")]
    public async Task What_cannot_be_previewed_is_said_on_stderr(string plan, string starts, string zone, string sessions, string message)
    {
        FollowUpCommand preview = await FollowUpCommand.RunAsync("preview", plan, "--starts", starts, "--zone", zone, "--sessions", sessions);
        Assert.Equal(1, preview.ExitCode);
        Assert.Contains(preview.Errors, line => line.StartsWith(message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_mistake_of_a_directory_is_listed_with_file_line_and_what_to_write()
    {
        string fine = await WritePlanAsync("fine.yaml", yaml => yaml);
        string wrong = await WritePlanAsync(
            "wrong.yaml",
            yaml => yaml.Replace("id: " + Plan, "id: other", StringComparison.Ordinal)
                .Replace("anchor: session-end", "anchor: session-ends", StringComparison.Ordinal)
                .Replace("kind: results", "kind: result", StringComparison.Ordinal));
        FollowUpCommand validate = await FollowUpCommand.RunAsync("validate", _directory.Path);

        Assert.Equal(1, validate.ExitCode);
        int Line(string text) => 1 + File.ReadLines(wrong).TakeWhile(line => !line.Contains(text, StringComparison.Ordinal)).Count();
        Assert.Contains(validate.Errors, line => line.StartsWith($"{wrong}:{Line("session-ends")}: ", StringComparison.Ordinal) && line.Contains("'session-end'", StringComparison.Ordinal));
        Assert.Contains(validate.Errors, line => line.StartsWith($"{wrong}:{Line("kind: result")}: ", StringComparison.Ordinal));
        Assert.DoesNotContain(validate.Errors, line => line.StartsWith(fine, StringComparison.Ordinal));

        // Warnings are no errors, and are shown all the same.
        Assert.Contains(validate.Output, line => line.StartsWith(fine, StringComparison.Ordinal) && line.Contains("warning: A patient can get", StringComparison.Ordinal));
        Assert.StartsWith("2 plans: ", validate.Output[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Good_plans_end_with_0_and_the_same_version_twice_does_not()
    {
        await WritePlanAsync("a.yaml", yaml => yaml);
        Assert.Equal(0, (await FollowUpCommand.RunAsync("validate", _directory.Path)).ExitCode);

        string twin = await WritePlanAsync("b.yaml", yaml => yaml);
        FollowUpCommand validate = await FollowUpCommand.RunAsync("validate", _directory.Path);
        Assert.Equal(1, validate.ExitCode);
        Assert.StartsWith($"{twin}:1: Version 1 of the plan '{Plan}' is also in ", Assert.Single(validate.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_without_plans_is_no_success()
    {
        Assert.Equal(1, (await FollowUpCommand.RunAsync("validate", _directory.Path)).ExitCode);
        Assert.Equal(1, (await FollowUpCommand.RunAsync("validate", _directory.File("none"))).ExitCode);
    }

    private async Task<string> WritePlanAsync(string name, Func<string, string> change)
    {
        var assembly = typeof(CarePlanCatalogue).Assembly;
        string resource = assembly.GetManifestResourceNames().Single(known => known.EndsWith($"{Plan}-v1.yaml", StringComparison.Ordinal));
        using StreamReader reader = new(assembly.GetManifestResourceStream(resource)!);
        string file = _directory.File(name);
        await File.WriteAllTextAsync(file, change(await reader.ReadToEndAsync()));
        return file;
    }
}
