using System.Globalization;
using System.Text.Json;

namespace Twilio.Exceptions;

/// <summary>The JSON of an error answer: <c>{"code", "message", "more_info", "status"}</c>.</summary>
internal sealed record ErrorBody(int Code, string? Message)
{
    /// <summary>Null when the content is not a JSON object whose code is a number: the real client then knows no code either.</summary>
    public static ErrorBody? Read(string content)
    {
        if (string.IsNullOrWhiteSpace(content))
        {
            return null;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(content);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            int code = 0;
            if (document.RootElement.TryGetProperty("code", out JsonElement given) && !TryReadCode(given, out code))
            {
                return null;
            }

            string? message = document.RootElement.TryGetProperty("message", out JsonElement text) && text.ValueKind == JsonValueKind.String
                ? text.GetString()
                : null;
            return new ErrorBody(code, message);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool TryReadCode(JsonElement given, out int code)
    {
        code = 0;
        return given.ValueKind switch
        {
            JsonValueKind.Number => given.TryGetInt32(out code),
            JsonValueKind.String => int.TryParse(given.GetString(), NumberStyles.Integer, CultureInfo.InvariantCulture, out code),
            _ => false,
        };
    }
}
