using System.Net;
using System.Text;
using FollowUp.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace FollowUp.Functions.Security;

/// <summary>
/// Reads what Twilio posts. ASP.NET leaves an encoded U+0000 encoded, which is not the text that Twilio has signed: a reply with one in it would
/// be refused, and does not come again.
/// </summary>
internal static class WebhookForm
{
    /// <summary>The form; whoever asks the request for it afterwards gets the same.</summary>
    public static async Task<IFormCollection> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        var body = await RequestBody.ReadBytesAsync(request, cancellation);
        if (body.Span.IndexOf("%00"u8) >= 0)
        {
            return request.Form = Decode(Encoding.UTF8.GetString(body.Span));
        }

        request.Body = new MemoryStream(body.ToArray(), writable: false);
        return await request.ReadFormAsync(cancellation);
    }

    private static FormCollection Decode(string body)
    {
        Dictionary<string, StringValues> fields = new(StringComparer.Ordinal);
        foreach (var field in body.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = field.Split('=', 2);
            var name = WebUtility.UrlDecode(parts[0]);
            fields[name] = StringValues.Concat(fields.GetValueOrDefault(name), parts.Length > 1 ? WebUtility.UrlDecode(parts[1]) : "");
        }

        return new FormCollection(fields);
    }
}
