using FollowUp.Functions.Dashboard;
using FollowUp.Functions.Operations;
using FollowUp.Functions.TwilioWebhooks;

namespace FollowUp.Functions.Security;

/// <summary>Which HTTP functions ask for something other than an API key.</summary>
internal static class Access
{
    /// <summary>Those that Twilio calls: its signature is the key.</summary>
    public static readonly IReadOnlySet<string> Signed =
        new HashSet<string>(StringComparer.OrdinalIgnoreCase) { nameof(WebhookFunctions.TwilioStatus), nameof(WebhookFunctions.TwilioInbound) };

    /// <summary>Those that everybody may call.</summary>
    public static readonly IReadOnlySet<string> Open =
        new HashSet<string>(StringComparer.OrdinalIgnoreCase) { nameof(HealthFunctions.Health), nameof(DashboardFunctions.DashboardAsset) };

    /// <summary>Those of the dashboard: it asks who somebody is by itself, and an API key lets nobody in there.</summary>
    public static readonly IReadOnlySet<string> SignedIn = new HashSet<string>(StringComparer.OrdinalIgnoreCase)
    {
        nameof(DashboardFunctions.DashboardPage), nameof(DashboardFunctions.DashboardAct),
    };

    public static bool NeedsNoKey(string function) => Signed.Contains(function) || Open.Contains(function) || SignedIn.Contains(function);
}
