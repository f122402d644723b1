using FollowUp.Data.Context;
using FollowUp.Data.Rows;
using Microsoft.EntityFrameworkCore;

namespace FollowUp.Data.Planning;

/// <summary>A patient's present word: the newest entry of each kind in the history.</summary>
internal sealed record ConsentState(ConsentRow? CareEntry, ConsentRow? MarketingEntry)
{
    public static ConsentState Of(IEnumerable<ConsentRow> history)
    {
        ConsentRow? care = null, marketing = null;
        foreach (var entry in history.OrderBy(entry => entry.Id))
        {
            if (entry.Kind == ConsentKind.Care)
            {
                care = entry;
            }
            else
            {
                marketing = entry;
            }
        }

        return new ConsentState(care, marketing);
    }

    public static async Task<ConsentState> LoadAsync(FollowUpContext db, PatientRow patient, CancellationToken cancellation) =>
        Of(await db.Consents.Where(row => row.ClinicId == patient.ClinicId && row.PatientId == patient.Id).ToListAsync(cancellation));

    public bool Care => CareEntry?.Granted == true;

    public bool Marketing => MarketingEntry?.Granted == true;

    /// <summary>The patient said no to all texts. A clinic that merely stops listing a consent ends no session.</summary>
    public bool OptedOut => CareEntry is { Granted: false, Source: ConsentSource.Patient or ConsentSource.Carrier };

    public ConsentRow? Entry(ConsentKind kind) => kind == ConsentKind.Care ? CareEntry : MarketingEntry;
}
