using FollowUp.Data;
using FollowUp.Sms;
using FollowUp.Workflows.Alerts;
using FollowUp.Workflows.Health;
using FollowUp.Workflows.Inbox;
using FollowUp.Workflows.Restoring;
using FollowUp.Workflows.Running;
using FollowUp.Workflows.Sending;
using FollowUp.Workflows.Webhooks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FollowUp.Workflows;

public static class ServiceRegistration
{
    /// <summary>Adds the store, Twilio and what sessions' orchestrations stand on. Twilio's settings are read when they are first used.</summary>
    public static IServiceCollection AddFollowUpWorkflows(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddFollowUpSms(configuration);
        services.AddOptions<TwilioOptions>().PostConfigure(options =>
        {
            if (SendTiming.IsSimulated(configuration) && string.IsNullOrEmpty(configuration["Twilio:Timeout"]))
            {
                options.Timeout = SendTiming.SimulatedTimeout;
            }
        });
        services.AddFollowUpData(configuration);
        services.AddSingleton(provider => SendSettings.Read(configuration, provider.GetRequiredService<IOptions<TwilioOptions>>().Value));
        services.AddSingleton(provider => new SendTiming(configuration, provider.GetRequiredService<IOptions<TwilioOptions>>()));
        services.AddSingleton(new CallbackAddress(configuration));
        services.AddSingleton<IncomingTexts>();
        services.AddSingleton<PatientTexts>();
        services.AddSingleton<CatchUp>();
        services.AddSingleton<TextSender>();
        services.AddSingleton<UnknownSettler>();
        services.AddSingleton<InstanceStarter>();
        services.AddSingleton<SessionOrchestrations>();
        services.AddSingleton<InstanceRemover>();
        services.AddSingleton<SideOrchestrations>();
        services.AddSingleton<AlertNotifier>();
        services.AddSingleton<WebhookClient>();
        services.AddSingleton<DeliveryReports>();
        services.AddSingleton<DeliveryCheck>();
        services.AddSingleton<LateTexts>();
        services.AddSingleton<SessionSweep>();
        services.AddSingleton<HealthCheck>();
        services.AddSingleton<StaffDesk>();
        return services;
    }
}
