using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using FollowUp.TwilioEmulator;
using Microsoft.Extensions.Configuration;

namespace FollowUp.EmbeddedHost.Functions.Settings;

/// <summary>Where texts go: to the account that the settings name, or else to the emulator in this process.</summary>
internal static class TwilioSettings
{
    /// <summary>Where the emulator is mounted.</summary>
    public const string EmulatorPath = "/twilio";

    public const string CredentialsFile = "twilio-emulator.json";

    // Twilio's own number for tests: the one sender that accepts everything.
    private const string EmulatorNumber = "+15005550006";

    /// <summary>Whether the settings name no account, so that the emulator takes its place.</summary>
    public static bool UsesEmulator(IConfiguration settings) => string.IsNullOrEmpty(settings["Twilio:AccountSid"]);

    /// <summary>Whether texts stay on this machine.</summary>
    public static bool IsLocal(IConfiguration settings)
        => UsesEmulator(settings)
            || (Uri.TryCreate(settings["Twilio:BaseAddress"], UriKind.Absolute, out Uri? address)
                && (address.Host == "localhost" || (IPAddress.TryParse(address.Host.Trim('[', ']'), out IPAddress? ip) && IPAddress.IsLoopback(ip))));

    /// <summary>The emulator's options, with credentials that are made once and kept in the data directory.</summary>
    public static EmulatorOptions Emulator(DataDirectory data, string publicUrl)
    {
        string json = data.ReadOrMake(CredentialsFile, () => JsonSerializer.Serialize(new Credentials("AC" + Hex(), Hex()))).Text;
        Credentials credentials = JsonSerializer.Deserialize<Credentials>(json)
            ?? throw new HostStartException($"{data.File(CredentialsFile)} holds no credentials; delete it to have new ones made.");
        return new EmulatorOptions
        {
            AccountSid = credentials.AccountSid,
            AuthToken = credentials.AuthToken,
            DatabasePath = data.File("twilio.db"),
            InboundUrl = publicUrl + "/api/twilio/inbound",
        };
    }

    /// <summary>The settings that let the app send to the emulator.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> For(EmulatorOptions emulator, string localAddress) =>
    [
        new("Twilio:AccountSid", emulator.AccountSid),
        new("Twilio:AuthToken", emulator.AuthToken),
        new("Twilio:From", EmulatorNumber),
        new("Twilio:BaseAddress", localAddress + EmulatorPath),
    ];

    private static string Hex() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    private sealed record Credentials(string AccountSid, string AuthToken);
}
