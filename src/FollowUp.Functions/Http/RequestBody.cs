using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace FollowUp.Functions.Http;

/// <summary>Reads JSON bodies, which are small, and says where one that is broken is broken.</summary>
internal static class RequestBody
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <exception cref="ProblemException">413 for a body over the route's limit (<see cref="RequestLimits"/>), 400 for one that is no JSON object.</exception>
    public static async Task<JsonDocument> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        var bytes = await ReadBytesAsync(request, RequestLimits.BodyOf(request), cancellation);
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(bytes, Strict);
        }
        catch (JsonException exception)
        {
            throw Problems.Invalid("$", bytes.IsEmpty
                ? "The body is empty; a JSON object is expected."
                : $"Not valid JSON at line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}.");
        }

        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            document.Dispose();
            throw Problems.Invalid("$", "A JSON object is expected.");
        }

        return document;
    }

    private static async Task<ReadOnlyMemory<byte>> ReadBytesAsync(HttpRequest request, int limit, CancellationToken cancellation)
    {
        // One byte more than allowed tells a body that is too long, whatever its Content-Length claims.
        var buffer = new byte[Math.Min(limit, request.ContentLength ?? limit) + 1];
        var length = request.ContentLength > limit
            ? buffer.Length
            : await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        return length <= limit ? buffer.AsMemory(0, length) : throw Problems.BodyTooLarge(limit);
    }
}
