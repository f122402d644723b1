using Microsoft.AspNetCore.Http;

namespace FollowUp.Functions.Fhir;

/// <summary>One thing to say about a resource, as an issue of an OperationOutcome.</summary>
/// <param name="Severity"><c>error</c>, <c>warning</c> or <c>information</c>.</param>
/// <param name="Code">Of the value set issue-type.</param>
/// <param name="Message">In a clinic's words; it repeats no name and no number.</param>
/// <param name="Expression">Where, as a FHIRPath; null for what concerns the whole.</param>
internal sealed record FhirIssue(string Severity, string Code, string Message, string? Expression);

/// <summary>Collects what is wrong with a resource, so that a sender learns of all of it at once, and what is to be said besides.</summary>
internal sealed class FhirIssues
{
    private readonly List<FhirIssue> _all = [];

    public IReadOnlyList<FhirIssue> All => _all;

    public bool HasErrors => _all.Exists(issue => issue.Severity == "error");

    public void Error(string code, string? expression, string message) => Add("error", code, expression, message);

    public void Warn(string? expression, string message) => Add("warning", "business-rule", expression, message);

    public void Inform(string? expression, string message) => Add("information", "informational", expression, message);

    /// <exception cref="FhirException">422 with everything that is wrong so far.</exception>
    public void ThrowIfWrong()
    {
        if (HasErrors)
        {
            throw new FhirException(StatusCodes.Status422UnprocessableEntity, _all);
        }
    }

    private void Add(string severity, string code, string? expression, string message)
    {
        var issue = new FhirIssue(severity, code, message, expression);
        if (!_all.Contains(issue))
        {
            _all.Add(issue);
        }
    }
}

/// <summary>A resource that cannot be taken as it is. The function answers with it as an OperationOutcome.</summary>
internal sealed class FhirException(int status, IReadOnlyList<FhirIssue> issues) : Exception(issues[0].Message)
{
    public int Status { get; } = status;

    public IReadOnlyList<FhirIssue> Issues { get; } = issues;

    public static FhirException Of(int status, string code, string? expression, string message) =>
        new(status, [new FhirIssue("error", code, message, expression)]);
}
