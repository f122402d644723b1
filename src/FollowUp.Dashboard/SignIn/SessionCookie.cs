using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using FollowUp.Data.Staff;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace FollowUp.Dashboard.SignIn;

/// <summary>
/// The cookie of a sign-in: a random key, under data protection. What it stands for is in the store, where it can be ended; the store has
/// only the key's hash, so that a copy of the database lets nobody in. Each sign-in has a key of its own, whatever cookie the browser came with:
/// nobody can be made to sign in to a sign-in that somebody else knows.
/// </summary>
internal sealed class SessionCookie(SignInStore store, DashboardOptions options, IDataProtectionProvider protection, RealClock clock)
{
    private const int KeyBytes = 32;

    private readonly IDataProtector _protector = protection.CreateProtector("FollowUp.Dashboard.Session");

    /// <summary>A browser takes a cookie of this name only from this host, over https, for all paths.</summary>
    public string Name { get; } = CookieName(options, "followup");

    public static string CookieName(DashboardOptions options, string name) => options.IsHttps ? "__Host-" + name : name;

    /// <summary>Who has the cookie of a sign-in that has not ended; null when nobody.</summary>
    public async Task<StaffMember?> ReadAsync(HttpContext http, CancellationToken cancellation) =>
        KeyHash(http.Request) is { } hash
            && await store.FindAsync(hash, RootStamp, !IsRenewal(http.Request), clock.Now, cancellation) is { } found
            ? new StaffMember(found.Name, found.Role, found.Clinic, found.EndsAt)
            : null;

    /// <param name="user">Null for the root key.</param>
    public async Task BeginAsync(HttpContext http, string? user, CancellationToken cancellation)
    {
        await EndAsync(http, cancellation);
        var key = RandomNumberGenerator.GetBytes(KeyBytes);
        await store.BeginAsync(Hash(key), user, user is null ? RootStamp : null, clock.Now, cancellation);
        http.Response.Cookies.Append(Name, Base64Url.EncodeToString(_protector.Protect(key)), Cookie());
    }

    public async Task EndAsync(HttpContext http, CancellationToken cancellation)
    {
        if (KeyHash(http.Request) is { } hash)
        {
            await store.EndAsync(hash, cancellation);
        }

        if (http.Request.Cookies.ContainsKey(Name))
        {
            http.Response.Cookies.Delete(Name, Cookie());
        }
    }

    /// <summary>Whether a page asks by itself for what is new, and not a person.</summary>
    public static bool IsRenewal(HttpRequest request) => request.Headers.ContainsKey("X-Live");

    /// <summary>Tells the present root key from an earlier one, and gives neither away.</summary>
    private string RootStamp { get; } =
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("FollowUp dashboard\n" + options.RootKey)));

    private string? KeyHash(HttpRequest request)
    {
        if (request.Cookies[Name] is not { Length: > 0 and < 1000 } text)
        {
            return null;
        }

        try
        {
            return Hash(_protector.Unprotect(Base64Url.DecodeFromChars(text)));
        }
        catch (Exception forged) when (forged is CryptographicException or FormatException)
        {
            return null;
        }
    }

    private static string Hash(byte[] key) => Convert.ToHexStringLower(SHA256.HashData(key));

    /// <summary>
    /// Lax: who follows a link from an alert's text is still signed in. What changes something is a POST, to which a browser adds no such
    /// cookie from another site, and needs a form of ours besides.
    /// </summary>
    private CookieOptions Cookie() => new()
    {
        HttpOnly = true,
        Secure = options.IsHttps,
        SameSite = SameSiteMode.Lax,
        Path = "/",
        IsEssential = true,
    };
}

/// <summary>
/// The real clock, for sign-ins. The app's own clock may be simulated: ten months in ten seconds would sign everybody out at once, and a clock that
/// stands still would never.
/// </summary>
internal sealed class RealClock
{
    private readonly TimeProvider _time = TimeProvider.System;

    public Instant Now => Instant.FromDateTimeOffset(_time.GetUtcNow());
}
