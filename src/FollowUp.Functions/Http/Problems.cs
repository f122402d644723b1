using Microsoft.AspNetCore.Http;

namespace FollowUp.Functions.Http;

/// <summary>Answers as RFC 9457 problem details.</summary>
internal static class Problems
{
    public static IResult Of(ProblemException problem) =>
        Of(problem.Status, problem.Title, problem.Detail, problem.Errors);

    public static IResult Of(int status, string title, string? detail = null, IReadOnlyDictionary<string, string[]>? errors = null) =>
        Results.Problem(
            statusCode: status,
            title: title,
            detail: detail,
            extensions: errors is null ? null : new Dictionary<string, object?> { ["errors"] = errors });

    public static ProblemException Invalid(IReadOnlyDictionary<string, string[]> errors) =>
        new(StatusCodes.Status400BadRequest, "The request is not valid.", "See errors for what is wrong with which field.", errors);

    public static ProblemException Invalid(string field, string message) =>
        Invalid(new Dictionary<string, string[]> { [field] = [message] });

    public static ProblemException BodyTooLarge(int limit) =>
        new(StatusCodes.Status413PayloadTooLarge, "The body is too large.", $"A body may have {limit} bytes at most here.");

    public static ProblemException UnknownClinic(string clinic) =>
        new(StatusCodes.Status404NotFound, "There is no such clinic.", $"The clinic '{clinic}' is not known. Create it with PUT /api/clinics/{clinic}.");

    public static ProblemException UnknownPatient(string clinic, string patient) =>
        new(StatusCodes.Status404NotFound, "There is no such patient.", $"The clinic '{clinic}' has no patient '{patient}'.",
            new Dictionary<string, string[]> { ["patient"] = ["The clinic has no such patient."] });

    public static ProblemException UnknownPlan(string plan) =>
        new(StatusCodes.Status404NotFound, "There is no such care plan.", $"The plan '{plan}' is not known. GET /api/care-plans lists those that are.");

    public static ProblemException UnknownSession(string clinic, string session) =>
        new(StatusCodes.Status404NotFound, "There is no such session.", $"The clinic '{clinic}' has no session '{session}'.");
}
