using FollowUp.Functions.Http;
using FollowUp.Workflows.Health;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace FollowUp.Functions.Operations;

public sealed class HealthFunctions(HealthCheck health)
{
    /// <summary>Whether FollowUp can do its work: 200, or 503 with what is wrong. Open to all, so it names no session and no error's text.</summary>
    [Function(nameof(Health))]
    public async Task<IResult> Health(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/health")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation)
    {
        var problems = await health.ProblemsAsync(client, cancellation);
        return problems.Count == 0
            ? Answers.Json(new { status = "healthy", problems })
            : Answers.Json(new { status = "unhealthy", problems }, StatusCodes.Status503ServiceUnavailable);
    }
}
