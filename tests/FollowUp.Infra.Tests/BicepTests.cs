using System.Text.RegularExpressions;

namespace FollowUp.Infra.Tests;

/// <summary>The Bicep by itself: the compiler, which knows every property of every resource type, has nothing to say against it.</summary>
public sealed partial class BicepTests
{
    [Theory]
    [InlineData("main.bicep")]
    [InlineData("everything.bicep")]
    public void It_compiles_without_a_warning(string file) => Assert.NotNull(Bicep.Build(file)["resources"]);

    [Fact]
    public void The_linter_has_nothing_to_say() => Assert.Equal("", Bicep.Lint("main.bicep"));

    [Fact]
    public void Every_module_file_is_used_and_every_used_one_is_there()
    {
        var used = Repository.Files("infra", "*.bicep").SelectMany(file =>
            ModuleReference().Matches(File.ReadAllText(file)).Select(match => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, match.Groups[1].Value))));

        Assert.Equal(
            Repository.Files("infra", "*.bicep").Where(file => !file.EndsWith("/main.bicep", StringComparison.Ordinal)),
            used.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Modules_are_files_here_or_pinned_to_one_version()
    {
        foreach (var file in Repository.Files("infra", "*.bicep"))
        {
            Assert.All(RegistryReference().Matches(File.ReadAllText(file)), reference => Assert.Matches(@":\d+\.\d+\.\d+'$", reference.Value));
        }
    }

    [Fact]
    public void Every_file_has_the_canonical_format() =>
        Assert.All(Repository.Files("infra", "*.bicep"), file => Assert.Equal(Bicep.Format(file).TrimEnd(), File.ReadAllText(file).TrimEnd()));

    [Fact]
    public void Every_parameter_says_what_it_is()
    {
        foreach (var template in Bicep.Build("main.bicep").Templates())
        {
            foreach (var (name, parameter) in template["parameters"]?.AsObject() ?? [])
            {
                Assert.True(parameter.Text("metadata.description") is { Length: > 10 }, $"The parameter {name} has no description.");
            }
        }
    }

    [Fact]
    public void Whatever_is_a_secret_goes_in_as_one_and_never_comes_out()
    {
        foreach (var template in Bicep.Build("main.bicep").Templates())
        {
            foreach (var (name, parameter) in template["parameters"]?.AsObject() ?? [])
            {
                var secret = SecretName().IsMatch(name) && !name.EndsWith("Uri", StringComparison.Ordinal);
                Assert.True(secret == (parameter.Text("type") == "securestring"), $"The parameter {name} is {(secret ? "a secret and not secure" : "secure and no secret")}.");
            }

            foreach (var (name, output) in template["outputs"]?.AsObject() ?? [])
            {
                Assert.False(SecretName().IsMatch(name) && !name.EndsWith("Uri", StringComparison.Ordinal), $"The output {name} sounds like a secret.");
                Assert.DoesNotContain("ConnectionString", output.Text("value"), StringComparison.OrdinalIgnoreCase);
            }
        }
    }

    [Fact]
    public void Nothing_asks_for_a_key() => Assert.All(
        Repository.Files("infra", "*.bicep"), file => Assert.DoesNotMatch(@"\blist[A-Z]\w*\s*\(|AccountKey|SharedAccess|administratorLoginPassword", File.ReadAllText(file)));

    [Fact]
    public void API_versions_are_pinned_to_stable_ones()
    {
        foreach (var file in Repository.Files("infra", "*.bicep"))
        {
            Assert.All(ResourceType().Matches(File.ReadAllText(file)), type => Assert.Matches(@"^'[\w.]+(/\w+)+@\d{4}-\d\d-\d\d'$", type.Value));
        }
    }

    [Fact]
    public void A_type_has_one_API_version_everywhere()
    {
        var versions = Repository.Files("infra", "*.bicep")
            .SelectMany(file => ResourceType().Matches(File.ReadAllText(file)).Select(type => type.Value.Trim('\'').Split('@')))
            .GroupBy(type => type[0], type => type[1]);

        Assert.All(versions, type => Assert.Single(type.Distinct()));
    }

    [GeneratedRegex(@"^module \w+ '(?!br[:/]|ts[:/])([^']+)'", RegexOptions.Multiline)]
    private static partial Regex ModuleReference();

    [GeneratedRegex(@"'(br|ts)[:/][^']*'")]
    private static partial Regex RegistryReference();

    [GeneratedRegex(@"'Microsoft\.[^'@]+@[^']+'")]
    private static partial Regex ResourceType();

    [GeneratedRegex("token|apikey|secret|password", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();
}
