using FollowUp.EmbeddedHost.Clock;
using FollowUp.EmbeddedHost.Functions;
using FollowUp.EmbeddedHost.Functions.Settings;
using Microsoft.Extensions.Configuration;

namespace FollowUp.EmbeddedHost.Tests.Functions.Settings;

/// <summary>The settings of api.md, and what the host chooses where they are unset.</summary>
public sealed class HostSettingsTests
{
    private static readonly DateTimeOffset Start = new(2026, 12, 1, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Without_settings_the_host_makes_a_key_and_an_emulator_account_once_and_the_app_finds_them()
    {
        using var folder = new TestFolder();
        ConfigurationManager first = Configuration(folder);
        ConfigurationManager second = Configuration(folder);

        HostSettings made = Resolve(first, folder);
        HostSettings kept = Resolve(second, folder);

        Assert.Equal(43, first["FollowUp:ApiKey"]!.Length);
        Assert.Equal(first["FollowUp:ApiKey"], made.NewApiKey);
        Assert.Null(kept.NewApiKey);
        foreach (string name in new[] { "FollowUp:ApiKey", "Twilio:AccountSid", "Twilio:AuthToken", "Twilio:From", "FollowUp:DataDirectory" })
        {
            Assert.False(string.IsNullOrEmpty(first[name]));
            Assert.Equal(first[name], second[name]);
        }

        Assert.Equal("+15005550006", first["Twilio:From"]);
        Assert.Matches("^AC[0-9a-f]{32}$", first["Twilio:AccountSid"]);
        Assert.Equal(made.Addresses.Local, first["FollowUp:PublicUrl"]);
        Assert.Equal(made.Addresses.Local + "/twilio", first["Twilio:BaseAddress"]);
        Assert.Equal(first["FollowUp:PublicUrl"] + "/api/twilio/inbound", made.Emulator!.InboundUrl);
    }

    [Fact]
    public void The_data_directory_and_its_secrets_are_the_owners_alone()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has access lists in place of modes.");
            return;
        }

