using Microsoft.Extensions.Primitives;

namespace FollowUp.Sms.Tests;

/// <summary>The vectors are those of Twilio's documentation and of its own libraries' tests.</summary>
public sealed class SignatureTests
{
    private const string Documented = "RSOYDt4T1cUTdK1PDd93/VVr8B8=";

    private static readonly Uri s_url = new("https://mycompany.com/myapp.php?foo=1&bar=2");
    private static readonly TwilioSignature s_signature = new("12345");
    private static readonly Dictionary<string, string> s_form = new()
    {
        ["CallSid"] = "CA1234567890ABCDE",
        ["From"] = "+14158675309",
        ["Digits"] = "1234",
        ["To"] = "+18005551212",
        ["Caller"] = "+14158675309",
    };

    [Fact]
    public void The_signature_that_Twilio_documents_is_valid() => Assert.True(s_signature.IsValid(s_url, s_form, Documented));

    [Theory]
    [InlineData("https://mycompany.com/myapp.php?foo=1&bar=2", "kvajT1Ptam85bY51eRf/AJRuM3w=")] // signed with :443
    [InlineData("http://mycompany.com/myapp.php?foo=1&bar=2", "0ZXoZLH/DfblKGATFgpif+LLRf4=")] // signed with :80
    [InlineData("https://mycompany.com:1234/myapp.php?foo=1&bar=2", Documented)] // signed without the port
    [InlineData("https://mycompany.com:1234/myapp.php?foo=1&bar=2", "CYn1h0gLBdNxDGkKJg6hYohgeD8=")]
    [InlineData("http://mycompany.com:1234/myapp.php?foo=1&bar=2", "Zmvh+3yNM1Phv2jhDCwEM3q5ebU=")]
    [InlineData("https://MyCompany.com/myapp.php?foo=1&bar=2", "g9IN/x4Cft2g517EjYvEvM/W7LU=")] // signed as it was written
    [InlineData("https://MyCompany.com:1234/myapp.php?foo=1&bar=2", "PCqOZm8cnu/L6+u5i5fuEd+Iac4=")]
    [InlineData("http://MyCompany.com/myapp.php?foo=1&bar=2", "XY7AlKOKL6im4yWyX84gldUrtis=")]
    [InlineData("HTTP://username:password@MyCompany.com/myapp.php?foo=1&bar=2", "hy/l8pca+LFms4cvRdv8uiP6NGc=")]
    public void The_port_may_be_signed_or_left_out_and_case_is_kept(string url, string signature) =>
        Assert.True(s_signature.IsValid(new Uri(url), s_form, signature));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("no base64 at all!")]
    [InlineData("RSOYDt4T1cUTdK1PDd93/VVr8B8")]
    [InlineData("RSOYDt4T1cUTdK1PDd93/VVr8B8=,RSOYDt4T1cUTdK1PDd93/VVr8B8=")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("rSOYDt4T1cUTdK1PDd93/VVr8B8=")]
    public void An_absent_malformed_or_forged_signature_is_not(string? header) =>
        Assert.False(s_signature.IsValid(s_url, s_form, header));

    [Fact]
    public void Another_token_another_url_or_a_changed_form_is_not()
    {
        Assert.False(new TwilioSignature("12346").IsValid(s_url, s_form, Documented));
        Assert.False(s_signature.IsValid(new Uri("https://mycompany.com/myapp.php?foo=1&bar=3"), s_form, Documented));
        Assert.False(s_signature.IsValid(s_url, new Dictionary<string, string>(s_form) { ["Digits"] = "1235" }, Documented));
        Assert.False(s_signature.IsValid(s_url, new Dictionary<string, string>(s_form) { ["More"] = "" }, Documented));
        Assert.False(s_signature.IsValid(s_url, new Dictionary<string, string>(), Documented));
    }

    [Fact]
    public void A_host_in_another_than_its_normal_form_makes_no_forgery_throw() =>
        Assert.False(s_signature.IsValid(new Uri("http://127.1:7071/status"), s_form, Documented));

    [Fact]
    public void A_key_that_repeats_is_signed_once_for_each_different_value()
    {
        // The rule of Twilio's libraries for Node and Python; the one for .NET joins the values with commas, and fails.
        var form = new Dictionary<string, StringValues> { ["Body"] = "Hi", ["AddOns"] = new(["b", "a", "b"]) };

        Assert.True(s_signature.IsValid(new Uri("https://x.example/hook"), form, Sign("https://x.example/hookAddOnsaAddOnsbBodyHi")));
        Assert.False(s_signature.IsValid(new Uri("https://x.example/hook"), form, Sign("https://x.example/hookAddOnsabBodyHi")));
    }

    [Fact]
    public void A_form_of_single_values_is_the_same_either_way() =>
        Assert.True(s_signature.IsValid(s_url, s_form.ToDictionary(field => field.Key, field => new StringValues(field.Value)), Documented));

    private static string Sign(string text)
    {
#pragma warning disable CA5350 // Twilio's algorithm.
        return Convert.ToBase64String(System.Security.Cryptography.HMACSHA1.HashData("12345"u8, System.Text.Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5350
    }
}
