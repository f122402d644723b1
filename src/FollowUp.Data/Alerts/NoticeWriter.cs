using System.Globalization;
using FollowUp.Core.Contacts;
using FollowUp.Data.Context;
using FollowUp.Data.Direct;
using FollowUp.Data.Rows;
using FollowUp.Data.Webhooks;
using NodaTime;

namespace FollowUp.Data.Alerts;

/// <summary>Puts one notice on record for each of a clinic's contacts: a text to a number, a post to a web address.</summary>
internal sealed class NoticeWriter(FollowUpContext db, ClinicRow clinic, Instant now)
{
    private readonly List<DirectMessageKey> _texts = [];
    private readonly List<string> _posts = [];

    public IReadOnlyList<DirectMessageKey> Texts => _texts;

    public IReadOnlyList<string> Posts => _posts;

    /// <param name="usefulFor">After that a text is not sent any more.</param>
    /// <param name="urgent">The urgent alert that it tells of.</param>
    public async Task WriteAsync(string id, string text, CloudEvent content, Duration usefulFor, long? urgent, CancellationToken cancellation)
    {
        foreach (var (index, contact) in clinic.StaffAlerts.Index())
        {
            if (PhoneNumber.TryParse(contact, out var phone, out _))
            {
                var key = new DirectMessageKey(clinic.Id, string.Create(CultureInfo.InvariantCulture, $"{id}-{index}"));
                var message = new NewDirectMessage(key, DirectMessageKind.StaffAlert, phone.E164, text, usefulFor) { Alert = urgent };
                if (await DirectMessages.EnqueueAsync(db, message, now, cancellation) is { } added)
                {
                    _texts.Add(added);
                }
            }
            else if (await WebhookPosts.EnqueueAsync(db, clinic.Id, contact, content, now, cancellation) is { } post)
            {
                _posts.Add(post);
            }
        }
    }
}
