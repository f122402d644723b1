using FollowUp.Data.Keys;
using FollowUp.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;

namespace FollowUp.Functions.Security;

/// <summary>
/// Lets an HTTP function run only with an <c>X-Api-Key</c> that opens it: the root key, or one that <see cref="ApiKeyStore"/> has. Closed by
/// default: a function needs no key only if it is named in <see cref="Access"/>. Says who called, for the audit.
/// </summary>
internal sealed class ApiKeyMiddleware(RootKey root, ApiKeyStore keys, RateLimits limits, ILogger<ApiKeyMiddleware> log) : IFunctionsWorkerMiddleware
{
    public const string Header = "X-Api-Key";

    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is not { } http || Access.NeedsNoKey(context.FunctionDefinition.Name))
        {
            await next(context);
            return;
        }

        if (await FindAsync(http, context.CancellationToken) is not { } caller)
        {
            context.GetInvocationResult().Value = limits.TakeFailure(http.Connection.RemoteIpAddress) is { } wait
                ? RateLimits.Refuse(http, wait, "Too many requests without a right key have come from this address.")
                : Problems.Of(StatusCodes.Status401Unauthorized, "The API key is missing or wrong.", $"Send it in the header {Header}.");
            return;
        }

        if (limits.TakeCall(caller.Actor) is { } pause)
        {
            context.GetInvocationResult().Value = RateLimits.Refuse(http, pause, "The key is used too often.");
            return;
        }

        if (KeyReach.Refusal(caller, context.FunctionDefinition.Name, http.Request, context.BindingContext.BindingData) is { } reason)
        {
            context.GetInvocationResult().Value = Problems.Of(StatusCodes.Status403Forbidden, "The API key does not open this.", reason);
            return;
        }

        caller.Enter(http);
        await next(context);
    }

    private async Task<Caller?> FindAsync(HttpContext http, CancellationToken cancellation)
    {
        var given = http.Request.Headers[Header].ToString();
        if (given.Length == 0)
        {
            return null;
        }

        // A made key cannot be guessed, so that it is never held up by what others at its address try.
        if (await keys.FindAsync(given, cancellation) is { } key)
        {
            await NoteUseAsync(key, cancellation);
            return Caller.With(key);
        }

        return !(root.IsGuessable && limits.HasFailedTooOften(http.Connection.RemoteIpAddress)) && root.Is(given) ? Caller.Root : null;
    }

    private async Task NoteUseAsync(ApiKey key, CancellationToken cancellation)
    {
        try
        {
            await keys.NoteUseAsync(key, cancellation);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            log.LogWarning(exception, "The use of the key {Key} could not be noted.", key.Id);
        }
    }
}
