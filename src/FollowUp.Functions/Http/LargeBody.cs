using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace FollowUp.Functions.Http;

/// <summary>Reads bodies that are files.</summary>
internal static class LargeBody
{
    private const int Chunk = 64 * 1024;

    /// <param name="request">The request.</param>
    /// <param name="limit">The most bytes that it may have.</param>
    /// <param name="cancellation">The client has gone.</param>
    /// <exception cref="ProblemException">413 for a body over the limit, whatever its Content-Length claims.</exception>
    public static async Task<byte[]> ReadAsync(HttpRequest request, int limit, CancellationToken cancellation)
    {
        if (request.ContentLength > limit)
        {
            throw TooLarge(limit);
        }

        using var content = new MemoryStream((int)(request.ContentLength ?? Chunk));
        var buffer = new byte[Chunk];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, cancellation)) > 0)
        {
            content.Write(buffer, 0, read);
            if (content.Length > limit)
            {
                throw TooLarge(limit);
            }
        }

        return content.ToArray();
    }

    private static ProblemException TooLarge(int limit) => new(
        StatusCodes.Status413PayloadTooLarge,
        "The body is too large.",
        string.Create(CultureInfo.InvariantCulture, $"It may have {limit / (1024 * 1024)} MB at most."));
}
