using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FollowUp.Infra.Tests;

/// <summary>What the deployment sets is what the app and its host read: nothing is misspelt, nothing is missing.</summary>
public sealed partial class SettingTests
{
    /// <summary>Settings that the Functions host, its extensions or its telemetry read, as their documentation names them.</summary>
    private static readonly string[] s_host =
    [
        "AzureWebJobsStorage__accountName", "AzureWebJobsStorage__credential", "AzureWebJobsStorage__clientId", "AzureWebJobsDisableHomepage",
        "APPLICATIONINSIGHTS_CONNECTION_STRING", "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
    ];

    /// <summary>Settings without which the app does not start, or refuses everybody.</summary>
    private static readonly string[] s_required =
    [
        "FollowUp__PublicUrl", "FollowUp__ApiKey", "Database__Provider", "Database__ConnectionString", "Database__ManagedIdentity",
        "Twilio__AccountSid", "Twilio__AuthToken", "TASKHUB_NAME", "DURABLE_TASK_SCHEDULER_CONNECTION_STRING",
        "AzureWebJobsStorage__accountName", "AzureWebJobsStorage__credential", "AzureWebJobsStorage__clientId",
    ];

    /// <summary>Settings that Flex Consumption refuses: the deployment fails with any of them.</summary>
    private static readonly string[] s_refused =
    [
        "FUNCTIONS_WORKER_RUNTIME", "FUNCTIONS_EXTENSION_VERSION", "WEBSITE_RUN_FROM_PACKAGE", "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING",
        "WEBSITE_CONTENTSHARE", "WEBSITE_MAX_DYNAMIC_APPLICATION_SCALE_OUT", "SCM_DO_BUILD_DURING_DEPLOYMENT", "ENABLE_ORYX_BUILD",
    ];

    private static readonly JsonNode s_hostJson = JsonNode.Parse(Repository.Read("host.json"))!;
    private static readonly string s_source = Repository.Read("infra", "app", "functions.bicep");
    private static readonly HashSet<string> s_deployed = [.. Setting().Matches(SettingsBlock().Match(s_source).Value).Select(match => match.Groups[1].Value)];

    [Fact]
    public void Everything_that_is_set_is_read_by_the_app_or_its_host()
    {
        Assert.NotEmpty(s_deployed);
        Assert.All(s_deployed, name => Assert.True(
            s_host.Contains(name) || IsNamedInHostJson(name) || OverridesHostJson(name) || IsReadByTheApp(name), $"Nobody reads the setting {name}."));
    }

    [Fact]
    public void Everything_that_must_be_set_is() => Assert.All(s_required, name => Assert.Contains(name, s_deployed));

    [Fact]
    public void Nothing_is_set_that_Flex_Consumption_refuses() => Assert.All(s_refused, name => Assert.DoesNotContain(name, s_deployed));

    [Fact]
    public void Secrets_are_references_to_the_vault() => Assert.All(
        new[] { "FollowUp__ApiKey", "Twilio__AuthToken" },
        name => Assert.Matches($@"{name}: '@Microsoft\.KeyVault\(SecretUri=\$\{{\w+Uri\}}\)'", s_source));

