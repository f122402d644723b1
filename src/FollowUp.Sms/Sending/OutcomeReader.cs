using System.Net;
using System.Text.RegularExpressions;
using Twilio.Exceptions;

namespace FollowUp.Sms;

/// <summary>Tells from a failed call whether the message was certainly not sent, or may have been.</summary>
internal static partial class OutcomeReader
{
    private const int OptedOut = 21610;
    private const int LongestReason = 300;

    // Too many requests, the sender's queue full: said before a message is made, whatever the status.
    private static readonly int[] s_busy = [20429, 21611];

    // The credentials are wrong or the account is closed or unknown, the sender is none of the account's or not registered with the carriers,
    // the account's daily cap is reached, texts to the region are switched off: said of every text alike, before a message is made.
    private static readonly int[] s_trouble = [20003, 20005, 20404, 30002, 30032, 30034, 63038, 21408, 21212, 21603, 21606, 21659, 21705];

    /// <summary>Twilio answered, with an error or with something unreadable.</summary>
    public static SendOutcome Read(ApiException error, TwilioCall call)
    {
        // The library forgets the status of an answer that is not Twilio's JSON, such as a proxy's page.
        int status = call.Status is { } seen ? (int)seen : error.Status;
        int code = error.Code == 0 ? status : error.Code;
        string reason = Explain(error, status);
        return status switch
        {
            >= 500 => new SendOutcome.Unknown(reason),
            401 => new SendOutcome.AccountTrouble(code, reason),
            >= 400 when s_trouble.Contains(code) => new SendOutcome.AccountTrouble(code, reason),
            429 => new SendOutcome.RetryLater(code, reason, call.RetryAfter),
            // Some proxies say 408 when it was they who waited too long for the answer.
            (int)HttpStatusCode.RequestTimeout => new SendOutcome.Unknown(reason),
            >= 400 when s_busy.Contains(code) => new SendOutcome.RetryLater(code, reason, call.RetryAfter),
            >= 400 when code == OptedOut => new SendOutcome.OptedOut(code),

            // Not Twilio's words: a proxy that says no to everybody.
            >= 400 when error.Code == 0 => new SendOutcome.AccountTrouble(code, reason),
            >= 400 => new SendOutcome.Refused(code, reason),
            _ => new SendOutcome.Unknown(reason),
        };
    }

    /// <summary>Twilio did not answer.</summary>
    public static SendOutcome Read(ApiConnectionException error, TwilioCall call)
    {
        string reason = Explain(error, call);
        return NeverReached(error.InnerException) ? new SendOutcome.RetryLater(0, reason, null) : new SendOutcome.Unknown(reason);
    }

    /// <summary>What went wrong, for a log: the library's own message would show the address asked for, and with it the number.</summary>
    public static string Explain(ApiConnectionException error, TwilioCall call) => error.InnerException switch
    {
        HttpRequestException unreached when NeverReached(unreached) => $"Twilio was not reached ({unreached.HttpRequestError}).",
        OperationCanceledException when call.IsCancelled => "The wait for Twilio's answer was cancelled.",
        OperationCanceledException => $"Twilio did not answer within {call.Timeout.TotalSeconds:0.###} s.",
        IOException or HttpRequestException => "The connection was lost before Twilio's answer was complete.",
        InvalidOperationException tooMany => tooMany.Message,
        var other => $"There was no answer ({other?.GetType().Name}).",
    };

    /// <summary>Twilio's words without the numbers in them; of an answer that is not Twilio's, only its status.</summary>
    public static string Explain(ApiException error, int status)
    {
        if (error.Status == 0)
        {
            return $"HTTP {status}, and not in Twilio's form.";
        }

        string words = PhoneNumbers().Replace(error.Message, "•••");
        return words.Length <= LongestReason ? words : words[..LongestReason] + "…";
    }

    // These come up while a connection is being made, before a byte of the request has left.
    private static bool NeverReached(Exception? cause) => cause is HttpRequestException
    {
        HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
            or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError,
    };

    [GeneratedRegex(@"\+?\d[\d ().-]{5,}\d", RegexOptions.CultureInvariant)]
    private static partial Regex PhoneNumbers();
}
