using FollowUp.Data.Consents;
using FollowUp.Data.Context;
using FollowUp.Data.Planning;
using FollowUp.Data.Rows;
using FollowUp.Data.Sessions;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Patients;

/// <summary>Writes what a booking, or a PUT of the patient, says about a patient.</summary>
internal static class PatientPut
{
    public static async Task<(PatientRow Patient, ConsentOutcome Consents)> ApplyAsync(
        FollowUpContext db, SendRules rules, ClinicRow clinic, BookedPatient booked, Instant now, CancellationToken cancellation)
    {
        var patient = await db.Patients.FindAsync([clinic.Id, booked.Id], cancellation);
        if (patient is null)
        {
            patient = new PatientRow
            {
                ClinicId = clinic.Id,
                Id = booked.Id,
                FirstName = booked.FirstName,
                Phone = booked.Phone,
                Language = booked.Language ?? clinic.Languages[0],
                TimeZone = booked.TimeZone ?? clinic.TimeZone,
                EssentialsOnly = booked.EssentialsOnly,
                CreatedAt = now,
                ChangedAt = now,
            };
            db.Patients.Add(patient);
        }
        else
        {
            patient.FirstName = booked.FirstName;
            patient.Phone = booked.Phone;
            patient.Language = booked.Language ?? clinic.Languages[0];
            patient.TimeZone = booked.TimeZone ?? clinic.TimeZone;
            patient.EssentialsOnly = booked.EssentialsOnly;
            if (db.Entry(patient).State == EntityState.Modified)
            {
                patient.ChangedAt = now;
            }
        }

        return (patient, await StatedConsents.RecordAsync(db, rules, clinic, patient, booked, now, cancellation));
    }
}