        using var folder = new TestFolder();
        HostSettings settings = Resolve(Configuration(folder), folder);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(settings.Data.FullPath));
        string[] files = Directory.GetFiles(settings.Data.FullPath);
        Assert.Equal(2, files.Length);
        foreach (string file in files)
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public void What_is_set_is_used_and_nothing_is_made_in_its_place()
    {
        using var folder = new TestFolder();
        ConfigurationManager configuration = Configuration(
            folder, ("FollowUp:ApiKey", "mine"), ("FollowUp:PublicUrl", "https://clinic.example/"), ("Twilio:AccountSid", "ACx"), ("Twilio:AuthToken", "t"));

        HostSettings settings = Resolve(configuration, folder);

        Assert.Null(settings.Emulator);
        Assert.Null(settings.NewApiKey);
        Assert.Equal("mine", configuration["FollowUp:ApiKey"]);
        Assert.Equal("https://clinic.example", configuration["FollowUp:PublicUrl"]);
        Assert.Null(configuration["Twilio:BaseAddress"]);
        Assert.Empty(Directory.GetFiles(settings.Data.FullPath));
    }

    [Theory]
    [InlineData(null, "http://127.0.0.1:7071", "http://127.0.0.1:7071")]
    [InlineData("http://0.0.0.0:80", "http://0.0.0.0:80", "http://127.0.0.1:80")]
    [InlineData("http://*:8080;http://[::1]:8081", "http://*:8080,http://[::1]:8081", "http://127.0.0.1:8080")]
    [InlineData("http://localhost:5000/", "http://localhost:5000/", "http://localhost:5000")]
    public void Addresses_are_those_of_urls_and_7071_by_default(string? urls, string all, string local)
    {
        ListeningAddresses addresses = ListeningAddresses.Parse(urls);

        Assert.Equal(all, string.Join(',', addresses.Urls));
        Assert.Equal(local, addresses.Local);
    }

    [Fact]
    public void Port_0_becomes_a_free_port_before_the_start()
        => Assert.Matches("^http://127\\.0\\.0\\.1:[1-9][0-9]+$", ListeningAddresses.Parse("http://127.0.0.1:0").Local);

    [Fact]
    public void An_address_that_is_none_is_refused()
        => Assert.Contains("--urls 'nonsense'", Assert.Throws<HostStartException>(() => ListeningAddresses.Parse("nonsense")).Message, StringComparison.Ordinal);

    [Fact]
    public void The_clock_is_real_unless_a_setting_makes_it_another()
        => Assert.Same(HostClock.Real, ClockSettings.Create(Clock(), null, twilioIsLocal: false));

    [Fact]
    public void A_simulated_clock_begins_at_its_start_or_goes_on_from_the_instant_that_the_data_directory_has_reached()
    {
        IConfiguration settings = Clock((ClockSettings.Start, "2026-12-01T09:00:00+01:00"), (ClockSettings.DaysPerSecond, "Jump"));
        using var begun = (SimulatedClock)ClockSettings.Create(settings, null, twilioIsLocal: true);
        using var goneOn = (SimulatedClock)ClockSettings.Create(settings, Start.AddDays(40), twilioIsLocal: true);

        Assert.True(begun.Jumps);
        Assert.Equal(Start, begun.GetUtcNow());
        Assert.Equal(Start.AddDays(40), goneOn.GetUtcNow());
    }

    [Fact]
    public void A_simulated_clock_stands_still_from_its_first_instant_until_it_is_let_go()
    {
        IConfiguration settings = Clock((ClockSettings.Start, "2026-12-01T09:00:00+01:00"), (ClockSettings.DaysPerSecond, "1000000"));
        using var clock = (SimulatedClock)ClockSettings.Create(settings, null, twilioIsLocal: true);
        Assert.Equal(Start, clock.GetUtcNow());

        clock.Exit();
        Assert.True(SpinWait.SpinUntil(() => clock.GetUtcNow() > Start, TimeSpan.FromSeconds(30)));
    }

    [Theory]
    [InlineData(ClockSettings.DaysPerSecond, "0")]
    [InlineData(ClockSettings.DaysPerSecond, "-1")]
    [InlineData(ClockSettings.DaysPerSecond, "fast")]
    [InlineData(ClockSettings.DaysPerSecond, "NaN")]
    [InlineData(ClockSettings.Start, "tomorrow")]
    public void A_clock_setting_that_is_none_is_refused_by_name(string name, string value)
    {
        var refusal = Assert.Throws<HostStartException>(() => ClockSettings.Create(Clock((name, value)), null, twilioIsLocal: true));

        Assert.StartsWith($"{name} is '{value}'", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://api.twilio.com", true)]
    [InlineData("", true)]
    [InlineData("http://127.0.0.1:9000", false)]
    [InlineData("http://localhost:9000", false)]
    [InlineData("http://[::1]:9000", false)]
    [InlineData("http://localhost.example.com", true)]
    public void A_simulated_clock_is_refused_where_texts_could_leave_this_machine(string baseAddress, bool refused)
    {
        using var folder = new TestFolder();
        ConfigurationManager configuration = Configuration(
            folder, ("Twilio:AccountSid", "ACx"), ("Twilio:BaseAddress", baseAddress), (ClockSettings.DaysPerSecond, "2"));

        Exception? refusal = Record.Exception(() => Resolve(configuration, folder));

        Assert.Equal(refused, refusal is HostStartException { Message: var message } && message.Contains("loopback", StringComparison.Ordinal));
        Assert.Equal(!refused, Directory.Exists(Path.Combine(folder.Path, "data")));
    }

    [Fact]
    public void A_real_clock_is_refused_on_a_data_directory_that_a_simulated_one_has_taken_into_the_future()
    {
        DateTimeOffset reached = HostClock.Real.GetUtcNow().AddDays(30);

        var refusal = Assert.Throws<HostStartException>(() => ClockSettings.Create(Clock(), reached, twilioIsLocal: true));

        Assert.Contains("simulated clock", refusal.Message, StringComparison.Ordinal);
    }

    private static ConfigurationManager Configuration(TestFolder folder, params (string Name, string Value)[] settings)
    {
        folder.Write("host.json", "{}");
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(settings.ToDictionary(s => s.Name, s => (string?)s.Value));
        configuration["FollowUp:DataDirectory"] = Path.Combine(folder.Path, "data");
        return configuration;
    }

    private static HostSettings Resolve(ConfigurationManager configuration, TestFolder folder)
        => HostSettings.Resolve(configuration, folder.Path, _ => null);

    private static IConfiguration Clock(params (string Name, string Value)[] settings)
        => new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(s => s.Name, s => (string?)s.Value)).Build();
}
