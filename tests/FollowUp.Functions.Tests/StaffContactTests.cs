using System.Text.Json;
using FollowUp.Core.CarePlans;
using FollowUp.Functions.Clinics;
using FollowUp.Functions.Http;

namespace FollowUp.Functions.Tests;

/// <summary>Whom a clinic can name in its staff alerts.</summary>
public class StaffContactTests
{
    [Theory]
    [InlineData("+14155550188", false, null)]
    [InlineData("https://glow.example/alerts", false, null)]
    [InlineData("HTTPS://glow.example/alerts", false, null)]
    [InlineData("http://glow.example/alerts", true, null)]
    [InlineData("http://glow.example/alerts", false, "Web addresses must be https: what alerts say must not be read on the way.")]
    [InlineData("nurse@glow.example", false, "Must be phone numbers such as +14155550123, or web addresses.")]
    public void A_contact_is_a_phone_or_an_encrypted_web_address(string contact, bool twilioIsLoopback, string? mistake)
    {
        var body = AppUnderTest.ClinicBody();
        body["staffAlerts"] = new System.Text.Json.Nodes.JsonArray(contact);
        using var document = JsonDocument.Parse(body.ToJsonString());
        var request = new ClinicRequest(CarePlanCatalogue.BuiltIn, twilioIsLoopback);
        if (mistake is null)
        {
            Assert.Equal([contact], request.Read("glow", document.RootElement).StaffAlerts);
        }
        else
        {
            var refusal = Assert.Throws<ProblemException>(() => request.Read("glow", document.RootElement));
            Assert.Equal([mistake], Assert.Single(refusal.Errors!).Value);
        }
    }
}
