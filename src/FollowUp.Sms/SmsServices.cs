using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace FollowUp.Sms;

/// <summary>Registers what this project offers.</summary>
public static class SmsServices
{
    /// <summary>
    /// Adds <see cref="ISmsGateway"/>, <see cref="TwilioSignature"/> and <see cref="TwilioOptions"/> (as <see cref="IOptions{T}"/>).
    /// The section <c>Twilio</c> is read and checked when one of them is first used, or at the start where the app asks for that, as a host may
    /// learn the emulator's address late; a wrong setting then throws an <see cref="OptionsValidationException"/> that names it.
    /// </summary>
    public static IServiceCollection AddFollowUpSms(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<TwilioOptions>().Bind(configuration.GetSection(TwilioOptions.Section));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TwilioOptions>, TwilioOptionsValidator>());
        services.TryAddSingleton<ISmsGateway, TwilioGateway>();
        services.TryAddSingleton(provider => new TwilioSignature(provider.GetRequiredService<IOptions<TwilioOptions>>().Value.AuthToken));
        return services;
    }
}
