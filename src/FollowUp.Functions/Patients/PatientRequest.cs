using System.Text.Json;
using FollowUp.Data;
using FollowUp.Data.Patients;
using FollowUp.Data.Sessions;
using FollowUp.Functions.Http;

namespace FollowUp.Functions.Patients;

/// <summary>A patient in the body of a request: within a session, or by itself.</summary>
internal static class PatientRequest
{
    private const int LongestWording = 1000;

    /// <summary>The fields that both have. Mistakes are kept in the fields; null when there is one.</summary>
    public static BookedPatient? Read(JsonFields patient, string? id)
    {
        var firstName = patient.Text("firstName", required: true, FieldRules.Words(100));
        var phone = patient.Text("phone", required: true, FieldRules.Phone);
        var language = patient.Text("language", required: false, FieldRules.Language);
        var timeZone = patient.Text("timeZone", required: false, FieldRules.TimeZone);
        var consents = patient.Texts("consents", FieldRules.OneOf(EnumText.All<ConsentKind>()));
        var method = patient.Text("consentMethod", required: false, FieldRules.Words(100));
        var wording = patient.Text("consentWording", required: false, FieldRules.Words(LongestWording));
        var essentialsOnly = patient.Flag("essentialsOnly");
        return id is null || firstName is null || phone is null || !patient.IsFine("consents")
            ? null
            : new BookedPatient
            {
                Id = id,
                FirstName = firstName,
                Phone = phone,
                Language = language,
                TimeZone = timeZone,
                Consents = consents?.Select(EnumText.Parse<ConsentKind>).ToHashSet(),
                ConsentMethod = method,
                ConsentWording = wording,
                EssentialsOnly = essentialsOnly ?? false,
            };
    }

    /// <summary>The body of a patient PUT: a patient as in a session, and what staff correct.</summary>
    /// <exception cref="ProblemException">400, with everything that is wrong by field.</exception>
    public static (BookedPatient Patient, PatientCorrections Corrections) ReadPut(string clinic, string patient, JsonElement body)
    {
        PathIds.Check(("clinic", clinic), ("patient", patient));
        var fields = new JsonFields(body);
        fields.Text("id", required: false, id => id == patient ? null : "Must be the patient in the address, or absent.");
        var booked = Read(fields, patient);
        var corrections = new PatientCorrections(
            OnlyFalse(fields, "unreachable"),
            OnlyFalse(fields, "wrongNumber"),
            fields.Text("consentEvidence", required: false, FieldRules.Words(200)));
        fields.ThrowIfWrong();
        return (booked!, corrections);
    }

    /// <summary>A mark comes from the carrier or the number itself; staff can only say that it is wrong.</summary>
    private static bool? OnlyFalse(JsonFields fields, string name)
    {
        var value = fields.Flag(name);
        if (value == true)
        {
            fields.Error(name, "Can only be set to false, which takes the mark off the number.");
        }

        return value;
    }
}
