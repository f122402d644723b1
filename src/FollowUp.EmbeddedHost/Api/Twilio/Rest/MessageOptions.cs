using System.Globalization;
using Twilio.Base;
using Twilio.Types;

namespace Twilio.Rest.Api.V2010.Account;

/// <summary>A message to send: to one endpoint, from a number or from a messaging service.</summary>
public class CreateMessageOptions
{
    public CreateMessageOptions(PhoneNumber to) => To = to;

    public PhoneNumber To { get; }

    public PhoneNumber? From { get; set; }

    public string? MessagingServiceSid { get; set; }

    /// <summary>Up to 1,600 characters.</summary>
    public string? Body { get; set; }

    /// <summary>Where Twilio reports what became of the message.</summary>
    public Uri? StatusCallback { get; set; }

    /// <summary>Whether Twilio may replace characters to save segments; null leaves it to the messaging service's setting.</summary>
    public bool? SmartEncoded { get; set; }

    internal List<KeyValuePair<string, string>> Form()
    {
        var form = new List<KeyValuePair<string, string>>();
        void Add(string name, string? value)
        {
            if (value is not null)
            {
                form.Add(KeyValuePair.Create(name, value));
            }
        }

        Add("To", To.ToString());
        // As it was written: Twilio signs its callbacks with these very characters.
        Add("StatusCallback", StatusCallback?.OriginalString);
        Add("SmartEncoded", SmartEncoded is { } smart ? (smart ? "true" : "false") : null);
        Add("From", From?.ToString());
        Add("MessagingServiceSid", MessagingServiceSid);
        Add("Body", Body);
        return form;
    }
}

/// <summary>Which messages to list.</summary>
public class ReadMessageOptions : ReadOptions<MessageResource>
{
    /// <summary>Only messages to this endpoint.</summary>
    public PhoneNumber? To { get; set; }

    /// <summary>Only messages that were sent, or came in, at this instant or later. Give it in UTC.</summary>
    public DateTime? DateSentAfter { get; set; }

    internal List<KeyValuePair<string, string>> Query()
    {
        var query = new List<KeyValuePair<string, string>>();
        if (To is not null)
        {
            query.Add(KeyValuePair.Create("To", To.ToString()));
        }

        if (DateSentAfter is { } after)
        {
            query.Add(KeyValuePair.Create("DateSent>", after.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)));
        }

        if (PageSize is { } size)
        {
            query.Add(KeyValuePair.Create("PageSize", size.ToString()));
        }

        return query;
    }
}
