using FollowUp.TwilioEmulator.Api;
using FollowUp.TwilioEmulator.Delivery;
using FollowUp.TwilioEmulator.Faults;
using FollowUp.TwilioEmulator.Inbound;
using FollowUp.TwilioEmulator.Messages;
using FollowUp.TwilioEmulator.Phone;
using FollowUp.TwilioEmulator.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FollowUp.TwilioEmulator;

/// <summary>Puts the emulator into a web host: its own process, or the one that it serves.</summary>
public static class EmulatorServices
{
    /// <summary>
    /// Adds one emulated account. Its clock is the <see cref="TimeProvider"/> of the host (the system's if there is none). Delivery begins when
    /// the host has started, with what an earlier process left undone.
    /// </summary>
    /// <exception cref="ArgumentException">An option is missing or out of its range.</exception>
    public static IServiceCollection AddTwilioEmulator(this IServiceCollection services, EmulatorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Check(options);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton<EmulatorDatabase>();
        services.AddSingleton<OwnAddress>();
        services.AddSingleton<Outbox>();
        services.AddSingleton<InboundTexts>();
        services.AddSingleton<WebhookClient>();
        services.AddSingleton<DeliveryPump>();
        services.AddHostedService(provider => provider.GetRequiredService<DeliveryPump>());
        return services;
    }

    /// <summary>
    /// Maps Twilio's API under <paramref name="prefix"/> (<c>/twilio</c>, or empty): <c>{prefix}/2010-04-01/Accounts/{sid}/Messages.json</c> and
    /// <c>…/Messages/{sid}.json</c>; and the control API beside it: <c>{prefix}/emulator/faults</c> (GET, PUT, DELETE),
    /// <c>{prefix}/emulator/inbound</c> (POST) and <c>{prefix}/emulator/queue</c> (GET: how many messages and webhooks are on their way).
    /// Only this machine is answered.
    /// </summary>
    public static IEndpointRouteBuilder MapTwilioEmulator(this IEndpointRouteBuilder endpoints, string prefix)
    {
        var group = endpoints.MapGroup(prefix);
        group.AddEndpointFilter<LocalOnly>();
        MessagesApi.Map(group);
        FaultsApi.Map(group);
        InboundApi.Map(group);
        group.MapGet("/emulator/queue", (EmulatorDatabase database) => database.Read(session => Results.Json(new
        {
            Messages = MessageStore.CountMoving(session),
            Webhooks = WebhookQueue.Count(session),
        })));
        return endpoints;
    }

    /// <summary>Maps <c>/phone</c>, where a person reads and answers as the patient. Only this machine is answered.</summary>
    public static IEndpointRouteBuilder MapPhone(this IEndpointRouteBuilder endpoints)
    {
        PhoneApi.Map(endpoints.MapGroup("").AddEndpointFilter<RouteGroupBuilder, LocalOnly>());
        return endpoints;
    }

    private static void Check(EmulatorOptions options)
    {
        if (!IsAccountSid(options.AccountSid))
        {
            throw new ArgumentException("AccountSid has to be AC and 32 hexadecimal digits.", nameof(options));
        }

        ArgumentException.ThrowIfNullOrWhiteSpace(options.AuthToken);
        if (options.InboundUrl is { } url && !url.StartsWith('/') && OwnAddress.ReadAbsolute(url) is null)
        {
            throw new ArgumentException("InboundUrl has to be an absolute http or https URL, or a path that begins with a slash.", nameof(options));
        }

        if (Addresses.ReadNumber(options.PhoneNumber) != options.PhoneNumber)
        {
            throw new ArgumentException("PhoneNumber has to be in E.164, such as +15005550006.", nameof(options));
        }

        if (options.WebhookTimeout <= TimeSpan.Zero)
        {
            throw new ArgumentException("WebhookTimeout has to be above zero.", nameof(options));
        }
    }

    private static bool IsAccountSid(string sid) =>
        sid.Length == 34 && sid.StartsWith("AC", StringComparison.Ordinal) && sid.Skip(2).All(char.IsAsciiHexDigit);
}
