using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace FollowUp.Functions.Http;

/// <summary>Reads bodies, and says where one that is broken JSON is broken.</summary>
internal static class RequestBody
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <exception cref="ProblemException">413 for a body over the route's limit (<see cref="RequestLimits"/>), 400 for one that is no JSON object.</exception>
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
        catch (InvalidOperationException)
        {
            // Names are compared while the body is read, and one of them is no text.
            throw NoText("$");
        }

        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            document.Dispose();
            throw Problems.Invalid("$", "A JSON object is expected.");
        }

        if (FindNoText(document.RootElement, "$") is { } path)
        {
            document.Dispose();
            throw NoText(path);
        }

        return document;
    }

    private static ProblemException NoText(string path) =>
        Problems.Invalid(path, "Holds what is no Unicode text: bytes that are not UTF-8, or half of a surrogate pair.");

    /// <summary>
    /// JSON's grammar allows <c>"\ud800"</c>, which no text can hold, and the parser does not look into strings: the first to ask for it would fail.
    /// </summary>
    /// <returns>The path of one, or of the object that has one as a name; null when there is none.</returns>
    private static string? FindNoText(JsonElement element, string path)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                return IsText(() => element.GetString()) ? null : path;

            case JsonValueKind.Array:
                return element.EnumerateArray().Select((item, index) => FindNoText(item, $"{path}[{index}]")).FirstOrDefault(found => found is not null);

            case JsonValueKind.Object:
                var start = path == "$" ? "" : path + ".";
                return element.EnumerateObject()
                    .Select(property => IsText(() => property.Name) ? FindNoText(property.Value, start + property.Name) : path)
                    .FirstOrDefault(found => found is not null);

            default:
                return null;
        }
    }

    private static bool IsText(Func<string?> read)
    {
        try
        {
            read();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>The body as it is, for what is no JSON.</summary>
    /// <exception cref="ProblemException">413 for a body over the route's limit.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadBytesAsync(HttpRequest request, CancellationToken cancellation)
    {
        var limit = RequestLimits.BodyOf(request);

        // One byte more than allowed tells a body that is too long, whatever its Content-Length claims.
        var buffer = new byte[Math.Min(limit, request.ContentLength ?? limit) + 1];
        var length = request.ContentLength > limit
            ? buffer.Length
            : await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        return length <= limit ? buffer.AsMemory(0, length) : throw Problems.BodyTooLarge(limit);
    }
}
