using System.Text;
using System.Text.Json.Nodes;
using FollowUp.Functions.Http;
using Microsoft.AspNetCore.Http;

namespace FollowUp.Functions.Fhir;

/// <summary>Answers in FHIR's own JSON.</summary>
internal static class FhirAnswer
{
    public const string MediaType = "application/fhir+json";

    public static IResult Of(JsonObject resource, int status) =>
        Results.Text(resource.ToJsonString(), $"{MediaType}; fhirVersion=4.0", Encoding.UTF8, status);

    public static IResult Of(FhirException exception) => Of(Outcome(exception.Issues), exception.Status);

    /// <summary>The same problem as other routes have it, as an OperationOutcome.</summary>
    public static IResult Of(ProblemException problem) => Of(Outcome(IssuesOf(problem)), problem.Status);

    public static JsonObject Outcome(IReadOnlyList<FhirIssue> issues) => new()
    {
        ["resourceType"] = "OperationOutcome",
        ["issue"] = new JsonArray([.. issues.DefaultIfEmpty(new FhirIssue("information", "informational", "All is well.", null)).Select(Issue)]),
    };

    private static JsonNode Issue(FhirIssue issue)
    {
        var json = new JsonObject
        {
            ["severity"] = issue.Severity,
            ["code"] = issue.Code,
            ["details"] = new JsonObject { ["text"] = issue.Message },
        };
        if (issue.Expression is { } expression)
        {
            json["expression"] = new JsonArray(expression);
        }

        return json;
    }

    private static IReadOnlyList<FhirIssue> IssuesOf(ProblemException problem) => problem.Errors is { } errors
        ? [.. errors.SelectMany(error => error.Value.Select(message => new FhirIssue("error", CodeOf(problem.Status), error.Key == "$" ? message : $"{error.Key}: {message}", null)))]
        : [new FhirIssue("error", CodeOf(problem.Status), problem.Detail is { } detail ? $"{problem.Title} {detail}" : problem.Title, null)];

    private static string CodeOf(int status) => status switch
    {
        StatusCodes.Status404NotFound => "not-found",
        StatusCodes.Status409Conflict => "conflict",
        StatusCodes.Status413PayloadTooLarge => "too-long",
        StatusCodes.Status415UnsupportedMediaType => "not-supported",
        _ => "invalid",
    };
}
