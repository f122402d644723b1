using FollowUp.Data.Context;
using FollowUp.Data.Rows;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Alerts;

/// <summary>
/// Red flags: texts that may be about a symptom. Somebody who is unwell writes several in a row, and an automatic reply comes as often as it is
/// provoked; such texts are one alert, which is open until each of them was read, or told and acknowledged.
/// </summary>
internal static class RedFlags
{
    private static readonly Duration GatherFor = Duration.FromMinutes(15);

    /// <summary>Raises a red flag for a clinic's copy of a text, or adds the text to the one that is open for the same person.</summary>
    /// <param name="copy">On record already.</param>
    /// <param name="phone">Who sent it.</param>
    public static async Task RaiseAsync(FollowUpContext db, InboundCopyRow copy, string phone, Instant now, CancellationToken cancellation)
    {
        var since = now - GatherFor;
        var open = await db.Alerts
            .Where(row => row.Urgent && row.AcknowledgedAt == null && row.RaisedAt >= since
                && row.ClinicId == copy.ClinicId && row.Kind == AlertKind.RedFlag && row.PatientId == copy.PatientId
                && db.InboundCopies.Any(other => other.AlertId == row.Id
                    && db.InboundMessages.Any(message => message.MessageSid == other.MessageSid && message.Sender == phone)))
            .OrderByDescending(row => row.Id)
            .FirstOrDefaultAsync(cancellation);
        copy.AlertId = (open ?? await AddAsync(db, copy, now, cancellation)).Id;
    }

    /// <summary>The texts of an alert that is being told: whoever acknowledges it now has these.</summary>
    /// <returns>How many of them nobody has read.</returns>
    public static async Task<int> TellAsync(FollowUpContext db, AlertRow alert, Instant now, CancellationToken cancellation)
    {
        var unread = await db.InboundCopies.Where(row => row.AlertId == alert.Id && row.ReadAt == null).ToListAsync(cancellation);
        unread.ForEach(copy => copy.ToldAt ??= now);
        return unread.Count;
    }

    /// <summary>Somebody has an alert that texts were added to which they have not been told of: those become an alert of their own.</summary>
    /// <param name="toldAt">When they were told; null for when anybody was told last.</param>
    /// <returns>Whether there were any.</returns>
    public static async Task<bool> PartAsync(FollowUpContext db, AlertRow alert, Instant? toldAt, Instant now, CancellationToken cancellation)
    {
        var untold = await db.InboundCopies
            .Where(row => row.AlertId == alert.Id && row.ReadAt == null && (row.ToldAt == null || row.ToldAt > toldAt)).OrderBy(row => row.ReceivedAt)
            .ToListAsync(cancellation);
        if (untold.Count == 0)
        {
            return false;
        }

        var own = await AddAsync(db, untold[0], now, cancellation);
        untold.ForEach(copy => copy.AlertId = own.Id);
        return true;
    }

    /// <summary>Saved at once, for its id.</summary>
    private static async Task<AlertRow> AddAsync(FollowUpContext db, InboundCopyRow copy, Instant now, CancellationToken cancellation)
    {
        var row = AlertLog.Add(db, new Alert(copy.ClinicId, AlertKind.RedFlag, $"{EnumText.Of(AlertKind.RedFlag)}:{copy.MessageSid}")
        {
            Patient = copy.PatientId,
            Session = copy.SessionId,
            InboundSid = copy.MessageSid,
        }, now);
        await db.SaveChangesAsync(cancellation);
        return row;
    }
}
