using FollowUp.Data.Concurrency;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace FollowUp.Functions.Http;

/// <summary>HTTP's <c>ETag</c> and <c>If-Match</c>, so that of two people who change the same thing one learns of the other.</summary>
internal static class EntityTags
{
    /// <summary>What the caller believes to be the present state; null when they say nothing, and their change holds whatever it is.</summary>
    /// <exception cref="ProblemException">400 for a header that is none.</exception>
    public static Precondition? IfMatch(HttpRequest request)
    {
        var header = request.Headers.IfMatch;
        if (header.Count == 0)
        {
            return null;
        }

        if (!EntityTagHeaderValue.TryParseStrictList([.. header.OfType<string>()], out var tags) || tags.Count == 0)
        {
            throw Problems.Invalid("If-Match", "Must be the ETag of an answer, in its quotation marks, or *.");
        }

        // A weak tag says that two states are alike, not that they are the same: it matches none (RFC 9110, 13.1.1).
        return tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any))
            ? Precondition.Exists
            : Precondition.OneOf(tags.Where(tag => !tag.IsWeak).Select(tag => tag.Tag.ToString().Trim('"')));
    }

    /// <summary>The answer shows this state. Nothing about patients stays in a cache on the way.</summary>
    public static IResult Tagged(this IResult answer, HttpRequest request, string tag)
    {
        request.HttpContext.Response.Headers.ETag = $"\"{tag}\"";
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return answer;
    }

    public static ProblemException Failed(PreconditionFailedException exception) => new(
        StatusCodes.Status412PreconditionFailed,
        "It has been changed since you read it.",
        exception.Present is null ? "It is not there any more, or not yet." : $"It is now \"{exception.Present}\". Read it again, and decide anew. Nothing was stored.");
}
