using System.Globalization;
using System.Text.Json;
using Twilio.Base;
using Twilio.Clients;
using Twilio.Exceptions;
using Twilio.Http;
using Twilio.Types;

namespace Twilio.Rest.Api.V2010.Account;

/// <summary>A text, in or out.</summary>
public class MessageResource : Resource
{
    private MessageResource()
    {
    }

    public string? Sid { get; private init; }

    public string? To { get; private init; }

    /// <summary>Null until a messaging service has chosen the sender.</summary>
    public PhoneNumber? From { get; private init; }

    public DirectionEnum? Direction { get; private init; }

    /// <summary>The messaging service that the message was sent by, or that the number which it came to belongs to.</summary>
    public string? MessagingServiceSid { get; private init; }

    public string? Body { get; private init; }

    public StatusEnum? Status { get; private init; }

    public int? ErrorCode { get; private init; }

    /// <summary>On Twilio's clock, to the second. Its kind is local, as in the real library.</summary>
    public DateTime? DateCreated { get; private init; }

    /// <summary>Sends a message. Not idempotent: doing it twice sends two.</summary>
    /// <exception cref="ApiConnectionException">There was no answer: whether the message went out is unknown.</exception>
    /// <exception cref="ApiException">The answer was an error, or could not be read.</exception>
    public static async Task<TwilioResponse<MessageResource>> CreateWithHeadersAsync(
        CreateMessageOptions options, ITwilioRestClient? client = null)
    {
        client = Required(client);
        var request = new Request(System.Net.Http.HttpMethod.Post, MessagesPath(client)) { PostParams = options.Form() };
        Response response = await client.RequestAsync(request).ConfigureAwait(false);
        return new TwilioResponse<MessageResource>(FromJson(response.Content)!, response.Headers, response.StatusCode);
    }

    /// <summary>Lists messages, newest first; the first page is asked for now, each further one when the enumeration reaches it.</summary>
    /// <exception cref="ApiConnectionException">There was no answer.</exception>
    /// <exception cref="ApiException">The answer was an error.</exception>
    public static async Task<ResourceSet<MessageResource>> ReadAsync(ReadMessageOptions options, ITwilioRestClient? client = null)
    {
        client = Required(client);
        var request = new Request(System.Net.Http.HttpMethod.Get, MessagesPath(client)) { QueryParams = options.Query() };
        Response response = await client.RequestAsync(request).ConfigureAwait(false);
        return new ResourceSet<MessageResource>(PageOf(response), page => NextPage(page, client));
    }

    private static Page<MessageResource> NextPage(Page<MessageResource> page, ITwilioRestClient client) =>
        PageOf(client.Request(new Request(System.Net.Http.HttpMethod.Get, page.NextPageUri!)));

    private static Page<MessageResource> PageOf(Response response) =>
        Page<MessageResource>.FromJson("messages", response.Content, FromJson);

    private static string MessagesPath(ITwilioRestClient client) => $"/2010-04-01/Accounts/{client.AccountSid}/Messages.json";

    private static ITwilioRestClient Required(ITwilioRestClient? client) => client
        ?? throw new AuthenticationException("Credentials have not been initialized or changed, please call TwilioClient.init()");

    private static MessageResource? FromJson(string json)
    {
        // As the real library: an empty answer, and the word null, are no message and no error either.
        if (string.IsNullOrWhiteSpace(json))
        {
            return null;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Null ? null : FromJson(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new ApiException(e.Message, e);
        }
    }

    private static MessageResource FromJson(JsonElement json) => new()
    {
        Sid = Text(json, "sid"),
        To = Text(json, "to"),
        From = Text(json, "from") is { } from ? new PhoneNumber(from) : null,
        Direction = Text(json, "direction") is { } direction ? (DirectionEnum)direction : null,
        MessagingServiceSid = Text(json, "messaging_service_sid"),
        Body = Text(json, "body"),
        Status = Text(json, "status") is { } status ? (StatusEnum)status : null,
        ErrorCode = Text(json, "error_code") is { } code ? int.Parse(code, CultureInfo.InvariantCulture) : null,
        DateCreated = Text(json, "date_created") is { } date
            ? DateTime.Parse(date, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind)
            : null,
    };

    // As the real library: a number where a text belongs is taken for its digits.
    private static string? Text(JsonElement json, string name) => !json.TryGetProperty(name, out JsonElement value) ? null
        : value.ValueKind == JsonValueKind.Number ? value.GetRawText()
        : value.GetString();

    /// <summary>Which way a message goes, and what has made it.</summary>
    public sealed class DirectionEnum : StringEnum
    {
        private DirectionEnum(string value)
            : base(value)
        {
        }

        public static implicit operator DirectionEnum(string value) => new(value);
    }

    /// <summary>How far a message has come.</summary>
    public sealed class StatusEnum : StringEnum
    {
        private StatusEnum(string value)
            : base(value)
        {
        }

        public static implicit operator StatusEnum(string value) => new(value);
    }
}
