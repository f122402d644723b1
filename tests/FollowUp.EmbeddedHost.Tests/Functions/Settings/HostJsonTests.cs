using FollowUp.EmbeddedHost.Engine;
using FollowUp.EmbeddedHost.Functions;
using FollowUp.EmbeddedHost.Functions.Settings;
using Microsoft.Extensions.Configuration;

namespace FollowUp.EmbeddedHost.Tests.Functions.Settings;

/// <summary>functions-behaviour.md, section 6.</summary>
public sealed class HostJsonTests
{
    [Fact]
    public void What_is_unset_has_the_real_hosts_defaults()
    {
        HostJson json = Read("""{ "version": "2.0" }""");

        Assert.Equal("api", json.RoutePrefix);
        Assert.Equal(TimeSpan.FromMinutes(30), json.FunctionTimeout);
        Assert.Empty(json.CustomHeaders);
        Assert.Null(json.HubName);
        Assert.Null(json.DefaultVersion);
        Assert.Equal((VersionMatchStrategy.CurrentOrOlder, VersionFailureStrategy.Reject), (json.VersionMatch, json.VersionFailure));
    }

    [Fact]
    public void Keys_that_the_host_knows_are_read_through_comments_and_trailing_commas()
    {
        HostJson json = Read("""
            {
              "functionTimeout": "00:05:00", // five minutes
              "logging": { "unknown": true },
              "extensions": {
                "http": { "routePrefix": "v1/", "customHeaders": { "X-A": "a" }, },
                "durableTask": { "hubName": "%HUB%", "defaultVersion": "2.0", "versionMatchStrategy": "strict", "versionFailureStrategy": "Fail" }
              }
            }
            """, ("HUB", "clinic"));

        Assert.Equal("v1", json.RoutePrefix);
        Assert.Equal(TimeSpan.FromMinutes(5), json.FunctionTimeout);
        Assert.Equal("a", json.CustomHeaders["X-A"]);
        Assert.Equal(
            ("clinic", "2.0", VersionMatchStrategy.Strict, VersionFailureStrategy.Fail), (json.HubName, json.DefaultVersion, json.VersionMatch, json.VersionFailure));
    }

    [Fact]
    public void A_hub_name_whose_setting_is_unset_is_left_open_and_a_timeout_of_minus_one_is_none()
    {
        HostJson json = Read("""{ "functionTimeout": "-1", "extensions": { "durableTask": { "hubName": "%HUB%" } } }""");

        Assert.Null(json.HubName);
        Assert.Null(json.FunctionTimeout);
    }

    [Theory]
    [InlineData("""{ "functionTimeout": "soon" }""")]
    [InlineData("""{ "functionTimeout": "00:00:00.5" }""")]
    [InlineData("""{ "extensions": { "http": { "routePrefix": 5 } } }""")]
    [InlineData("""{ "extensions": { "durableTask": { "versionMatchStrategy": "Newest" } } }""")]
    [InlineData("""{ "extensions": { "durableTask": { "versionFailureStrategy": "1" } } }""")]
    [InlineData("{")]
    public void A_malformed_file_is_refused_by_its_path(string json)
        => Assert.Contains("host.json cannot be read", Assert.Throws<HostStartException>(() => Read(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_missing_file_is_refused()
    {
        using var folder = new TestFolder();

        Assert.Contains("There is no host.json", Assert.Throws<HostStartException>(() => HostJson.Read(folder.Path, new ConfigurationManager())).Message, StringComparison.Ordinal);
    }

    private static HostJson Read(string json, params (string Name, string Value)[] settings)
    {
        using var folder = new TestFolder();
        folder.Write("host.json", json);
        return HostJson.Read(
            folder.Path, new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(s => s.Name, s => (string?)s.Value)).Build());
    }
}
