using System.Text.Json;
using FollowUp.Data.Patients;
using FollowUp.Functions.Http;

namespace FollowUp.Functions.Patients;

/// <summary>The body of a patient PUT.</summary>
internal static class PatientRequest
{
    internal const int LongestEvidence = 200;

    /// <exception cref="ProblemException">400, with everything that is wrong by field.</exception>
    public static PatientChange Read(string patient, JsonElement body)
    {
        var fields = new JsonFields(body);
        var booked = PatientFields.Read(fields, patient);
        var evidence = fields.Text("consentEvidence", required: false, FieldRules.Words(LongestEvidence));
        var isReachable = ReadLifted(fields, "unreachable");
        var isRightNumber = ReadLifted(fields, "wrongNumber");
        if (evidence is not null && booked is { Consents: null })
        {
            fields.Error("consents", "Must say what the evidence is about.");
        }

        fields.ThrowIfWrong();
        return new PatientChange(booked! with { ConsentEvidence = evidence }) { IsReachable = isReachable, IsRightNumber = isRightNumber };
    }

    /// <summary>Whether staff take something back that was said of the number. They cannot say it: a reply or the carrier does.</summary>
    private static bool ReadLifted(JsonFields fields, string name)
    {
        var said = fields.Flag(name);
        if (said == true)
        {
            fields.Error(name, "Must be false, which lifts it, or absent.");
        }

        return said == false;
    }
}
