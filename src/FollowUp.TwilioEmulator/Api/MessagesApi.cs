using FollowUp.TwilioEmulator.Delivery;
using FollowUp.TwilioEmulator.Faults;
using FollowUp.TwilioEmulator.Messages;
using FollowUp.TwilioEmulator.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace FollowUp.TwilioEmulator.Api;

/// <summary>Twilio's Messages resource: create, fetch and list. Whatever else is asked for under the API version is not found, in Twilio's words.</summary>
internal static class MessagesApi
{
    private const int MaxFormBytes = 64 * 1024;

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var account = endpoints.MapGroup($"/{WebhookClient.ApiVersion}/Accounts/{{accountSid}}");
        account.AddEndpointFilter<TwilioAuthentication>();
        account.MapPost("/Messages.json", CreateAsync);
        account.MapGet("/Messages.json", MessageList.Page);
        account.MapGet("/Messages/{sid}.json", Fetch);
        account.MapMethods("/Messages.json", ["PUT", "PATCH", "DELETE"], () => TwilioError.MethodNotAllowed.ToResult());
        account.MapMethods("/Messages/{sid}.json", ["POST", "PUT", "PATCH", "DELETE"], () => TwilioError.MethodNotAllowed.ToResult());
        account.Map("/{**rest}", NotFound);
    }

    private static async Task<IResult> CreateAsync(
        HttpContext context, Outbox outbox, DeliveryPump pump, EmulatorOptions options, IHostApplicationLifetime lifetime)
    {
        if (await ReadFormAsync(context) is not { } form)
        {
            return new TwilioError(400, 20001, "The body is not a form of at most 64 KB.").ToResult();
        }

        var (request, error) = MessageRequest.Read(form);
        if (request is null)
        {
            return error!.ToResult();
        }

        var accepted = outbox.Accept(request);
        if (accepted.Message is not null)
        {
            pump.Wake();
        }

        switch (accepted.Fault)
        {
            case FaultKind.ErrorAfterAccepting:
                return TwilioError.Internal.ToResult();
            case FaultKind.NoAnswerBeforeAccepting or FaultKind.NoAnswerAfterAccepting:
                await UntilClientGivesUpAsync(context, lifetime);
                return Results.Empty;
            default:
                return accepted.Message is { } message
                    ? Results.Json(MessageJson.Write(message, options.AccountSid), statusCode: StatusCodes.Status201Created)
                    : accepted.Error!.ToResult();
        }
    }

    private static IResult Fetch(string sid, HttpContext context, EmulatorDatabase database, EmulatorOptions options) =>
        database.Read(session => MessageStore.Find(session, sid)) is { } message
            ? Results.Json(MessageJson.Write(message, options.AccountSid))
            : NotFound(context);

    private static IResult NotFound(HttpContext context)
    {
        var path = context.Request.Path.ToString();
        var start = path.IndexOf($"/{WebhookClient.ApiVersion}/", StringComparison.Ordinal);
        return TwilioError.NotFound(path[Math.Max(start, 0)..]).ToResult();
    }

    private static async Task<IFormCollection?> ReadFormAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType)
        {
            return null;
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = MaxFormBytes;
        }

        try
        {
            return await context.Request.ReadFormAsync(context.RequestAborted);
        }
        catch (Exception e) when (e is InvalidDataException or BadHttpRequestException)
        {
            return null;
        }
    }

    private static async Task UntilClientGivesUpAsync(HttpContext context, IHostApplicationLifetime lifetime)
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using (context.RequestAborted.Register(() => gone.TrySetResult()))
        using (lifetime.ApplicationStopping.Register(() => gone.TrySetResult()))
        {
            await gone.Task;
        }

        context.Abort();
    }
}
