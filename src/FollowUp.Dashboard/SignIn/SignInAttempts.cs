using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using FollowUp.Data.Staff;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using NodaTime;

namespace FollowUp.Dashboard.SignIn;

/// <summary>
/// Decides on a name and a password. Failures make the next attempt wait, for the name and for the address, longer each time; the answer is
/// the same whether the name exists or not.
/// </summary>
internal sealed class SignInAttempts(SignInStore store, StaffUserStore users, Passwords passwords, DashboardOptions options, RealClock clock)
{
    private const int FreeByName = 5;

    /// <summary>A clinic's staff may share one address.</summary>
    private const int FreeByAddress = 20;

    public async Task<SignInAnswer> TryAsync(HttpContext http, string name, string password, CancellationToken cancellation)
    {
        // The root key cannot be guessed, so its name never waits: nobody can keep the operator out by guessing. The address does.
        var isRoot = name == SignedIn.RootName;
        List<SignInSubject> subjects = [new(Key("address", Address(http)), FreeByAddress)];
        if (!isRoot)
        {
            subjects.Add(new(Key("name", name), FreeByName));
        }

        if (await store.TryAttemptAsync(subjects, clock.Now, cancellation) is var wait && wait > Duration.Zero)
        {
            return new SignInAnswer(false, null, wait);
        }

        var hash = isRoot ? null : await users.FindPasswordHashAsync(name, cancellation);
        var verdict = passwords.Verify(hash, password);
        var isRight = isRoot ? Passwords.IsRootKey(password, options.RootKey) : verdict != PasswordVerificationResult.Failed;
        if (!isRight)
        {
            return new SignInAnswer(false, null, Duration.Zero);
        }

        await store.ForgetAsync(subjects, cancellation);
        if (verdict == PasswordVerificationResult.SuccessRehashNeeded)
        {
            await users.RenewHashAsync(name, passwords.Hash(password), cancellation);
        }

        return new SignInAnswer(true, isRoot ? null : name, Duration.Zero);
    }

    /// <summary>
    /// The client's address. Behind a proxy that is the proxy's own, unless a setting names the header in which the proxy puts the client's:
    /// a header that nobody vouches for is anybody's to send.
    /// </summary>
    private string Address(HttpContext http) =>
        options.ClientAddressHeader is { } header && http.Request.Headers[header].ToString() is { Length: > 0 and < 200 } given
            ? given
            : http.Connection.RemoteIpAddress is { } address ? Network(address) : "unknown";

    /// <summary>One subscriber has a whole /64 of IPv6 addresses.</summary>
    private static string Network(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4().ToString()
        : address.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexString(address.GetAddressBytes(), 0, 8)
        : address.ToString();

    private static string Key(string kind, string value) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}\n{value}")));
}

/// <param name="User">Whose password it was; null for the root key.</param>
/// <param name="Wait">How long to wait before the next attempt, when this one was not even looked at.</param>
internal sealed record SignInAnswer(bool IsRight, string? User, Duration Wait);
