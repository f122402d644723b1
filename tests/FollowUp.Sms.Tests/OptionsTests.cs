using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FollowUp.Sms.Tests;

/// <summary>A wrong setting is named, and what it should be is said.</summary>
public sealed class OptionsTests
{
    [Theory]
    [InlineData("Twilio:AccountSid", null)]
    [InlineData("Twilio:AccountSid", "SK00000000000000000000000000000001")]
    [InlineData("Twilio:AccountSid", "AC1/../AC2")]
    [InlineData("Twilio:AuthToken", null)]
    [InlineData("Twilio:AuthToken", " ")]
    [InlineData("Twilio:From", "")]
    [InlineData("Twilio:MessagingServiceSid", "SM1")]
    [InlineData("Twilio:BaseAddress", "twilio")]
    [InlineData("Twilio:BaseAddress", "ftp://127.0.0.1")]
    [InlineData("Twilio:BaseAddress", "http://proxy.example/twilio")]
    [InlineData("Twilio:BaseAddress", "https://proxy.example/?x=1")]
    [InlineData("Twilio:BaseAddress", "https://user:pass@proxy.example")]
    [InlineData("Twilio:Timeout", "15")]
    [InlineData("Twilio:Timeout", "00:00:00")]
    public async Task A_setting_that_is_missing_or_wrong_is_named_at_the_first_use(string setting, string? value)
    {
        await using ServiceProvider services = Some.Services(null, (setting, value));

        OptionsValidationException wrong = await Assert.ThrowsAsync<OptionsValidationException>(
            () => services.Gateway().SendAsync(Some.Text(), TestContext.Current.CancellationToken));

        Assert.Contains(setting, Assert.Single(wrong.Failures), StringComparison.Ordinal);
        Assert.DoesNotContain(Some.AuthToken, wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_time_out_that_is_no_time_is_named_too()
    {
        await using ServiceProvider services = Some.Services(null, ("Twilio:Timeout", "soon"));

        InvalidOperationException wrong = Assert.Throws<InvalidOperationException>(() => services.GetRequiredService<TwilioSignature>());
        Assert.Contains("Twilio:Timeout", wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("https://twilio-proxy.example", false)]
    [InlineData("http://127.0.0.1:7071/twilio", true)]
    [InlineData("http://localhost:7071/twilio", true)]
    [InlineData("http://[::1]:7071/twilio", true)]
    public async Task The_options_tell_whether_a_text_can_reach_a_phone(string? address, bool loopback)
    {
        await using ServiceProvider services = Some.Services(address is null ? null : new Uri(address));

        TwilioOptions options = services.GetRequiredService<IOptions<TwilioOptions>>().Value;

        Assert.Equal(loopback, options.IsLoopback);
        Assert.Equal(TimeSpan.FromSeconds(15), options.Timeout);
    }

    /// <summary>As local.settings.sample.json has it.</summary>
    [Fact]
    public async Task An_empty_base_address_is_none()
    {
        await using ServiceProvider services = Some.Services(null, ("Twilio:BaseAddress", ""));

        Assert.Null(services.GetRequiredService<IOptions<TwilioOptions>>().Value.BaseAddress);
    }

    [Fact]
    public async Task The_signature_uses_the_configured_token()
    {
        await using ServiceProvider services = Some.Services(null, ("Twilio:AuthToken", "12345"));
        var form = new Dictionary<string, string>
        {
            ["CallSid"] = "CA1234567890ABCDE",
            ["From"] = "+14158675309",
            ["Digits"] = "1234",
            ["To"] = "+18005551212",
            ["Caller"] = "+14158675309",
        };

        Assert.True(services.GetRequiredService<TwilioSignature>().IsValid(
            new Uri("https://mycompany.com/myapp.php?foo=1&bar=2"), form, "RSOYDt4T1cUTdK1PDd93/VVr8B8="));
    }
}
