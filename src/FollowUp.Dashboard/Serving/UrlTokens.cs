using System.Security.Cryptography;
using FollowUp.Data.Sessions.Lists;
using Microsoft.AspNetCore.DataProtection;

namespace FollowUp.Dashboard.Serving;

/// <summary>
/// Values in addresses that nobody else may read or make: what was searched for (a name does not belong in a browser's history or a proxy's log),
/// and that a patient has been opened. Each is good for one person, for one purpose and for a while.
/// </summary>
internal sealed class UrlTokens(IDataProtectionProvider protection)
{
    /// <summary>For this long a page stays open that was opened.</summary>
    public static readonly TimeSpan OpenFor = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan SearchFor = TimeSpan.FromHours(12);

    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("FollowUp.Dashboard.Url").ToTimeLimitedDataProtector();

    /// <summary>What was searched for, cut off where no search is longer.</summary>
    public string Search(string text, string user) =>
        Protector("search", user).Protect(text.Length > SessionFilter.LongestSearch ? text[..SessionFilter.LongestSearch] : text, SearchFor);

    /// <summary>What was searched for; null when the token is none, is old or is somebody else's.</summary>
    public string? ReadSearch(string? token, string user) => Read(Protector("search", user), token);

    /// <param name="what">Which patient's page.</param>
    public string Opened(string what, string user) => Protector("open", user).Protect(what, OpenFor);

    public bool IsOpened(string? token, string what, string user) => Read(Protector("open", user), token) == what;

    private ITimeLimitedDataProtector Protector(string purpose, string user) => _protector.CreateProtector($"{purpose}\n{user}");

    private static string? Read(ITimeLimitedDataProtector protector, string? token)
    {
        if (token is not { Length: > 0 and < 2000 })
        {
            return null;
        }

        try
        {
            return protector.Unprotect(token);
        }
        catch (Exception forged) when (forged is CryptographicException or FormatException)
        {
            return null;
        }
    }
}
