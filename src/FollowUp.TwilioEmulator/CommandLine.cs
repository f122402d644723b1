using System.Net;
using System.Security.Cryptography;

namespace FollowUp.TwilioEmulator;

/// <summary>The arguments of the stand-alone process.</summary>
/// <param name="Urls">Where to listen, always on the loopback; several are separated by semicolons.</param>
/// <param name="Options">The account.</param>
/// <param name="MadeUpToken">True if no token was given: it has then to be shown, or nobody could use it.</param>
internal sealed record CommandLine(string Urls, EmulatorOptions Options, bool MadeUpToken)
{
    public const string Help =
        """
        Twilio's Messages API on this machine, and a phone to read and answer its texts.

        Usage: dotnet run --project src/FollowUp.TwilioEmulator -- [options]

          --urls URL           where to listen, loopback only (default http://127.0.0.1:7072)
          --account-sid SID    AC and 32 hexadecimal digits (default: TWILIO_ACCOUNT_SID, or one made up)
          --auth-token TOKEN   password and signing key (default: TWILIO_AUTH_TOKEN, or one made up and shown)
          --database FILE      SQLite file to keep everything in (default: memory, gone at the end)
          --inbound-url URL    the application's webhook for texts from phones (default: none)
          --phone-number NUM   the account's own number (default +15005550006)
          --help               this text
        """;

    /// <exception cref="ArgumentException">The message says what is wrong, for a person to read.</exception>
    public static CommandLine Read(IReadOnlyList<string> arguments, Func<string, string?> environment)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < arguments.Count; i += 2)
        {
            var name = arguments[i];
            if (name is not ("--urls" or "--account-sid" or "--auth-token" or "--database" or "--inbound-url" or "--phone-number"))
            {
                throw new ArgumentException($"'{name}' is not an option; --help lists them.");
            }

            if (i + 1 == arguments.Count)
            {
                throw new ArgumentException($"{name} lacks its value.");
            }

            given[name] = arguments[i + 1];
        }

        var urls = given.GetValueOrDefault("--urls", "http://127.0.0.1:7072");
        if (urls.Split(';').FirstOrDefault(url => !IsLoopback(url)) is { } elsewhere)
        {
            throw new ArgumentException($"--urls: {elsewhere} is not a loopback address; the emulator has no business on a network.");
        }

        var token = given.GetValueOrDefault("--auth-token") ?? environment("TWILIO_AUTH_TOKEN");
        var options = new EmulatorOptions
        {
            AccountSid = given.GetValueOrDefault("--account-sid") ?? environment("TWILIO_ACCOUNT_SID")
                ?? "AC" + RandomNumberGenerator.GetHexString(32, lowercase: true),
            AuthToken = token ?? RandomNumberGenerator.GetHexString(32, lowercase: true),
            DatabasePath = given.GetValueOrDefault("--database"),
            InboundUrl = given.GetValueOrDefault("--inbound-url"),
        };
        return new CommandLine(
            urls,
            given.TryGetValue("--phone-number", out var number) ? options with { PhoneNumber = number } : options,
            token is null);
    }

    private static bool IsLoopback(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri)
        && (uri.Host == "localhost" || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address)));
}
