using FollowUp.Workflows.Sending;
using Microsoft.Extensions.Configuration;

namespace FollowUp.Dashboard;

/// <summary>The settings under <c>FollowUp:Dashboard</c>, and what the dashboard takes from others.</summary>
internal sealed class DashboardOptions
{
    public const string Users = "users";
    public const string AppService = "app-service";

    /// <exception cref="InvalidOperationException">A setting is wrong; the message names it.</exception>
    public static DashboardOptions Read(IConfiguration configuration)
    {
        var signIn = configuration["FollowUp:Dashboard:SignIn"] is { Length: > 0 } text ? text : Users;
        if (signIn is not (Users or AppService))
        {
            throw new InvalidOperationException($"The setting FollowUp:Dashboard:SignIn is '{signIn}'; it must be {Users} or {AppService}.");
        }

        return new DashboardOptions
        {
            UsesAppService = signIn == AppService,
            PlatformSignsIn = string.Equals(configuration["WEBSITE_AUTH_ENABLED"], "true", StringComparison.OrdinalIgnoreCase),
            IsReadOnly = ReadFlag(configuration, "FollowUp:Dashboard:ReadOnly"),
            ClientAddressHeader = configuration["FollowUp:Dashboard:ClientAddressHeader"] is { Length: > 0 } header ? header : null,
            RootKey = configuration["FollowUp:ApiKey"] ?? "",
            IsHttps = new CallbackAddress(configuration).Of("/", "")?.Scheme == Uri.UriSchemeHttps,
            DataDirectory = configuration["FollowUp:DataDirectory"] is { Length: > 0 } directory ? directory : null,
            IsSimulated = SendTiming.IsSimulated(configuration),
        };
    }

    /// <summary>Whether App Service authentication says who somebody is, rather than a name and a password.</summary>
    public required bool UsesAppService { get; init; }

    /// <summary>Whether the platform says that it signs people in, and so takes its header away from everybody else.</summary>
    public required bool PlatformSignsIn { get; init; }

    /// <summary>Nothing is changed from the dashboard.</summary>
    public required bool IsReadOnly { get; init; }

    /// <summary>The header in which a proxy of the operator's own puts the client's address; null when there is none.</summary>
    public string? ClientAddressHeader { get; init; }

    /// <summary>The root API key; empty when there is none.</summary>
    public required string RootKey { get; init; }

    /// <summary>Whether people reach the dashboard over https.</summary>
    public required bool IsHttps { get; init; }

    /// <summary>Where the embedded host keeps its files.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Whether texts run on a clock that is not the real one.</summary>
    public required bool IsSimulated { get; init; }

    private static bool ReadFlag(IConfiguration configuration, string name) => configuration[name] switch
    {
        null or "" => false,
        var text when bool.TryParse(text, out var value) => value,
        _ => throw new InvalidOperationException($"The setting {name} must be true or false."),
    };
}
