using FollowUp.Functions.CarePlans;
using FollowUp.Functions.Dashboard;
using FollowUp.Functions.Keys;
using FollowUp.Functions.OpenApi;
using FollowUp.Functions.Operations;
using FollowUp.Functions.TwilioWebhooks;

namespace FollowUp.Functions.Security;

/// <summary>Which HTTP functions ask for something other than an API key, and which keys reach which of the others.</summary>
internal static class Access
{
    /// <summary>Those that Twilio calls: its signature is the key.</summary>
    public static readonly IReadOnlySet<string> Signed = Names(nameof(WebhookFunctions.TwilioStatus), nameof(WebhookFunctions.TwilioInbound));

    /// <summary>Those that everybody may call.</summary>
    public static readonly IReadOnlySet<string> Open = Names(nameof(HealthFunctions.Health), nameof(DashboardFunctions.DashboardAsset));

    /// <summary>Those of the dashboard: it asks who somebody is by itself, and an API key lets nobody in there.</summary>
    public static readonly IReadOnlySet<string> SignedIn = Names(nameof(DashboardFunctions.DashboardPage), nameof(DashboardFunctions.DashboardAct));

    /// <summary>Those that the root key alone opens.</summary>
    public static readonly IReadOnlySet<string> RootOnly =
        Names(
            nameof(KeyFunctions.GetApiKeys), nameof(KeyFunctions.PostApiKey), nameof(KeyFunctions.DeleteApiKey), nameof(Clinics.ClinicFunctions.GetClinics));

    /// <summary>Those without a clinic in their route that a key for one clinic opens all the same: they show what every clinic may see.</summary>
    public static readonly IReadOnlySet<string> OfNoClinic =
        Names(
            nameof(CarePlanFunctions.GetCarePlans), nameof(CarePlanFunctions.GetCarePlan), nameof(PreviewFunctions.PreviewCarePlan),
            nameof(OpenApiFunctions.GetOpenApi));

    /// <summary>Those that change nothing, whatever their verb says.</summary>
    public static readonly IReadOnlySet<string> Reading = Names(nameof(PreviewFunctions.PreviewCarePlan));

    /// <summary>Those that change nothing and yet are not for a key that may only read: what they show lets its reader act.</summary>
    public static readonly IReadOnlySet<string> Secret = Names(nameof(Alerts.AlertFunctions.GetWebhookSecret));

    public static bool NeedsNoKey(string function) => Signed.Contains(function) || Open.Contains(function) || SignedIn.Contains(function);

    private static HashSet<string> Names(params string[] names) => new(names, StringComparer.OrdinalIgnoreCase);
}
