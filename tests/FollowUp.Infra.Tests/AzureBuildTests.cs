using System.Diagnostics;
using System.Text.Json.Nodes;

namespace FollowUp.Infra.Tests;

/// <summary>What each app project stands on in the Azure build, as MSBuild evaluates it: the real packages, pinned, and nothing of what replaces them here.</summary>
public class AzureBuildTests
{
    /// <summary>The pins of the architecture, by project.</summary>
    public static TheoryData<string, string[]> Projects { get; } = new()
    {
        { "Core", [] },
        { "Data", [] },
        { "Sms", ["Twilio 7.14.9"] },
        {
            "Workflows",
            ["Microsoft.Azure.Functions.Worker 2.52.0", "Microsoft.Azure.Functions.Worker.Extensions.DurableTask 1.15.0", "Microsoft.DurableTask.Client 1.25.0"]
        },
        { "Dashboard", [] },
        {
            "Functions",
            [
                "Microsoft.Azure.Functions.Worker 2.52.0", "Microsoft.Azure.Functions.Worker.Sdk 2.0.7",
                "Microsoft.Azure.Functions.Worker.Extensions.Http.AspNetCore 2.1.0", "Microsoft.Azure.Functions.Worker.Extensions.Timer 4.3.1",
                "Microsoft.Azure.Functions.Worker.Extensions.DurableTask 1.15.0", "Microsoft.DurableTask.Client 1.25.0",
            ]
        },
    };

    [Theory]
    [MemberData(nameof(Projects))]
    public void It_stands_on_the_pinned_packages_and_on_nothing_that_is_embedded(string project, string[] pins)
    {
        var (packages, projects) = Evaluate(project);

        Assert.All(pins, pin => Assert.Contains(pin, packages));
        Assert.All(packages, package => Assert.DoesNotMatch(" $", package));
        Assert.DoesNotContain(projects, reference => reference.Contains("EmbeddedHost", StringComparison.Ordinal) || reference.Contains("TwilioEmulator", StringComparison.Ordinal));
    }

    [Fact]
    public void Each_project_that_is_in_the_Azure_build_is_looked_at()
    {
        HashSet<string> reached = [];
        Queue<string> next = new(["Functions"]);
        while (next.TryDequeue(out var project))
        {
            if (reached.Add(project))
            {
                Evaluate(project).Projects.ForEach(reference => next.Enqueue(Path.GetFileNameWithoutExtension(reference)["FollowUp.".Length..]));
            }
        }

        Assert.Equal(Projects.Select(row => row.Data.Item1).Order(), reached.Order());
    }

    [Fact]
    public void The_source_does_not_ask_which_build_it_is_in()
    {
        Assert.DoesNotMatch(@"(?m)^\s*#if", Repository.AppSource);
        Assert.DoesNotContain("FollowUp.EmbeddedHost", Repository.AppSource, StringComparison.Ordinal);
    }

    private static (List<string> Packages, List<string> Projects) Evaluate(string project)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            ArgumentList =
            {
                "msbuild", "-nologo", "-p:FollowUpHost=Azure", "-getItem:PackageReference,ProjectReference", Repository.PathOf("src", $"FollowUp.{project}", $"FollowUp.{project}.csproj"),
            },
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output);
        var items = JsonNode.Parse(output)!["Items"]!;
        return (
            [.. items["PackageReference"]!.AsArray().Select(item => $"{item!["Identity"]} {item["Pinned"]}")],
            [.. items["ProjectReference"]!.AsArray().Select(item => ((string)item!["Identity"]!).Replace('\\', '/'))]);
    }
}
