using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FollowUp.Functions.OpenApi;

/// <summary>The API's own description.</summary>
public sealed class OpenApiFunctions(ApiDocument document)
{
    [Function(nameof(GetOpenApi))]
    public async Task<IResult> GetOpenApi([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/openapi.json")] HttpRequest request) =>
        Results.Content(await document.JsonAsync(), "application/json");
}
