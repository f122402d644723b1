using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace FollowUp.Infra.Tests;

/// <summary>Workflows do no more than they must, by actions that nobody can exchange under us.</summary>
public sealed partial class WorkflowTests
{
    public static TheoryData<string> Workflows { get; } = [.. Repository.Files(".github/workflows", "*.yml").Select(Path.GetFileName).Select(name => name!)];

    [Theory]
    [MemberData(nameof(Workflows))]
    public void Every_action_is_pinned_to_a_commit_and_says_its_version(string workflow)
    {
        var lines = Read(workflow).Split('\n').Where(line => line.Contains("uses:", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.Matches(@"uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line));
    }

    [Fact]
    public void One_action_is_one_version_everywhere()
    {
        var uses = Workflows.SelectMany(workflow => Uses().Matches(Read(workflow.Data)));

        Assert.All(uses.GroupBy(use => use.Groups[1].Value, use => use.Groups[2].Value), action => Assert.Single(action.Distinct()));
    }

    [Theory]
    [MemberData(nameof(Workflows))]
    public void A_workflow_may_nothing_and_each_job_says_what_it_may(string workflow)
    {
        var root = Parse(workflow);

        Assert.Empty(Map(root, "permissions").Children);
        foreach (var (name, job) in Jobs(root))
        {
            var permissions = Map(job, "permissions").Children;
            Assert.NotEmpty(permissions);
            Assert.All(permissions, permission => Assert.True(
                permission.Value.ToString() == "read" || MayWrite(workflow, name).Contains(permission.Key.ToString()), $"{workflow}: {name} may write {permission.Key}."));
        }
    }

    [Theory]
    [MemberData(nameof(Workflows))]
    public void A_job_ends_by_itself_and_runs_on_a_known_machine(string workflow)
    {
        Assert.NotEmpty(Jobs(Parse(workflow)));
        foreach (var (_, job) in Jobs(Parse(workflow)))
        {
            Assert.InRange(int.Parse(Text(job, "timeout-minutes")), 1, 120);
            Assert.DoesNotContain("latest", Text(job, "runs-on"), StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Workflows))]
    public void Runs_do_not_pile_up(string workflow) => Assert.NotEmpty(Text(Map(Parse(workflow), "concurrency"), "group"));

    [Theory]
    [MemberData(nameof(Workflows))]
    public void What_is_checked_out_holds_no_token(string workflow) => Assert.Equal(
        Count(workflow, "uses: actions/checkout@"), Count(workflow, "persist-credentials: false"));

    /// <summary>A branch or a title is whatever somebody called it: it gets into a script as a variable, never as a part of it.</summary>
    [Theory]
    [MemberData(nameof(Workflows))]
    public void No_script_has_an_expression_in_it(string workflow)
    {
        foreach (var (_, job) in Jobs(Parse(workflow)))
        {
            foreach (var step in ((YamlSequenceNode)job.Children["steps"]).Cast<YamlMappingNode>().Where(step => step.Children.ContainsKey("run")))
            {
                Assert.DoesNotContain("${{", Text(step, "run"), StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Workflows))]
    public void Nothing_runs_with_our_rights_on_code_of_a_stranger(string workflow) =>
        Assert.DoesNotContain("pull_request_target", Read(workflow), StringComparison.Ordinal);

    [Fact]
    public void Both_builds_are_built_and_the_Azure_package_is_looked_at()
    {
        var build = Read("build.yml");

        Assert.Contains(".ci/run", build, StringComparison.Ordinal);
        Assert.Contains("-p:FollowUpHost=Azure", build, StringComparison.Ordinal);
        Assert.Contains("check-package.sh", build, StringComparison.Ordinal);
    }

    [Fact]
    public void A_release_has_each_system_the_Azure_package_and_their_parts()
    {
        var release = Read("release.yml");

        Assert.All(
            new[] { "linux-x64", "linux-arm64", "followup-image.tar.gz", "win-x64", "osx-arm64", "followup-azure", "spdx.json", "sbom-path", "SHA256SUMS", ".azurefunctions" },
            part => Assert.Contains(part, release, StringComparison.Ordinal));
    }

    /// <summary>What the page tells people to download is what a release has.</summary>
    [Fact]
    public void What_the_page_of_one_machine_names_is_in_a_release()
    {
        var named = Regex.Matches(Repository.Read("docs", "one-machine.md"), @"followup-[a-z0-9-]+\.(zip|tar\.gz)").Select(file => file.Value).Distinct().ToList();

        Assert.True(named.Count >= 3);
        Assert.All(named, file => Assert.Contains(file.Replace(".zip", "", StringComparison.Ordinal), Read("release.yml"), StringComparison.Ordinal));
    }

    [Fact]
    public void Updates_are_proposed_for_packages_and_actions()
    {
        var updates = Repository.Read(".github", "dependabot.yml");

        Assert.All(new[] { "nuget", "github-actions", "npm", "docker" }, kind => Assert.Contains($"package-ecosystem: {kind}", updates, StringComparison.Ordinal));
    }

    private static string[] MayWrite(string workflow, string job) => (workflow, job) switch
    {
        ("codeql.yml", "analyse") => ["security-events"],
        ("release.yml", "package") or ("release.yml", "image") => ["id-token", "attestations"],
        ("release.yml", "publish") => ["contents"],
        _ => [],
    };

    private static string Read(string workflow) => Repository.Read(".github", "workflows", workflow);

    private static YamlMappingNode Parse(string workflow)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(Read(workflow)));
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }

    private static IEnumerable<(string Name, YamlMappingNode Job)> Jobs(YamlMappingNode root) =>
        Map(root, "jobs").Children.Select(job => (job.Key.ToString(), (YamlMappingNode)job.Value));

    private static YamlMappingNode Map(YamlMappingNode node, string key) => (YamlMappingNode)node.Children[key];

    private static string Text(YamlMappingNode node, string key) => node.Children[key].ToString();

    private static int Count(string workflow, string text) => Regex.Count(Read(workflow), Regex.Escape(text));

    [GeneratedRegex(@"uses: ([\w./-]+)@([0-9a-f]{40} # v[\d.]+)")]
    private static partial Regex Uses();
}
