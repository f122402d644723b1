using FollowUp.Data.Rows;
using NodaTime;

namespace FollowUp.Data.Patients;

/// <summary>A patient as the store knows them.</summary>
/// <param name="Consents">What the patient agrees to now; empty after an opt-out.</param>
/// <param name="OptedOut">The patient, or somebody on the same number, said no to all texts.</param>
/// <param name="Unreachable">A carrier says that texts never arrive at the number.</param>
/// <param name="WrongNumber">Somebody answered that the number is theirs.</param>
public sealed record PatientView(
    string Clinic, string Id, string FirstName, string Phone, string Language, string TimeZone, bool EssentialsOnly,
    IReadOnlyList<ConsentKind> Consents, bool OptedOut, bool Unreachable, bool WrongNumber, IReadOnlyList<ConsentEntry> History)
{
    /// <summary>Neither the name nor the number.</summary>
    public override string ToString() => $"{Clinic}:{Id}";
}

/// <summary>One word on one kind of text.</summary>
/// <param name="Method">How it was given: on a form, by telephone.</param>
/// <param name="Wording">What the patient was shown.</param>
/// <param name="Evidence">The SID of the patient's text, the carrier's code, or what staff wrote down.</param>
public sealed record ConsentEntry(
    ConsentKind Kind, bool Granted, ConsentSource Source, string? Method, string? Wording, string? Evidence, Instant At)
{
    internal static ConsentEntry Of(ConsentRow row) => new(row.Kind, row.Granted, row.Source, row.Method, row.Wording, row.Evidence, row.At);
}

/// <summary>What a PUT of a patient did.</summary>
public sealed record PatientPutResult(PatientVerdict Verdict, PatientView? Patient, IReadOnlyList<ChangedSession> Affected);

public enum PatientVerdict
{
    Created,
    Changed,
    Unchanged,
    UnknownClinic,
}

/// <summary>What staff say about a patient beside what a booking says.</summary>
/// <param name="Unreachable">False takes the mark off the number: it can get texts after all.</param>
/// <param name="WrongNumber">False takes the mark off the number: it is the patient's after all.</param>
/// <param name="ConsentEvidence">
/// What shows that the patient has agreed again. Only with it is a consent granted that the patient had withdrawn.
/// </param>
public sealed record PatientCorrections(bool? Unreachable, bool? WrongNumber, string? ConsentEvidence);
