using FollowUp.Data;
using FollowUp.Data.Sessions;
using FollowUp.Functions.Http;

namespace FollowUp.Functions.Patients;

/// <summary>A patient as a session PUT carries them, and as a patient PUT does.</summary>
internal static class PatientFields
{
    internal const int LongestMethod = 60;
    internal const int LongestWording = 1000;

    /// <param name="patient">The patient's own fields.</param>
    /// <param name="idInAddress">The id, where the address has it: the body may repeat it, and no other.</param>
    /// <returns>Null when something is wrong; it is on record in the fields.</returns>
    public static BookedPatient? Read(JsonFields patient, string? idInAddress = null)
    {
        var id = patient.Text("id", required: idInAddress is null, text => idInAddress is null ? FieldRules.Id(text)
            : text == idInAddress ? null : "Must be the patient in the address, or absent.");
        var firstName = patient.Text("firstName", required: true, FieldRules.Words(100));
        var phone = patient.Text("phone", required: true, FieldRules.Phone);
        var language = patient.Text("language", required: false, FieldRules.Language);
        var timeZone = patient.Text("timeZone", required: false, FieldRules.TimeZone);
        var consents = patient.Texts("consents", FieldRules.OneOf(EnumText.All<ConsentKind>()));
        var method = patient.Text("consentMethod", required: false, FieldRules.Words(LongestMethod));
        var wording = patient.Text("consentWording", required: false, FieldRules.Paragraphs(LongestWording));
        var essentialsOnly = patient.Flag("essentialsOnly");
        return (id ?? idInAddress) is not { } known || firstName is null || phone is null || !patient.IsFine("consents")
            ? null
            : new BookedPatient
            {
                Id = known,
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
}
