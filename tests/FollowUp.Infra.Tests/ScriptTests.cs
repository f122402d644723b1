using System.Diagnostics;

namespace FollowUp.Infra.Tests;

/// <summary>The operator's scripts say what is wrong, and tell nobody a secret.</summary>
public sealed class ScriptTests : IDisposable
{
    private const string Token = "a-token-that-must-not-be-seen";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("followup-scripts-");

    public static TheoryData<string> Scripts { get; } = [.. Repository.Files("infra/scripts", "*.sh").Select(Path.GetFileName).Select(name => name!)];

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Help_is_given_and_what_is_not_understood_is_refused(string script)
    {
        var help = Run(script, ["--help"]);
        Assert.Equal(0, help.Code);
        Assert.StartsWith("Usage: " + script, help.Output, StringComparison.Ordinal);
        Assert.NotEqual(0, Run(script, ["--nonsense"]).Code);
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public void It_stops_at_the_first_thing_that_goes_wrong(string script) =>
        Assert.Contains("set -euo pipefail", Repository.Read("infra", "scripts", script), StringComparison.Ordinal);

    [Fact]
    public void Azd_runs_scripts_that_are_there()
    {
        var azure = Repository.Read("azure.yaml");

        Assert.All(new[] { "preprovision.sh", "postprovision.sh", "smoke.sh" }, script => Assert.Contains("infra/scripts/" + script, azure, StringComparison.Ordinal));
        Assert.Contains("-p:FollowUpHost=Azure", azure, StringComparison.Ordinal);
        Assert.All(Repository.Read("infra", "main.parameters.json").Split('\n').Where(line => line.Contains("${", StringComparison.Ordinal)), line => Assert.Matches(@"\$\{[A-Z_]+(=[\w]*)?\}", line));
    }

    [Fact]
    public void Everything_that_is_missing_is_named_at_once_before_a_deployment()
    {
        var answer = Run("preprovision.sh", []);

        Assert.Equal(1, answer.Code);
        Assert.All(
            new[] { "TWILIO_ACCOUNT_SID", "TWILIO_MESSAGING_SERVICE_SID", "FOLLOWUP_ALERT_EMAIL", "TWILIO_AUTH_TOKEN", "FOLLOWUP_API_KEY" },
            name => Assert.Contains(name, answer.Errors, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("FOLLOWUP_API_KEY", "short")]
    [InlineData("FOLLOWUP_SIZE", "huge")]
    [InlineData("FOLLOWUP_PUBLIC_URL", "http://clinic.example")]
    [InlineData("TWILIO_ACCOUNT_SID", "AC1")]
    public void A_wrong_value_is_named_before_a_deployment(string name, string value)
    {
        Assert.Equal(0, Run("preprovision.sh", [], Complete()).Code);
        var answer = Run("preprovision.sh", [], Complete((name, value)));

        Assert.Equal(1, answer.Code);
        Assert.Contains(name, Assert.Single(answer.Errors.Trim().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public void A_later_deployment_needs_no_secret()
    {
        var environment = Complete(("TWILIO_AUTH_TOKEN", ""), ("FOLLOWUP_API_KEY", ""), ("FOLLOWUP_VAULT_NAME", "kv-followup-x"));

        Assert.Equal(0, Run("preprovision.sh", [], environment).Code);
    }

    [Fact]
    public void The_role_is_made_with_a_token_that_nobody_sees_through_a_firewall_that_is_closed_again()
    {
        Fake("az", $"case \"$*\" in *get-access-token*) echo {Token};; esac");
        Fake("psql", $"[ \"$PGPASSWORD\" = {Token} ]");

        var answer = Run("postprovision.sh", ["--from-address", "203.0.113.7"], Deployed());

        Assert.Equal(0, answer.Code);
        Assert.DoesNotContain(Token, answer.Output + answer.Errors + Calls("az") + Calls("psql"), StringComparison.Ordinal);
        Assert.Contains("object_id=00000000-0000-0000-0000-000000000009", Calls("psql"), StringComparison.Ordinal);
        Assert.Contains("sslmode=require", Calls("psql"), StringComparison.Ordinal);
        Assert.Contains("--method put", Calls("az").Split('\n')[0], StringComparison.Ordinal);
        Assert.Contains("--method delete", Calls("az").TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void The_firewall_is_closed_again_when_the_database_refuses()
    {
        Fake("az", $"case \"$*\" in *get-access-token*) echo {Token};; esac");
        Fake("psql", "echo 'no such role' >&2; exit 2");

        var answer = Run("postprovision.sh", ["--from-address", "203.0.113.7", "--wait", "0"], Deployed());

        Assert.Equal(1, answer.Code);
        Assert.Contains("no such role", answer.Errors, StringComparison.Ordinal);
        Assert.Contains("--from-address", answer.Errors, StringComparison.Ordinal);
        Assert.Contains("--method delete", Calls("az"), StringComparison.Ordinal);
    }

    [Fact]
    public void From_outside_a_private_network_the_operator_is_told_what_to_do_by_hand()
    {
        Fake("az", $"case \"$*\" in *get-access-token*) echo {Token};; esac");
        Fake("psql", "exit 2");

        var answer = Run("postprovision.sh", ["--wait", "0"], [.. Deployed(), ("FOLLOWUP_PRIVATE_NETWORKING", "true")]);

        Assert.Equal(0, answer.Code);
        Assert.Contains("NOT DONE", answer.Output, StringComparison.Ordinal);
        Assert.Contains("-f grant-database.sql", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_package_without_the_hidden_folder_is_not_whole()
    {
        foreach (var file in new[]
        {
            "host.json", "worker.config.json", "extensions.json", "functions.metadata", "FollowUp.Functions.dll", "FollowUp.Functions.deps.json",
            "FollowUp.Functions.runtimeconfig.json",
        })
        {
            File.WriteAllText(Path.Combine(_folder.FullName, file), "");
        }

        var without = Run("check-package.sh", [_folder.FullName]);
        Assert.Equal(1, without.Code);
        Assert.Contains(".azurefunctions", without.Errors, StringComparison.Ordinal);

        var hidden = _folder.CreateSubdirectory(".azurefunctions").FullName;
        File.WriteAllText(Path.Combine(hidden, "Microsoft.Azure.WebJobs.Extensions.DurableTask.dll"), "");
        Assert.Contains("azureManaged", Run("check-package.sh", [_folder.FullName]).Errors, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(hidden, "Microsoft.Azure.WebJobs.Extensions.DurableTask.AzureManaged.dll"), "");
        Assert.Equal(0, Run("check-package.sh", [_folder.FullName]).Code);

        File.WriteAllText(Path.Combine(_folder.FullName, "FollowUp.EmbeddedHost.dll"), "");
        Assert.Contains("FollowUp.EmbeddedHost.dll does not belong", Run("check-package.sh", [_folder.FullName]).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void The_smoke_test_says_when_nobody_answers()
    {
        var answer = Run("smoke.sh", ["--url", "http://127.0.0.1:9", "--wait", "0"], ("FOLLOWUP_API_KEY", Token));

        Assert.Equal(1, answer.Code);
        Assert.Contains("WRONG   it is healthy: expected 200, got 000", answer.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, answer.Output + answer.Errors, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static (string, string)[] Deployed() =>
    [
        ("FOLLOWUP_DATABASE_SERVER", "psql-x"), ("FOLLOWUP_DATABASE_HOST", "psql-x.example"), ("FOLLOWUP_DATABASE_NAME", "followup"),
        ("FOLLOWUP_DATABASE_ADMINISTRATOR", "operator@clinic.example"), ("FOLLOWUP_IDENTITY_NAME", "id-x"),
        ("FOLLOWUP_IDENTITY_PRINCIPAL_ID", "00000000-0000-0000-0000-000000000009"), ("AZURE_RESOURCE_GROUP", "rg"), ("AZURE_SUBSCRIPTION_ID", "sub"),
    ];

    private static (string, string)[] Complete(params (string Name, string Value)[] changes) =>
    [
        ("TWILIO_ACCOUNT_SID", "AC00000000000000000000000000000000"), ("TWILIO_MESSAGING_SERVICE_SID", "MG00000000000000000000000000000000"),
        ("TWILIO_AUTH_TOKEN", "token"), ("FOLLOWUP_API_KEY", new string('k', 40)), ("FOLLOWUP_ALERT_EMAIL", "operators@clinic.example"), .. changes,
    ];

    /// <summary>A program of that name which writes down how it was called, and then does as told.</summary>
    private void Fake(string name, string script)
    {
        var file = Path.Combine(_folder.FullName, name);
        File.WriteAllText(file, $"#!/bin/bash\necho \"$*\" >> '{file}.calls'\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private string Calls(string name) => File.ReadAllText(Path.Combine(_folder.FullName, name + ".calls"));

    private (int Code, string Output, string Errors) Run(string script, string[] arguments, params (string Name, string Value)[] environment)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("The scripts are for bash.");
        }

        var start = new ProcessStartInfo("/bin/bash", [Repository.PathOf("infra", "scripts", script), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("FOLLOWUP_", StringComparison.Ordinal) || name.StartsWith("TWILIO_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["PATH"] = _folder.FullName + ":" + start.Environment["PATH"];
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.GetAwaiter().GetResult());
    }
}
