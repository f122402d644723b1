using FollowUp.Core.CarePlans;
using FollowUp.Dashboard.Assets;
using FollowUp.Dashboard.Layout;
using FollowUp.Dashboard.Pages.Alerts;
using FollowUp.Dashboard.Pages.Audit;
using FollowUp.Dashboard.Pages.Bulk;
using FollowUp.Dashboard.Pages.Health;
using FollowUp.Dashboard.Pages.Inbox;
using FollowUp.Dashboard.Pages.Keys;
using FollowUp.Dashboard.Pages.Patients;
using FollowUp.Dashboard.Pages.Plans;
using FollowUp.Dashboard.Pages.Sessions;
using FollowUp.Dashboard.Pages.SigningIn;
using FollowUp.Dashboard.Pages.Today;
using FollowUp.Dashboard.Pages.Users;
using FollowUp.Dashboard.Serving;
using FollowUp.Dashboard.SignIn;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FollowUp.Dashboard;

public static class ServiceRegistration
{
    /// <summary>Adds the dashboard. The stores and what sessions' orchestrations stand on must be among the services.</summary>
    /// <exception cref="InvalidOperationException">A setting is wrong; the message names it.</exception>
    public static IServiceCollection AddFollowUpDashboard(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var options = DashboardOptions.Read(configuration);
        services.AddSingleton(options);
        services.AddDataProtection().SetApplicationName("FollowUp");

        // It warns that its keys are not encrypted in the store. They are not: docs/security.md says why, and what to guard.
        services.AddLogging(logging => logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error));
        services.AddSingleton<StoredKeys>();
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => new ConfigureOptions<KeyManagementOptions>(
            management => management.XmlRepository = provider.GetRequiredService<StoredKeys>()));
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.FormFieldName = PostForm.FormField;
            antiforgery.HeaderName = null;
            antiforgery.SuppressXFrameOptionsHeader = true;
            antiforgery.Cookie.Name = SessionCookie.CookieName(options, "followup-form");
            antiforgery.Cookie.SameSite = SameSiteMode.Strict;
            antiforgery.Cookie.HttpOnly = true;
            antiforgery.Cookie.Path = "/";
            antiforgery.Cookie.SecurePolicy = options.IsHttps ? CookieSecurePolicy.Always : CookieSecurePolicy.None;
        });

        services.AddSingleton<DashboardAssets>();
        services.AddSingleton<RealClock>();
        services.AddSingleton<Passwords>();
        services.AddSingleton<SessionCookie>();
        services.AddSingleton<SignInAttempts>();
        services.AddSingleton<UrlTokens>();
        services.AddSingleton<Visitors>();
        services.AddSingleton<PageRenderer>();
        services.AddSingleton<PageFrames>();
        services.AddSingleton<IArea, SignInArea>();
        services.AddSingleton<IArea, TodayArea>();
        services.AddSingleton<IArea, SessionsArea>();
        services.AddSingleton<IArea, SessionArea>();
        services.AddSingleton<IArea, BulkArea>();
        services.AddSingleton<IArea, PatientsArea>();
        services.AddSingleton<IArea, InboxArea>();
        services.AddSingleton<IArea, AlertsArea>();
        services.AddSingleton<IArea, PlansArea>();
        services.AddSingleton<IArea, AuditArea>();
        services.AddSingleton<IArea, SystemArea>();
        services.AddSingleton<IArea, UsersArea>();
        services.AddSingleton<IArea, KeysArea>();
        services.AddSingleton<RouteMap>();
        services.AddSingleton(provider => new DashboardSite(
            provider.GetRequiredService<RouteMap>(), provider.GetRequiredService<Visitors>(), provider.GetRequiredService<PageRenderer>(),
            provider.GetRequiredService<PageFrames>(), provider.GetRequiredService<IAntiforgery>(), options,
            provider.GetRequiredService<ILogger<DashboardSite>>()));
        return services;
    }
}
