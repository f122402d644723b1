using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FollowUp.Infra.Tests;

/// <summary>The container holds the app and nothing else: no secret, no shell's work, no user with rights.</summary>
public sealed class ContainerTests
{
    private static readonly string s_file = string.Join('\n', Repository.Read("infra", "machine", "Containerfile").Split('\n').Where(line => !line.StartsWith('#')));
    private static readonly string s_last = s_file[s_file.LastIndexOf("FROM ", StringComparison.Ordinal)..];

    [Fact]
    public void Every_image_is_pinned_to_a_full_version()
    {
        var images = Regex.Matches(s_file, @"(?m)^FROM (\S+)").Select(from => from.Groups[1].Value).ToList();

        Assert.Equal(2, images.Count);
        Assert.All(images, image => Assert.Matches(@":\d+\.\d+\.\d+-[a-z-]+(@sha256:[0-9a-f]{64})?$", image));
        Assert.DoesNotContain("latest", s_file, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_built_with_an_SDK_that_the_repository_takes()
    {
        var wanted = Version.Parse(JsonNode.Parse(Repository.Read("global.json"))!["sdk"]!["version"]!.GetValue<string>());
        var sdk = Version.Parse(Regex.Match(s_file, @"/sdk:([\d.]+)").Groups[1].Value);

        Assert.True(sdk >= wanted && sdk.Major == wanted.Major && sdk.Minor == wanted.Minor, $"{sdk} is not {wanted} or a later feature of it.");
    }

    [Fact]
    public void It_runs_as_a_user_without_rights_who_owns_the_volume()
    {
        var user = Regex.Match(s_last, @"(?m)^USER (\d+):\d+$").Groups[1].Value;

        Assert.True(int.Parse(user) > 0);
        Assert.Contains("install -d -m 700 /data/followup", s_file, StringComparison.Ordinal);
        Assert.Contains($"--chown={user}:{user} /data/ /var/lib/", s_last, StringComparison.Ordinal);
        Assert.Matches("(?m)^VOLUME /var/lib/followup$", s_last);
        Assert.Contains("FollowUp__DataDirectory=/var/lib/followup", s_last, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_health_is_asked_by_the_app_itself_and_only_for_life()
    {
        Assert.Matches(@"(?m)^HEALTHCHECK .*CMD \[""/app/followup"", ""health"", ""--alive""\]$", s_last);
        Assert.DoesNotContain("curl", s_file, StringComparison.Ordinal);
    }

    [Fact]
    public void No_secret_gets_into_it()
    {
        Assert.DoesNotMatch("(?i)(AuthToken|ApiKey|AccountSid|Password|Twilio__)", s_file);
        var ignored = Repository.Read(".dockerignore").Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith('#')).ToList();

        // All is left out but what is named, and of that whatever a developer's run leaves there.
        Assert.Equal("*", ignored[0]);
        Assert.All(new[] { "**/.followup", "**/local.settings.json", "**/*.db", "**/bin", "**/obj" }, pattern => Assert.True(ignored.IndexOf(pattern) > ignored.FindLastIndex(line => line.StartsWith('!'))));
        Assert.All(
            ignored.Where(line => line.StartsWith('!')), line => Assert.True(
                Directory.Exists(Repository.PathOf(line[1..])) || File.Exists(Repository.PathOf(line[1..])), $"{line[1..]} is not there."));
    }

    [Fact]
    public void Only_the_machine_that_it_runs_on_is_told_to_reach_it()
    {
        var page = Repository.Read("docs", "one-machine.md");

        Assert.Matches(@"docker run [^`]*--publish 127\.0\.0\.1:7071:7071", page);
        Assert.DoesNotMatch(@"--publish 7071|-p 7071", page);
    }
}
