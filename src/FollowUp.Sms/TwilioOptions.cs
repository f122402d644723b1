using Microsoft.Extensions.Options;

namespace FollowUp.Sms;

/// <summary>The configuration section <c>Twilio</c>: whose account sends, from what, and where to.</summary>
public sealed record TwilioOptions
{
    /// <summary>The name of the configuration section.</summary>
    public const string Section = "Twilio";

    /// <summary>The account, AC followed by letters and digits. Required.</summary>
    public string AccountSid { get; set; } = "";

    /// <summary>The auth token: the password of every call, and the key of every webhook's signature. Required; never logged.</summary>
    public string AuthToken { get; set; } = "";

    /// <summary>The messaging service that picks a number to send from. This, <see cref="From"/>, or both (one of its numbers).</summary>
    public string? MessagingServiceSid { get; set; }

    /// <summary>The sender: a number in E.164, a short code or a sender name.</summary>
    public string? From { get; set; }

    /// <summary>
    /// Where to send requests instead of https://api.twilio.com, such as an emulator; may have a path. Must be https unless it is on
    /// this machine, because every request carries the auth token.
    /// </summary>
    public Uri? BaseAddress { get; set; }

    /// <summary>
    /// How long one request may take, in real time whatever the host's clock; above zero, at most two minutes, 15 seconds by default.
    /// A send that takes longer is <see cref="SendOutcome.Unknown"/>; whoever settles it must wait for longer than this.
    /// </summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>What texts are sent from unless something else is asked for: the messaging service, or else the number.</summary>
    public string Sender => !string.IsNullOrWhiteSpace(MessagingServiceSid) ? MessagingServiceSid : From ?? "";

    /// <summary>Whether a sender is a messaging service, and not a number.</summary>
    internal static bool IsService(string sender) => sender.StartsWith("MG", StringComparison.Ordinal);

    /// <summary>Whether messages stay on this machine, as they do with the emulator, and reach nobody's phone.</summary>
    public bool IsLoopback => BaseAddress is { IsAbsoluteUri: true, IsLoopback: true };

    /// <summary>Everything but the token.</summary>
    public override string ToString() =>
        $"Twilio account {AccountSid} at {BaseAddress?.ToString() ?? "api.twilio.com"}, time-out {Timeout}";
}

/// <summary>Says which setting is wrong, and what to write there. No message holds the token.</summary>
internal sealed class TwilioOptionsValidator : IValidateOptions<TwilioOptions>
{
    private static readonly TimeSpan s_longestTimeout = TimeSpan.FromMinutes(2);

    public ValidateOptionsResult Validate(string? name, TwilioOptions options)
    {
        List<string> wrong = [.. Mistakes(options)];
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    private static IEnumerable<string> Mistakes(TwilioOptions options)
    {
        // The SID becomes a part of each request's path, so nothing but letters and digits may be in it. A setting that is there
        // without a value is bound as null, whatever the property's type says.
        if (options.AccountSid is not ['A', 'C', ..] sid || !sid.All(char.IsAsciiLetterOrDigit))
        {
            yield return "Twilio:AccountSid must be the account's SID: AC followed by letters and digits.";
        }

        if (string.IsNullOrWhiteSpace(options.AuthToken))
        {
            yield return "Twilio:AuthToken is missing: set it to the account's auth token.";
        }

        if (string.IsNullOrWhiteSpace(options.MessagingServiceSid) && string.IsNullOrWhiteSpace(options.From))
        {
            yield return "Twilio:MessagingServiceSid or Twilio:From must be set: without either there is no sender.";
        }

        if (!string.IsNullOrWhiteSpace(options.MessagingServiceSid)
            && !options.MessagingServiceSid.StartsWith("MG", StringComparison.Ordinal))
        {
            yield return "Twilio:MessagingServiceSid must be the SID of a messaging service, which begins with MG.";
        }

        if (options.BaseAddress is { } address && !IsUsable(address))
        {
            yield return "Twilio:BaseAddress must be an https:// address without a query (http:// only on this machine), or not set.";
        }

        // TimeSpan reads a bare "15" as fifteen days, so the message shows how seconds are written.
        if (options.Timeout <= TimeSpan.Zero || options.Timeout > s_longestTimeout)
        {
            yield return "Twilio:Timeout must be above zero and at most two minutes; 15 seconds are written 00:00:15.";
        }
    }

    private static bool IsUsable(Uri address) =>
        address.IsAbsoluteUri
        && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))
        && address.Query.Length == 0 && address.Fragment.Length == 0 && address.UserInfo.Length == 0;
}
