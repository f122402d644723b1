using System.Text.RegularExpressions;

namespace FollowUp.Infra.Tests;

/// <summary>The files for a machine of one's own agree with each other and with the app.</summary>
public sealed partial class MachineTests
{
    private const string Sample = "followup.env.sample";

    private static readonly string s_allSource = string.Join('\n', Repository.Files("src", "*.cs").Select(File.ReadAllText));

    private static Dictionary<string, string> Settings { get; } = Read(Sample).Split('\n')
        .Where(line => line.Length > 0 && !line.StartsWith('#'))
        .Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);

    public static TheoryData<string> Services { get; } = ["followup.service", "followup-backup.service"];

    [Fact]
    public void Every_setting_of_the_sample_is_read_by_the_app()
    {
        Assert.True(Settings.Count > 10);
        Assert.All(Settings.Keys, name => Assert.True(IsRead(name.Replace("__", ":", StringComparison.Ordinal)), $"Nobody reads the setting {name}."));
    }

    [Fact]
    public void The_sample_names_what_the_one_machine_page_and_the_app_need()
    {
        Assert.All(
            new[] { "Twilio__AccountSid", "Twilio__AuthToken", "Twilio__From", "Twilio__MessagingServiceSid", "FollowUp__PublicUrl" },
            name => Assert.Contains(name, Settings.Keys));

        // It would win over what the unit says, and hide a loopback Twilio behind a service that looks well.
        Assert.All(new[] { "FollowUp__DataDirectory", "Twilio__BaseAddress", "FollowUp__Clock__Start" }, name => Assert.DoesNotContain(name, Settings.Keys));
        Assert.All(new[] { "Twilio__AuthToken", "FollowUp__ApiKey" }, name => Assert.Equal("", Settings[name]));
    }

    /// <summary>systemd takes quotes away and containers do not; behind a value neither knows a comment.</summary>
    [Fact]
    public void The_sample_means_the_same_to_systemd_and_to_containers()
    {
        Assert.DoesNotContain("\r", Read(Sample), StringComparison.Ordinal);
        Assert.All(Settings, setting => Assert.Matches("^[A-Za-z]+(__[A-Za-z]+)+$", setting.Key));
        Assert.All(Settings, setting => Assert.Matches(@"^[^\s""'\\#$]*$", setting.Value));
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void A_service_runs_as_its_own_user_on_the_one_data_directory_with_settings_that_must_be_there(string service)
    {
        Assert.Equal("followup", Value(service, "User"));
        Assert.Contains("followup", Value(service, "StateDirectory").Split(' '));
        Assert.Equal("0700", Value(service, "StateDirectoryMode"));
        Assert.Equal("0077", Value(service, "UMask"));
        Assert.Contains("--data /var/lib/followup", Value(service, "ExecStart"), StringComparison.Ordinal);

        // Without a minus sign before it: a service whose settings are gone must not run on the emulator.
        Assert.Equal("/etc/followup/followup.env", Value(service, "EnvironmentFile"));
        Assert.Contains("/opt/followup/followup ", Value(service, "ExecStart"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void A_service_may_nothing_that_it_does_not_need(string service)
    {
        Assert.All(
            new[]
            {
                ("NoNewPrivileges", "yes"), ("ProtectSystem", "strict"), ("ProtectHome", "yes"), ("PrivateTmp", "yes"), ("CapabilityBoundingSet", ""),
                ("RestrictSUIDSGID", "yes"), ("LimitCORE", "0"), ("SystemCallErrorNumber", "EPERM"),
            },
            setting => Assert.Equal(setting.Item2, Value(service, setting.Item1)));

        // The just-in-time compiler cannot work with it.
        Assert.DoesNotMatch("(?m)^MemoryDenyWriteExecute", Read(service));
    }

    [Fact]
    public void The_app_listens_to_this_machine_alone_comes_back_and_gets_the_time_that_it_needs_to_stop()
    {
        Assert.Contains("serve --urls http://127.0.0.1:7071 ", Value("followup.service", "ExecStart"), StringComparison.Ordinal);
        Assert.Equal("always", Value("followup.service", "Restart"));
        Assert.Equal("SIGTERM", Value("followup.service", "KillSignal"));

        // The host waits for 30 seconds at most.
        Assert.InRange(int.Parse(Value("followup.service", "TimeoutStopSec")), 35, 120);
    }

    [Fact]
    public void The_backup_runs_by_itself_and_keeps_a_few() => Assert.Multiple(
        () => Assert.Matches(@"OnCalendar=\S+", Read("followup-backup.timer")),
        () => Assert.Contains("Persistent=true", Read("followup-backup.timer"), StringComparison.Ordinal),
        () => Assert.Matches(@"backup /var/lib/followup-backups --data /var/lib/followup --keep \d+$", Value("followup-backup.service", "ExecStart")),
        () => Assert.Contains("followup-backups", Value("followup-backup.service", "StateDirectory").Split(' ')));

    [Theory]
    [InlineData("Caddyfile", @"path /api/\* /dashboard /dashboard/\*", "respond 404")]
    [InlineData("nginx.conf", @"location /api/ \{\s+proxy_pass", @"location / \{\s+return 404;")]
    public void A_proxy_lets_the_API_and_the_dashboard_through_and_nothing_else(string proxy, params string[] rules)
    {
        var directives = Directives(proxy);

        Assert.All(rules, rule => Assert.Matches(rule, directives));
        Assert.Contains("127.0.0.1:7071", directives, StringComparison.Ordinal);
        Assert.DoesNotContain("/phone", directives, StringComparison.Ordinal);
        Assert.DoesNotContain("/twilio", directives, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Caddyfile", @"header_up X-Real-IP \{remote_host\}")]
    [InlineData("nginx.conf", @"proxy_set_header X-Real-IP \$remote_addr;")]
    public void A_proxy_sets_the_header_that_the_app_believes(string proxy, string directive)
    {
        Assert.Matches(directive, Directives(proxy));
        Assert.Equal("X-Real-IP", Settings["FollowUp__Dashboard__ClientAddressHeader"]);
    }

    [Theory]
    [InlineData("Caddyfile", @"max_size (\d+)MiB")]
    [InlineData("nginx.conf", @"client_max_body_size (\d+)m;")]
    public void A_proxy_takes_the_largest_body_that_the_app_takes(string proxy, string directive)
    {
        var largest = Regex.Matches(Repository.Read("src", "FollowUp.Functions", "Http", "RequestLimits.cs"), @"\] = (\d+) \* 1024 \* 1024")
            .Max(limit => int.Parse(limit.Groups[1].Value));

        Assert.Equal(largest, int.Parse(Regex.Match(Directives(proxy), directive).Groups[1].Value));
    }

    /// <summary>Searches over the API have names and numbers behind the question mark.</summary>
    [Fact]
    public void No_proxy_writes_down_what_is_searched_for()
    {
        Assert.Contains("exclude http.log.error", Directives("Caddyfile"), StringComparison.Ordinal);
        var nginx = Directives("nginx.conf");
        Assert.DoesNotContain("$request ", nginx, StringComparison.Ordinal);
        Assert.All(Regex.Matches(nginx, @"access_log .*;").Select(log => log.Value), log => Assert.Matches("access_log (off|/\\S+ followup);", log));
        Assert.DoesNotContain("$request_uri", Regex.Match(nginx, "log_format.*").Value, StringComparison.Ordinal);
        Assert.Matches(@"error_log \S+ crit;", nginx);
    }

    private static bool IsRead(string key) =>
        key.StartsWith("Logging:LogLevel:", StringComparison.Ordinal)
        || s_allSource.Contains($"\"{key}\"", StringComparison.Ordinal)
        || s_allSource.Contains($"<c>{key}</c>", StringComparison.Ordinal)
        || (key.StartsWith("Twilio:", StringComparison.Ordinal)
            && Regex.IsMatch(Repository.Read("src", "FollowUp.Sms", "TwilioOptions.cs"), $@"public [\w?]+ {key["Twilio:".Length..]} \{{ get; set; \}}"));

    private static string Value(string unit, string name) => Assert.Single(
        Read(unit).Split('\n'), line => line.StartsWith(name + "=", StringComparison.Ordinal))[(name.Length + 1)..];

    private static string Directives(string file) => Comment().Replace(Read(file), "");

    private static string Read(string file) => Repository.Read("infra", "machine", file);

    [GeneratedRegex(@"(?m)^\s*#.*$")]
    private static partial Regex Comment();
}
