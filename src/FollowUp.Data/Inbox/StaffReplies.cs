using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FollowUp.Data.Context;
using FollowUp.Data.Delivery;
using FollowUp.Data.Rows;
using Microsoft.EntityFrameworkCore;

namespace FollowUp.Data.Inbox;

/// <summary>
/// The identity of what staff answer: made from what is said to what, so that the same form sent twice is one text. A reply that has surely not
/// arrived may be sent once more, as another text.
/// </summary>
internal static class StaffReplies
{
    private const int HashDigits = 32;

    /// <summary>The last attempt at the same reply; null when there is none.</summary>
    public static async Task<DirectMessageRow?> LastAsync(FollowUpContext db, string clinic, string messageSid, string text, CancellationToken cancellation)
    {
        var id = FirstId(messageSid, text);
        var end = id + "~";
        return (await db.DirectMessages
                .Where(row => row.ClinicId == clinic && string.Compare(row.Id, id) >= 0 && string.Compare(row.Id, end) < 0).ToListAsync(cancellation))
            .MaxBy(row => row.CreatedAt);
    }

    public static bool HasSurelyFailed(DirectMessageRow row) =>
        row.State == StepState.Skipped || (row.State == StepState.Undelivered && (row.MessageSid is null || TwilioCodes.SaysNotDelivered(row.ErrorCode)));

    public static bool MayHaveArrived(DirectMessageRow row) => row.State == StepState.Undelivered && !HasSurelyFailed(row);

    /// <param name="last">The attempt before; null for the first.</param>
    public static string NextId(string messageSid, string text, DirectMessageRow? last)
    {
        var first = FirstId(messageSid, text);
        return last is null ? first
            : string.Create(CultureInfo.InvariantCulture, $"{first}.{(last.Id.Length > first.Length ? int.Parse(last.Id.AsSpan(first.Length + 1), CultureInfo.InvariantCulture) : 1) + 1}");
    }

    private static string FirstId(string messageSid, string text) =>
        "reply-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{messageSid}\n{text}")))[..HashDigits];
}
