using FollowUp.TwilioEmulator.Storage;
using Microsoft.Data.Sqlite;

namespace FollowUp.TwilioEmulator.Messages;

/// <summary>The table of messages, and who has opted out. Methods work inside the transaction that they are given.</summary>
internal static class MessageStore
{
    private const string AllColumns =
        """
        seq, sid, direction, from_number, to_number, body, messaging_service_sid, status, error_code, status_callback,
        created_at, updated_at, sent_at, final_status, final_error, callback_copies, callbacks_reversed, callback_delay
        """;

    public static void Insert(DatabaseSession session, Message message) => session.Execute(
        """
        INSERT INTO messages (sid, direction, from_number, to_number, handset, body, messaging_service_sid, status, error_code, status_callback,
                              created_at, updated_at, sent_at, final_status, final_error, callback_copies, callbacks_reversed, callback_delay)
        VALUES (@sid, @direction, @from, @to, @handset, @body, @service, @status, @error, @callback,
                @created, @updated, @sent, @finalStatus, @finalError, @copies, @reversed, @delay)
        """,
        ("@sid", message.Sid),
        ("@direction", message.Direction),
        ("@from", message.From),
        ("@to", message.To),
        ("@handset", message.Handset),
        ("@body", message.Body),
        ("@service", message.MessagingServiceSid),
        ("@status", message.Status),
        ("@error", message.ErrorCode),
        ("@callback", message.StatusCallback),
        ("@created", message.CreatedAt),
        ("@updated", message.UpdatedAt),
        ("@sent", message.SentAt),
        ("@finalStatus", message.Journey.FinalStatus),
        ("@finalError", message.Journey.FinalError),
        ("@copies", message.Journey.CallbackCopies),
        ("@reversed", message.Journey.CallbacksReversed),
        ("@delay", message.Journey.CallbackDelay));

    public static void UpdateStatus(DatabaseSession session, Message message) => session.Execute(
        "UPDATE messages SET status = @status, error_code = @error, updated_at = @updated, sent_at = @sent WHERE sid = @sid",
        ("@status", message.Status),
        ("@error", message.ErrorCode),
        ("@updated", message.UpdatedAt),
        ("@sent", message.SentAt),
        ("@sid", message.Sid));

    public static Message? Find(DatabaseSession session, string sid) => session
        .Query($"SELECT {AllColumns} FROM messages WHERE sid = @sid", Read, ("@sid", sid))
        .FirstOrDefault();

    /// <summary>Outgoing messages that have not reached their final status, oldest first.</summary>
    public static List<Message> Moving(DatabaseSession session, int limit) => session.Query(
        $"SELECT {AllColumns} FROM messages WHERE status IN ('accepted', 'queued', 'sending', 'sent') ORDER BY seq LIMIT @limit",
        Read,
        ("@limit", limit));

    public static int CountMoving(DatabaseSession session) => session.Query(
        "SELECT count(*) FROM messages WHERE status IN ('accepted', 'queued', 'sending', 'sent')", row => row.GetInt32(0))[0];

    /// <summary>
    /// One page, newest first. A message that has not been sent yet counts with the instant at which it was created, so that a list asked
    /// right after a create has it.
    /// </summary>
    public static List<Message> Page(DatabaseSession session, MessageFilter filter, PagePosition position, int limit)
    {
        var backwards = position.NewerThan is not null;
        var rows = session.Query(
            $"""
             SELECT {AllColumns} FROM messages
             WHERE (@to IS NULL OR to_number = @to) AND (@from IS NULL OR from_number = @from)
               AND (@since IS NULL OR coalesce(sent_at, created_at) >= @since) AND (@until IS NULL OR coalesce(sent_at, created_at) < @until)
               AND (@older IS NULL OR seq < (SELECT seq FROM messages WHERE sid = @older))
               AND (@newer IS NULL OR seq > (SELECT seq FROM messages WHERE sid = @newer))
             ORDER BY seq {(backwards ? "ASC" : "DESC")} LIMIT @limit OFFSET @offset
             """,
            Read,
            ("@to", filter.To),
            ("@from", filter.From),
            ("@since", filter.Since),
            ("@until", filter.Until),
            ("@older", position.OlderThan),
            ("@newer", position.NewerThan),
            ("@limit", limit),
            ("@offset", position.Offset));
        if (backwards)
        {
            rows.Reverse();
        }

        return rows;
    }

