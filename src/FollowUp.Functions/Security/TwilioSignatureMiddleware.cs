using FollowUp.Functions.Http;
using FollowUp.Sms;
using FollowUp.Workflows.Sending;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace FollowUp.Functions.Security;

/// <summary>
/// Lets Twilio's webhooks run only when Twilio signed them. The signed address is the configured public one with the request's path and
/// query; Host and forwarding headers, which anybody can send, have no say.
/// </summary>
internal sealed class TwilioSignatureMiddleware(TwilioSignature signature, CallbackAddress addresses) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is not { } http || !Access.Signed.Contains(context.FunctionDefinition.Name)
            || await IsSignedAsync(http.Request, context.CancellationToken))
        {
            await next(context);
            return;
        }

        context.GetInvocationResult().Value = Problems.Of(StatusCodes.Status403Forbidden, "The signature is missing or wrong.");
    }

    private async Task<bool> IsSignedAsync(HttpRequest request, CancellationToken cancellation)
    {
        var header = request.Headers[TwilioSignature.Header].ToString();
        if (header.Length == 0 || !request.HasFormContentType || request.ContentLength > RequestBody.Limit)
        {
            return false;
        }

        var form = await request.ReadFormAsync(cancellation);
        return addresses.Of(request.Path, request.QueryString.Value ?? "") is { } address && signature.IsValid(address, form, header);
    }
}
