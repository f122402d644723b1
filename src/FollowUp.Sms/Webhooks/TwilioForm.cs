using Microsoft.Extensions.Primitives;

namespace FollowUp.Sms;

/// <summary>The posted fields of a webhook, as <see cref="StatusCallback"/> and <see cref="InboundMessage"/> read them.</summary>
public static class TwilioForm
{
    /// <summary>Each field once; of one that came several times, which Twilio's message webhooks have none of, the first value.</summary>
    /// <param name="form">An <c>IFormCollection</c>, for instance.</param>
    public static IReadOnlyDictionary<string, string> Read(IEnumerable<KeyValuePair<string, StringValues>> form)
    {
        ArgumentNullException.ThrowIfNull(form);
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string key, StringValues values) in form)
        {
            fields.TryAdd(key, values.Count == 0 ? "" : values[0] ?? "");
        }

        return fields;
    }

    /// <summary>The value of the first of these keys that has one.</summary>
    internal static string? Value(this IReadOnlyDictionary<string, string> form, params ReadOnlySpan<string> keys)
    {
        foreach (string key in keys)
        {
            if (form.TryGetValue(key, out string? value) && !string.IsNullOrWhiteSpace(value))
            {
                return value;
            }
        }

        return null;
    }
}
