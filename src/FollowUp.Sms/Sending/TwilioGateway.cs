using System.Reflection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Twilio.Exceptions;
using Twilio.Rest.Api.V2010.Account;
// By name, because the real library's Twilio.Base has an IOptions of its own.
using MessageResponse = Twilio.Base.TwilioResponse<Twilio.Rest.Api.V2010.Account.MessageResource>;
using MessageSet = Twilio.Base.ResourceSet<Twilio.Rest.Api.V2010.Account.MessageResource>;

namespace FollowUp.Sms;

/// <summary>Texts through Twilio's Messages API.</summary>
internal sealed class TwilioGateway : ISmsGateway, IDisposable
{
    /// <summary>Twilio's own limit, and its code for a longer body.</summary>
    private const int LongestBody = 1600;
    private const int BodyTooLong = 21617;

    /// <summary>Twilio's largest page; with the number of pages it bounds a lookup, far above what one patient is sent.</summary>
    private const int PageSize = 1000;
    private const int MaxPages = 20;

    /// <summary>Everybody's texts of days: a bound all the same, so that a list which never ends does.</summary>
    private const int MaxPagesOfAll = 1000;
    private const string Inbound = "inbound";

    /// <summary>What a trial account puts before every text.</summary>
    private const string TrialPrefix = "Sent from your Twilio trial account - ";

    /// <summary>Twilio's times are whole seconds, and its Date is older than our reading of the clock by the answer's way.</summary>
    private static readonly TimeSpan s_clockSlack = TimeSpan.FromMinutes(1);

    /// <summary>Twilio's clock is not known before it answers; a text too many is no harm.</summary>
    private static readonly TimeSpan s_receivedSlack = TimeSpan.FromHours(1);

    private readonly IOptions<TwilioOptions> _options;
    private readonly TimeProvider _clock;
    private readonly ILogger<TwilioGateway> _logger;

