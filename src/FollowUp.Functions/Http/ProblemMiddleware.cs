using FollowUp.Data.Concurrency;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;

namespace FollowUp.Functions.Http;

/// <summary>Turns what HTTP functions throw into problem details. The host itself would answer 500 with nothing in it.</summary>
internal sealed class ProblemMiddleware(ILogger<ProblemMiddleware> log) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is not { } http)
        {
            await next(context);
            return;
        }

        try
        {
            await next(context);
        }
        catch (ProblemException problem)
        {
            context.GetInvocationResult().Value = Problems.Of(problem);
        }
        catch (PreconditionFailedException exception)
        {
            context.GetInvocationResult().Value = Problems.Of(EntityTags.Failed(exception));
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            context.GetInvocationResult().Value = Problems.Of(Problems.BodyTooLarge(RequestLimits.BodyOf(context.FunctionDefinition.Name)));
        }
        catch (BadHttpRequestException exception)
        {
            context.GetInvocationResult().Value = Problems.Of(exception.StatusCode, "The request could not be read.");
        }
        catch (Exception exception) when (!http.RequestAborted.IsCancellationRequested)
        {
            log.LogError(exception, "The function {Function} failed.", context.FunctionDefinition.Name);
            context.GetInvocationResult().Value = Problems.Of(
                StatusCodes.Status500InternalServerError, "Something went wrong here.", "The log of the app says more. Repeating the request is safe.");
        }
    }
}
