using FollowUp.Functions.Http;
using FollowUp.Sms;
using FollowUp.Workflows.Sending;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace FollowUp.Functions.Security;

/// <summary>
/// Lets Twilio's webhooks run only when Twilio signed them. The signed address is the configured public one with the request's path and
/// query; Host and forwarding headers, which anybody can send, have no say.
/// </summary>
internal sealed class TwilioSignatureMiddleware(
    TwilioSignature signature, CallbackAddress addresses, RateLimits limits, ILogger<TwilioSignatureMiddleware> log) : IFunctionsWorkerMiddleware
{
    private const string FormType = "application/x-www-form-urlencoded";

    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is not { } http || !Access.Signed.Contains(context.FunctionDefinition.Name)
            || await IsSignedAsync(http.Request, context.CancellationToken))
        {
            await next(context);
            return;
        }

        if (limits.TakeFailure(http.Connection.RemoteIpAddress) is { } wait)
        {
            context.GetInvocationResult().Value = RateLimits.Refuse(http, wait, "Too many requests without a right signature have come from this address.");
            return;
        }

        // Not the address that it came from: it may be a person's. Behind the rate limit, so that nobody can fill the log.
        log.LogWarning("A request to {Function} was refused: its signature is missing or wrong.", context.FunctionDefinition.Name);
        context.GetInvocationResult().Value = Problems.Of(StatusCodes.Status403Forbidden, "The signature is missing or wrong.");
    }

    private async Task<bool> IsSignedAsync(HttpRequest request, CancellationToken cancellation)
    {
        // Twilio sends no other kind of form. The size of the body is bounded already, by RequestLimitsMiddleware.
        var header = request.Headers[TwilioSignature.Header].ToString();
        if (header.Length == 0
            || !MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !FormType.Equals(type.MediaType.Value, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        IFormCollection form;
        try
        {
            form = await WebhookForm.ReadAsync(request, cancellation);
        }
        catch (InvalidDataException)
        {
            // More fields, or a longer name, than any form of Twilio's has.
            return false;
        }

        return addresses.Of(request.Path, request.QueryString.Value ?? "") is { } address && signature.IsValid(address, form, header);
    }
}