    // A redirect would carry the message, and the token, to somewhere that nobody configured.
    private readonly HttpMessageInvoker _connections = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    });

    public TwilioGateway(IOptions<TwilioOptions> options, TimeProvider clock, ILogger<TwilioGateway> logger)
    {
        _options = options;
        _clock = clock;
        _logger = logger;
    }

    public async Task<SendOutcome> SendAsync(OutgoingSms message, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentException.ThrowIfNullOrWhiteSpace(message.To);
        cancellation.ThrowIfCancellationRequested();

        SendOutcome outcome = message.Body.Length > LongestBody
            ? new SendOutcome.Refused(BodyTooLong, $"The text has {message.Body.Length} characters, and {LongestBody} is the most.")
            : await CreateAsync(message, cancellation).ConfigureAwait(false);
        Log(outcome);
        return outcome;
    }

    public async Task<IReadOnlyList<SentSms>> FindAsync(string to, string body, DateTimeOffset? since, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(to);
        ArgumentNullException.ThrowIfNull(body);
        cancellation.ThrowIfCancellationRequested();

        using TwilioCall call = NewCall(MaxPages, cancellation);
        try
        {
            var options = new ReadMessageOptions { To = new Twilio.Types.PhoneNumber(to), PageSize = PageSize };
            MessageSet listed = await MessageResource.ReadAsync(options, call.Client).ConfigureAwait(false);
            DateTimeOffset? earliest = since is { } ours && call.Date is { } theirs
                ? ours + (theirs - _clock.GetUtcNow()) - s_clockSlack
                : null;
            // The library asks for the pages after the first on the thread that enumerates: not one that others wait for.
            return await Task.Run(() => Matching(listed, to, body, earliest), cancellation).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            cancellation.ThrowIfCancellationRequested();
            // Whatever the library threw, and it throws several kinds, the list was not read to its end.
            throw LookupFailed(failure, call);
        }
    }

    public async Task<IReadOnlyList<InboundMessage>> ReceivedAsync(DateTimeOffset? since, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using TwilioCall call = NewCall(MaxPagesOfAll, cancellation);
        try
        {
            var options = new ReadMessageOptions { PageSize = PageSize, DateSentAfter = (since - s_receivedSlack)?.UtcDateTime };
            MessageSet listed = await MessageResource.ReadAsync(options, call.Client).ConfigureAwait(false);
            return await Task.Run(() => Received(listed), cancellation).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            cancellation.ThrowIfCancellationRequested();
            throw LookupFailed(failure, call);
        }
    }

    public void Dispose() => _connections.Dispose();

    private async Task<SendOutcome> CreateAsync(OutgoingSms message, CancellationToken cancellation)
    {
        TwilioOptions settings = _options.Value;
        using TwilioCall call = NewCall(1, cancellation);
        try
        {
            MessageResponse answer = await MessageResource
                .CreateWithHeadersAsync(CreateOptions(message, settings), call.Client).ConfigureAwait(false);
            MessageResource? created = answer.Data;
            return string.IsNullOrEmpty(created?.Sid)
                ? new SendOutcome.Unknown($"HTTP {(int)answer.StatusCode} without a message in it.")
                : new SendOutcome.Accepted(created.Sid, created.Status?.ToString() ?? "", call.Date ?? Instant(created.DateCreated));
        }
        catch (ApiException error)
        {
            return OutcomeReader.Read(error, call);
        }
        catch (ApiConnectionException error)
        {
            return OutcomeReader.Read(error, call);
        }
    }

    private static CreateMessageOptions CreateOptions(OutgoingSms message, TwilioOptions settings)
    {
        // The settings' own sender may be both: a service, and one of its numbers.
        (string? from, string? service) = message.Sender is not { } sender || sender == settings.Sender
            ? (settings.From, settings.MessagingServiceSid)
            : TwilioOptions.IsService(sender) ? (null, sender) : (sender, (string?)null);
        bool byService = !string.IsNullOrWhiteSpace(service);
        return new CreateMessageOptions(new Twilio.Types.PhoneNumber(message.To))
        {
            Body = message.Body,
            StatusCallback = message.StatusCallback,
            From = string.IsNullOrWhiteSpace(from) ? null : new Twilio.Types.PhoneNumber(from),
            MessagingServiceSid = byService ? service : null,
            // A service may replace characters to save segments; a text that Twilio changed could not be found by its body.
            SmartEncoded = byService ? false : null,
        };
    }

    private static List<SentSms> Matching(IEnumerable<MessageResource> listed, string to, string body, DateTimeOffset? earliest)
    {
        var matching = new List<SentSms>();
        foreach (MessageResource message in listed)
        {
            DateTimeOffset? created = Instant(message.DateCreated);
            bool sameBody = message.Body == body || message.Body == TrialPrefix + body;
            if (message.To == to && sameBody && !(created < earliest))
            {
                matching.Add(new SentSms(message.Sid ?? "", to, message.Body!, message.Status?.ToString() ?? "", created)
                {
                    ErrorCode = message.ErrorCode,
                });
            }
        }

        return matching;
    }

    private static List<InboundMessage> Received(IEnumerable<MessageResource> listed)
    {
        var received = new List<InboundMessage>();
        foreach (MessageResource message in listed)
        {
            if (message.Direction?.ToString() == Inbound && message is { Sid: { Length: > 0 } sid, From: { } from, To: { Length: > 0 } to })
            {
                // What Twilio has taken a text for stands in no list.
                received.Add(new InboundMessage(sid, from.ToString(), to, message.Body ?? "", OptOutType: null) { MessagingServiceSid = message.MessagingServiceSid });
            }
        }

        // Twilio lists the newest first.
        received.Reverse();
        return received;
    }

    // The library gives the time in the machine's zone.
    private static DateTimeOffset? Instant(DateTime? time) => time is { } given ? new DateTimeOffset(given).ToUniversalTime() : null;

    private static SmsLookupException LookupFailed(Exception failure, TwilioCall call)
    {
        // A page after the first fails inside an exception of the library's reflection.
        Exception actual = failure is TargetInvocationException { InnerException: { } inner } ? inner : failure;
        // Its message holds the address asked for, and with it the patient's number; the cause does not.
        return actual switch
        {
            ApiConnectionException error => new SmsLookupException(OutcomeReader.Explain(error, call), error.InnerException),
            ApiException error => new SmsLookupException(OutcomeReader.Explain(error, call.Status is { } seen ? (int)seen : error.Status)),
            _ => new SmsLookupException($"Twilio's list could not be read ({actual.GetType().Name})."),
        };
    }

    private TwilioCall NewCall(int maxRequests, CancellationToken cancellation) =>
        new(_connections, _options.Value, maxRequests, cancellation);

    private void Log(SendOutcome outcome)
    {
        switch (outcome)
        {
            case SendOutcome.Accepted accepted:
                _logger.LogDebug("Twilio accepted {Sid} ({Status}).", accepted.Sid, accepted.Status);
                break;
            case SendOutcome.RetryLater later:
                _logger.LogWarning("Twilio did not take a text for now ({Code}): {Reason}", later.Code, later.Reason);
                break;
            case SendOutcome.Refused refused:
                _logger.LogWarning("Twilio refused a text ({Code}): {Reason}", refused.Code, refused.Reason);
                break;
            case SendOutcome.OptedOut optedOut:
                _logger.LogInformation("Twilio refused a text ({Code}): the recipient has opted out.", optedOut.Code);
                break;
            case SendOutcome.AccountTrouble trouble:
                _logger.LogError("Twilio refuses every text from this sender ({Code}): {Reason}", trouble.Code, trouble.Reason);
                break;
            case SendOutcome.Unknown unknown:
                _logger.LogWarning("It is not known whether Twilio took a text: {Reason}", unknown.Reason);
                break;
        }
    }
}