    /// <summary>The newest texts between a phone and everybody that it talks to, oldest first.</summary>
    public static List<Message> Thread(DatabaseSession session, string handset, int limit)
    {
        var rows = session.Query(
            $"SELECT {AllColumns} FROM messages WHERE handset = @handset ORDER BY seq DESC LIMIT @limit",
            Read,
            ("@handset", handset),
            ("@limit", limit));
        rows.Reverse();
        return rows;
    }

    /// <summary>The last text of every phone, newest first.</summary>
    public static List<Message> LastOfEachHandset(DatabaseSession session, int limit) => session.Query(
        $"SELECT {AllColumns} FROM messages WHERE seq IN (SELECT max(seq) FROM messages GROUP BY handset) ORDER BY seq DESC LIMIT @limit",
        Read,
        ("@limit", limit));

    /// <summary>Who last texted this phone; null if nobody has.</summary>
    public static string? LastSenderTo(DatabaseSession session, string handset) => session
        .Query(
            "SELECT from_number FROM messages WHERE handset = @handset AND direction <> 'inbound' ORDER BY seq DESC LIMIT 1",
            row => row.GetString(0),
            ("@handset", handset))
        .FirstOrDefault();

    /// <returns>False if it was so already.</returns>
    public static bool OptOut(DatabaseSession session, string sender, string handset) => session.Execute(
        "INSERT OR IGNORE INTO opt_outs (sender, handset) VALUES (@sender, @handset)", ("@sender", sender), ("@handset", handset)) > 0;

    /// <returns>False if the phone had not opted out.</returns>
    public static bool OptIn(DatabaseSession session, string sender, string handset) => session.Execute(
        "DELETE FROM opt_outs WHERE sender = @sender AND handset = @handset", ("@sender", sender), ("@handset", handset)) > 0;

    public static List<string> SendersOptedOutOf(DatabaseSession session, string handset) => session.Query(
        "SELECT sender FROM opt_outs WHERE handset = @handset ORDER BY sender", row => row.GetString(0), ("@handset", handset));

    public static bool HasOptedOut(DatabaseSession session, string sender, string handset) =>
        SendersOptedOutOf(session, handset).Contains(sender);

    private static Message Read(SqliteDataReader row) => new()
    {
        Sid = row.GetString(1),
        Direction = row.GetString(2),
        From = row.GetString(3),
        To = row.GetString(4),
        Body = row.GetString(5),
        MessagingServiceSid = row.TextOrNull(6),
        Status = row.GetString(7),
        ErrorCode = row.NumberOrNull(8),
        StatusCallback = row.TextOrNull(9),
        CreatedAt = row.Instant(10),
        UpdatedAt = row.Instant(11),
        SentAt = row.InstantOrNull(12),
        Journey = new Journey(
            row.GetString(13), row.NumberOrNull(14), row.GetInt32(15), row.GetBoolean(16), TimeSpan.FromMilliseconds(row.GetInt64(17))),
    };
}

/// <summary>Which messages a list is of; null does not filter. <see cref="Until"/> is exclusive.</summary>
internal sealed record MessageFilter(string? To, string? From, DateTimeOffset? Since, DateTimeOffset? Until);

/// <summary>Where a page begins: after a message (by SID), before one, or a number of messages from the newest.</summary>
internal sealed record PagePosition(string? OlderThan = null, string? NewerThan = null, long Offset = 0);