    [Fact]
    public void The_database_is_reached_by_the_identity_over_verified_TLS()
    {
        var connection = Regex.Match(s_source, "Database__ConnectionString: '(.*)'").Groups[1].Value;

        Assert.Contains("SSL Mode=VerifyFull", connection, StringComparison.Ordinal);
        Assert.Contains("Username=${identityName}", connection, StringComparison.Ordinal);
        Assert.DoesNotContain("Password", connection, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void The_operators_page_explains_each() => Assert.All(
        s_deployed, name => Assert.Contains($"`{name}`", Repository.Read("docs", "operations.md"), StringComparison.Ordinal));

    [Fact]
    public void The_sample_for_a_local_run_names_only_what_is_read()
    {
        var values = JsonNode.Parse(Repository.Read("local.settings.sample.json"))!["Values"]!.AsObject().Select(value => value.Key).ToList();

        Assert.All(values, name => Assert.True(
            name is "FUNCTIONS_WORKER_RUNTIME" or "AzureWebJobsStorage" || IsNamedInHostJson(name) || OverridesHostJson(name)
                || IsReadByTheApp(name.Replace(":", "__", StringComparison.Ordinal)), $"Nobody reads {name}."));
        Assert.All(values, name => Assert.Contains($"`{name}`", Repository.Read("docs", "operations.md"), StringComparison.Ordinal));
    }

    [Fact]
    public void The_local_run_keeps_orchestrations_in_Azurite()
    {
        var values = JsonNode.Parse(Repository.Read("local.settings.sample.json"))!["Values"]!;

        Assert.Equal("AzureStorage", values["AzureFunctionsJobHost__extensions__durableTask__storageProvider__type"]!.GetValue<string>());
        var connection = values["AzureFunctionsJobHost__extensions__durableTask__storageProvider__connectionStringName"]!.GetValue<string>();
        Assert.Equal("UseDevelopmentStorage=true", values[connection]!.GetValue<string>());
    }

    [Fact]
    public void Routes_have_no_prefix() => Assert.Equal("", s_hostJson.Text("extensions.http.routePrefix"));

    /// <summary>Only then 1.10 is newer than 1.9: other versions are compared as text.</summary>
    [Fact]
    public void The_version_of_the_orchestrators_compares_as_a_number()
    {
        Assert.True(Version.TryParse(s_hostJson.Text("extensions.durableTask.defaultVersion"), out _));
        Assert.Equal("CurrentOrOlder", s_hostJson.Text("extensions.durableTask.versionMatchStrategy"));
        Assert.Equal("Reject", s_hostJson.Text("extensions.durableTask.versionFailureStrategy"));
    }

    /// <summary>They would stand in a log that is kept elsewhere, and outlive the patient's erasure.</summary>
    [Fact]
    public void Traces_hold_no_inputs_and_outputs() => Assert.Equal("false", s_hostJson.Text("extensions.durableTask.tracing.traceInputsAndOutputs"));

    private static bool IsNamedInHostJson(string name)
    {
        var text = s_hostJson.ToJsonString();
        return text.Contains($"\"%{name}%\"", StringComparison.Ordinal) || text.Contains($"\"connectionStringName\":\"{name}\"", StringComparison.Ordinal);
    }

    private static bool OverridesHostJson(string name) =>
        name.StartsWith("AzureFunctionsJobHost__", StringComparison.Ordinal)
        && s_hostJson.At(name["AzureFunctionsJobHost__".Length..].Replace("__", ".", StringComparison.Ordinal)) is not null;

    /// <summary>By its whole name, or as a property of the options of its section.</summary>
    private static bool IsReadByTheApp(string name)
    {
        var key = name.Replace("__", ":", StringComparison.Ordinal);
        return Repository.AppSource.Contains($"\"{key}\"", StringComparison.Ordinal)
            || (key.StartsWith("Twilio:", StringComparison.Ordinal)
                && Regex.IsMatch(Repository.Read("src", "FollowUp.Sms", "TwilioOptions.cs"), $@"public [\w?]+ {key["Twilio:".Length..]} \{{ get; set; \}}"))

            // The store on PostgreSQL reads it; this can go when that store is here.
            || (key == "Database:ManagedIdentity" && !Directory.Exists(Repository.PathOf("src", "FollowUp.Data", "Schema", "PostgreSql")));
    }

    [GeneratedRegex(@"resource settings 'config'[\s\S]*")]
    private static partial Regex SettingsBlock();

    [GeneratedRegex(@"(?<![\w'$])([A-Za-z]+(?:_+[A-Za-z]+)+|AzureWebJobsDisableHomepage): ")]
    private static partial Regex Setting();
}
