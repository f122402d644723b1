using Microsoft.Extensions.Primitives;
using Twilio.Security;

namespace FollowUp.Sms;

/// <summary>
/// Checks the header <c>X-Twilio-Signature</c> of a webhook. Compares in constant time; a header that is absent, empty or malformed
/// is not valid, and nothing that a sender can put into a request makes it throw.
/// </summary>
public sealed class TwilioSignature
{
    /// <summary>The header that carries the signature.</summary>
    public const string Header = "X-Twilio-Signature";

    private readonly RequestValidator _validator;

    /// <param name="authToken">The account's auth token.</param>
    public TwilioSignature(string authToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(authToken);
        _validator = new RequestValidator(authToken);
    }

    /// <summary>Whether Twilio signed this form for this URL.</summary>
    /// <param name="publicUrl">
    /// The webhook's whole URL, with its query, as Twilio was told it: made from the configured public URL, never from the request's
    /// Host, which a sender chooses.
    /// </param>
    /// <param name="form">The posted fields, unknown ones included, each once.</param>
    /// <param name="header">The header's value.</param>
    public bool IsValid(Uri publicUrl, IReadOnlyDictionary<string, string> form, string? header)
    {
        ArgumentNullException.ThrowIfNull(publicUrl);
        ArgumentNullException.ThrowIfNull(form);
        return IsValid(publicUrl, form.ToDictionary(StringComparer.Ordinal), header);
    }

    /// <summary>As above, for a form whose keys may repeat: Twilio signs each different value, in order, with its key before it.</summary>
    public bool IsValid(Uri publicUrl, IEnumerable<KeyValuePair<string, StringValues>> form, string? header)
    {
        ArgumentNullException.ThrowIfNull(publicUrl);
        ArgumentNullException.ThrowIfNull(form);
        Dictionary<string, string> signed = form
            .GroupBy(field => field.Key, StringComparer.Ordinal)
            .ToDictionary(field => field.Key, SignedValue, StringComparer.Ordinal);
        return IsValid(publicUrl, signed, header);
    }

    private static string SignedValue(IGrouping<string, KeyValuePair<string, StringValues>> field)
    {
        IEnumerable<string> values = field.SelectMany(same => same.Value.ToArray())
            .Select(value => value ?? "")
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);
        // The validator writes key and value, so the key between two values makes it the text that was signed.
        return string.Join(field.Key, values);
    }

    private bool IsValid(Uri publicUrl, Dictionary<string, string> form, string? header)
    {
        // The library throws on an empty signature, and an anonymous caller must not be able to make it.
        if (string.IsNullOrWhiteSpace(header))
        {
            return false;
        }

        try
        {
            return _validator.Validate(publicUrl.OriginalString, form, header);
        }
        catch (ArgumentException)
        {
            // From the library's second try, with the port left out, at a host that is not written in its normal form.
            return false;
        }
    }
}
