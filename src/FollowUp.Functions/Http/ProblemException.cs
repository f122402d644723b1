namespace FollowUp.Functions.Http;

/// <summary>A request that cannot be served as it is. The middleware answers with it as RFC 9457 problem details.</summary>
internal sealed class ProblemException(int status, string title, string? detail = null, IReadOnlyDictionary<string, string[]>? errors = null)
    : Exception(title)
{
    public int Status { get; } = status;
    public string Title { get; } = title;
    public string? Detail { get; } = detail;

    /// <summary>What is wrong with which field, by its path in the body, such as <c>patient.phone</c>.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; } = errors;
}
