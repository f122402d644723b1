using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace FollowUp.TwilioEmulator.Api;

/// <summary>Basic authentication with the account's SID and token, for that account's addresses only; and the headers that every answer of Twilio's API has.</summary>
internal sealed class TwilioAuthentication(EmulatorOptions options, TimeProvider clock) : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        // The emulator's clock, which may be a simulated one: clients take Twilio's time from this header.
        http.Response.Headers.Date = clock.GetUtcNow().ToString("R", CultureInfo.InvariantCulture);
        http.Response.Headers["Twilio-Request-Id"] = "RQ" + RandomNumberGenerator.GetHexString(32, lowercase: true);
        if (IsAuthentic(http.Request.Headers.Authorization.ToString()) && Equals(http.Request.RouteValues["accountSid"], options.AccountSid))
        {
            return next(context);
        }

        http.Response.Headers.WWWAuthenticate = "Basic realm=\"Twilio API\"";
        return ValueTask.FromResult<object?>(TwilioError.Authenticate.ToResult());
    }

    private bool IsAuthentic(string header)
    {
        const string scheme = "Basic ";
        if (!header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var given = new byte[header.Length];
        var expected = Encoding.UTF8.GetBytes($"{options.AccountSid}:{options.AuthToken}");
        return Convert.TryFromBase64String(header[scheme.Length..].Trim(), given, out var length)
            && CryptographicOperations.FixedTimeEquals(given.AsSpan(0, length), expected);
    }
}
