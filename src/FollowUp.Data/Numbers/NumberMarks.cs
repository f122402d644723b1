using System.Security.Cryptography;
using System.Text;
using FollowUp.Data.Context;
using FollowUp.Data.Rows;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Numbers;

/// <summary>
/// What is known of phone numbers apart from their patients. A number is found by its HMAC under a key that the installation made for itself,
/// so that a STOP outlives the erasure of the patient without keeping the number.
/// </summary>
internal static class NumberMarks
{
    private const string KeyName = "number-key";

    /// <summary>The marks that hold for texts from a sender to a number.</summary>
    public static async Task<IReadOnlySet<NumberMark>> FindAsync(FollowUpContext db, string phone, string sender, CancellationToken cancellation)
    {
        if (await InstallationSecret.FindAsync(db, KeyName, cancellation) is not { } key)
        {
            return new HashSet<NumberMark>();
        }

        var number = Hash(key, phone);
        return (await db.NumberMarks
            .Where(row => row.NumberKey == number && (row.Sender == sender || row.Sender == NumberMarkRow.EverySender))
            .Select(row => row.Mark)
            .ToListAsync(cancellation)).ToHashSet();
    }

    /// <summary>Marks a number. A mark that is there already keeps its first reason and time.</summary>
    /// <param name="sender">Whose texts it holds for; <see cref="NumberMarkRow.EverySender"/> for all.</param>
    /// <param name="reason">Twilio's code or the SID of a text, never a number or a text.</param>
    /// <returns>Whether the mark is new.</returns>
    public static async Task<bool> AddAsync(
        FollowUpContext db, string phone, string sender, NumberMark mark, string? reason, Instant now, CancellationToken cancellation)
    {
        var number = Hash(await InstallationSecret.FindOrMakeAsync(db, KeyName, cancellation), phone);
        if (await db.NumberMarks.FindAsync([number, sender, mark], cancellation) is not null)
        {
            return false;
        }

        db.NumberMarks.Add(new NumberMarkRow { NumberKey = number, Sender = sender, Mark = mark, Reason = reason, At = now });
        return true;
    }

    /// <summary>Takes a mark off a number, for this sender and for all.</summary>
    /// <returns>Whether it was there.</returns>
    public static async Task<bool> LiftAsync(FollowUpContext db, string phone, string sender, NumberMark mark, CancellationToken cancellation)
    {
        if (await InstallationSecret.FindAsync(db, KeyName, cancellation) is not { } key)
        {
            return false;
        }

        var number = Hash(key, phone);
        var rows = await db.NumberMarks
            .Where(row => row.NumberKey == number && row.Mark == mark && (row.Sender == sender || row.Sender == NumberMarkRow.EverySender))
            .ToListAsync(cancellation);
        db.NumberMarks.RemoveRange(rows);
        return rows.Count > 0;
    }

    /// <summary>How many of the numbers carry any mark that holds for texts from their sender.</summary>
    public static async Task<int> CountMarkedAsync(
        FollowUpContext db, IReadOnlyCollection<(string Phone, string Sender)> numbers, CancellationToken cancellation)
    {
        if (await InstallationSecret.FindAsync(db, KeyName, cancellation) is not { } key)
        {
            return 0;
        }

        var marked = 0;
        foreach (var chunk in numbers.Select(number => (Key: Hash(key, number.Phone), number.Sender)).Chunk(500))
        {
            var keys = chunk.Select(number => number.Key).ToList();
            var marks = (await db.NumberMarks.Where(row => keys.Contains(row.NumberKey)).Select(row => new { row.NumberKey, row.Sender }).ToListAsync(cancellation))
                .ToLookup(row => row.NumberKey, row => row.Sender);
            marked += chunk.Count(number => marks[number.Key].Any(sender => sender == number.Sender || sender == NumberMarkRow.EverySender));
        }

        return marked;
    }

    private static string Hash(byte[] key, string phone) => Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(phone)));
}
