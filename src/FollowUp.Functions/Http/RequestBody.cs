using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace FollowUp.Functions.Http;

/// <summary>Reads JSON bodies, which are small, and says where one that is broken is broken.</summary>
internal static class RequestBody
{
    public const int Limit = 64 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <exception cref="ProblemException">413 for a body over the limit, 400 for one that is no JSON object.</exception>
    public static async Task<JsonDocument> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        var bytes = await ReadBytesAsync(request, cancellation);
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

    private static async Task<ReadOnlyMemory<byte>> ReadBytesAsync(HttpRequest request, CancellationToken cancellation)
    {
        // One byte more than allowed tells a body that is too long, whatever its Content-Length claims.
        var buffer = new byte[Limit + 1];
        var length = request.ContentLength > Limit
            ? buffer.Length
            : await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        return length <= Limit
            ? buffer.AsMemory(0, length)
            : throw new ProblemException(
                StatusCodes.Status413PayloadTooLarge, "The body is too large.", $"A body may have {Limit} bytes at most.");
    }
}
