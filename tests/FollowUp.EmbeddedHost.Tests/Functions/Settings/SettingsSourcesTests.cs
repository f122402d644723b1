using FollowUp.EmbeddedHost.Functions;
using FollowUp.EmbeddedHost.Functions.Settings;
using Microsoft.Extensions.Configuration;

namespace FollowUp.EmbeddedHost.Tests.Functions.Settings;

/// <summary>functions-behaviour.md, section 8.</summary>
public sealed class SettingsSourcesTests
{
    [Fact]
    public void Values_of_local_settings_win_over_appsettings_and_the_command_line_over_both()
    {
        using var folder = new TestFolder();
        folder.Write("appsettings.json", """{ "A": "app", "B": "app", "C": "app" }""");
        folder.Write("local.settings.json", """{ "Values": { "B": "local", "C": "local", "D__E": "nested" /* a comment */, }, "ConnectionStrings": { "Db": "file" } }""");

        ConfigurationManager settings = Read(folder, ["--C", "line"]);

        Assert.Equal(["app", "local", "line", "nested", "file"], new[] { "A", "B", "C", "D:E", "ConnectionStrings:Db" }.Select(name => settings[name]));
    }

    [Fact]
    public void The_environment_wins_over_local_settings_unless_it_is_empty()
    {
        using var folder = new TestFolder();
        string set = Variable("set"), empty = Variable("");
        folder.Write("local.settings.json", $$"""{ "Values": { "{{set}}": "local", "{{empty}}": "local" } }""");

        ConfigurationManager settings = Read(folder, []);

        Assert.Equal("set", settings[set]);
        Assert.Equal("local", settings[empty]);
        Environment.SetEnvironmentVariable(set, null);
        Environment.SetEnvironmentVariable(empty, null);
    }

    [Fact]
    public void The_working_directory_is_looked_in_before_the_app_folder()
    {
        using var app = new TestFolder();
        using var working = new TestFolder();
        app.Write("local.settings.json", """{ "Values": { "A": "app" } }""");
        var settings = new ConfigurationManager();

        SettingsSources.Add(settings, [], app.Path, working.Path, "Production");
        Assert.Equal("app", settings["A"]);

        working.Write("local.settings.json", """{ "Values": { "A": "working" } }""");
        SettingsSources.Add(settings, [], app.Path, working.Path, "Production");
        Assert.Equal("working", settings["A"]);
    }

    [Theory]
    [InlineData("""{ "IsEncrypted": true, "Values": {} }""", "is encrypted")]
    [InlineData("""{ "Values": """, "cannot be read")]
    public void A_local_settings_file_that_cannot_be_used_is_refused_by_its_path(string json, string reason)
    {
        using var folder = new TestFolder();
        folder.Write("local.settings.json", json);

        var refusal = Assert.Throws<HostStartException>(() => Read(folder, []));

        Assert.Contains(Path.Combine(folder.Path, "local.settings.json"), refusal.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    private static ConfigurationManager Read(TestFolder folder, string[] args)
    {
        var settings = new ConfigurationManager();
        SettingsSources.Add(settings, args, folder.Path, folder.Path, "Production");
        return settings;
    }

    private static string Variable(string value)
    {
        string name = "FOLLOWUP_TEST_" + Path.GetRandomFileName().Replace(".", "", StringComparison.Ordinal);

        Environment.SetEnvironmentVariable(name, value);
        return name;
    }
}
