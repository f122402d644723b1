using System.Net;
using FollowUp.Data;
using FollowUp.Data.Webhooks;
using FollowUp.Functions.Http;
using FollowUp.Workflows.Webhooks;

namespace FollowUp.Functions.Clinics;

/// <summary>What a clinic PUT says of the clinic's own systems, in <c>webhooks</c>: their addresses, and which events each gets.</summary>
/// <param name="twilioIsLoopback">Texts stay on this machine, as in a demonstration: then events may too, and go unencrypted.</param>
internal sealed class SubscriptionRequest(bool twilioIsLoopback)
{
    public const int Most = 5;
    private const string Name = "webhooks";

    public IReadOnlyList<Subscription> Read(JsonFields fields)
    {
        List<Subscription> subscriptions = [];
        foreach (var item in fields.Objects(Name))
        {
            var url = item.Text("url", required: true, Address);
            var events = item.Texts("events", FieldRules.OneOf(EnumText.All<ClinicEventKind>()));
            if (events is null or [])
            {
                if (item.IsFine("events"))
                {
                    item.Error("events", $"Must name one event at least, of: {string.Join(", ", EnumText.All<ClinicEventKind>())}.");
                }
            }
            else if (subscriptions.Exists(other => other.Url == url))
            {
                item.Error("url", "Stands there twice. Name all events of an address at once.");
            }
            else if (url is not null && item.IsFine("events"))
            {
                subscriptions.Add(new Subscription(url, [.. events.Select(EnumText.Parse<ClinicEventKind>).Distinct().Order()]));
            }
        }

        if (subscriptions.Count > Most)
        {
            fields.Error(Name, $"Must be {Most} addresses at most.");
        }

        return subscriptions;
    }

    private string? Address(string text)
    {
        if (FieldRules.WebAddress(text) is { } mistake)
        {
            return mistake;
        }

        var url = new Uri(text);
        if (url.UserInfo.Length > 0 || url.Fragment.Length > 0)
        {
            return "Must have no name, password or fragment in it.";
        }

        // A name is looked up, and judged, with every post.
        var isLocal = url.IsLoopback && twilioIsLoopback;
        return !isLocal && url.Scheme != Uri.UriSchemeHttps ? "Must be an https address: what events say must not be read on the way."
            : !isLocal && (url.IsLoopback || (IPAddress.TryParse(url.IdnHost, out var address) && !WebhookClient.IsPublic(address)))
                ? "Must be an address on the internet: nothing is posted into the network of this machine."
            : null;
    }
}
