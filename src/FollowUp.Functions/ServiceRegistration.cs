using FollowUp.Dashboard;
using FollowUp.Functions.Http;
using FollowUp.Functions.OpenApi;
using FollowUp.Functions.Security;
using FollowUp.Sms;
using FollowUp.Workflows;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace FollowUp.Functions;

public static partial class ServiceRegistration
{
    /// <summary>Adds everything that FollowUp is: call it after <c>ConfigureFunctionsWebApplication</c>, whose middleware must run first.</summary>
    public static FunctionsApplicationBuilder AddFollowUp(this FunctionsApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddFollowUpWorkflows(builder.Configuration);

        // An app that starts with an account that cannot be used would look alive, and text nobody.
        builder.Services.AddOptions<TwilioOptions>().ValidateOnStart();
        builder.Services.AddSingleton(RateLimitOptions.From(builder.Configuration));
        builder.Services.AddSingleton<RateLimits>();
        builder.Services.AddSingleton<RootKey>();
        builder.Services.AddSingleton<ApiDocument>();
        builder.Services.AddFollowUpDashboard(builder.Configuration);
        builder.UseMiddleware<ProblemMiddleware>();
        builder.UseMiddleware<RequestLimitsMiddleware>();
        builder.UseMiddleware<ApiKeyMiddleware>();
        builder.UseMiddleware<TwilioSignatureMiddleware>();
        AddTelemetry(builder);
        return builder;
    }

    /// <summary>Azure/ has it in the Azure build; in the embedded one there is none, and the call is not compiled.</summary>
    static partial void AddTelemetry(FunctionsApplicationBuilder builder);
}
