using System.Security.Cryptography;
using System.Text;
using FollowUp.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace FollowUp.Functions.Security;

/// <summary>
/// Lets an HTTP function run only with the right <c>X-Api-Key</c>. Closed by default: a function is open only if it is named in
/// <see cref="Access"/>.
/// </summary>
internal sealed class ApiKeyMiddleware(IConfiguration configuration, ILogger<ApiKeyMiddleware> log) : IFunctionsWorkerMiddleware
{
    public const string Header = "X-Api-Key";

    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is not { } http
            || Access.NeedsNoKey(context.FunctionDefinition.Name)
            || IsRootKey(http.Request.Headers[Header].ToString()))
        {
            return next(context);
        }

        context.GetInvocationResult().Value = Problems.Of(
            StatusCodes.Status401Unauthorized, "The API key is missing or wrong.", $"Send it in the header {Header}.");
        return Task.CompletedTask;
    }

    private bool IsRootKey(string given)
    {
        if (configuration["FollowUp:ApiKey"] is not { Length: > 0 } root)
        {
            log.LogError("The setting FollowUp:ApiKey is missing, so nobody can use the API.");
            return false;
        }

        // Hashes have one length, so the comparison tells nothing about the key's.
        return CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(root)));
    }
}
