using System.Security.Cryptography;
using System.Text.Json;
using FollowUp.TwilioEmulator.Storage;

namespace FollowUp.TwilioEmulator.Delivery;

internal enum WebhookKind
{
    Status,
    Inbound,
}

/// <summary>A request to the application: to where, with which parameters (without the account's, which are the same for all).</summary>
internal sealed record Webhook(string MessageSid, WebhookKind Kind, string Url, IReadOnlyDictionary<string, string> Form);

/// <summary>A webhook in the queue. <see cref="Attempts"/> counts those that have failed.</summary>
internal sealed record QueuedWebhook(long Id, Webhook Webhook, string Token, int Attempts);

/// <summary>The table of webhooks still to be sent. A row goes when its request was answered: after a crash a webhook may come twice, never not at all.</summary>
internal static class WebhookQueue
{
    public static void Add(DatabaseSession session, Webhook webhook, DateTimeOffset dueAt, int copies)
    {
        var token = RandomNumberGenerator.GetHexString(32, lowercase: true);
        for (var copy = 0; copy < copies; copy++)
        {
            session.Execute(
                """
                INSERT INTO webhooks (message_sid, kind, url, form, token, due_at, attempts)
                VALUES (@sid, @kind, @url, @form, @token, @due, 0)
                """,
                ("@sid", webhook.MessageSid),
                ("@kind", webhook.Kind.ToString()),
                ("@url", webhook.Url),
                ("@form", JsonSerializer.Serialize(webhook.Form)),
                ("@token", token),
                ("@due", dueAt));
        }
    }

    /// <summary>What is due at <paramref name="now"/>, in the order in which it was queued.</summary>
    public static List<QueuedWebhook> Due(DatabaseSession session, DateTimeOffset now, int limit) => session.Query(
        "SELECT id, message_sid, kind, url, form, token, attempts FROM webhooks WHERE due_at <= @now ORDER BY id LIMIT @limit",
        row => new QueuedWebhook(
            row.GetInt64(0),
            new Webhook(
                row.GetString(1),
                Enum.Parse<WebhookKind>(row.GetString(2)),
                row.GetString(3),
                JsonSerializer.Deserialize<Dictionary<string, string>>(row.GetString(4))!),
            row.GetString(5),
            row.GetInt32(6)),
        ("@now", now),
        ("@limit", limit));

    public static DateTimeOffset? NextDueAfter(DatabaseSession session, DateTimeOffset now) => session.Query(
        "SELECT min(due_at) FROM webhooks WHERE due_at > @now", row => row.InstantOrNull(0), ("@now", now))[0];

    public static int Count(DatabaseSession session) => session.Query("SELECT count(*) FROM webhooks", row => row.GetInt32(0))[0];

    public static void Remove(DatabaseSession session, long id) => session.Execute("DELETE FROM webhooks WHERE id = @id", ("@id", id));

    public static void Postpone(DatabaseSession session, long id, DateTimeOffset until) => session.Execute(
        "UPDATE webhooks SET attempts = attempts + 1, due_at = @due WHERE id = @id", ("@due", until), ("@id", id));
}
