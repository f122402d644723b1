using FollowUp.Data;
using FollowUp.Data.Patients;
using FollowUp.Functions.Http;

namespace FollowUp.Functions.Patients;

/// <summary>A patient as the contract shows them: what a session PUT carries, and what has come of it.</summary>
internal record PatientAnswer(
    string Clinic,
    string Id,
    string FirstName,
    string Phone,
    string Language,
    string TimeZone,
    IReadOnlyList<string> Consents,
    bool EssentialsOnly,
    bool OptedOut,
    bool Unreachable,
    bool WrongNumber,
    IReadOnlyList<ConsentAnswer> ConsentHistory)
{
    public static PatientAnswer Of(PatientView view) => new(
        view.Clinic,
        view.Id,
        view.FirstName,
        view.Phone,
        view.Language,
        view.TimeZone,
        [.. view.Consents.Select(EnumText.Of)],
        view.EssentialsOnly,
        view.OptedOut,
        view.Unreachable,
        view.WrongNumber,
        [.. view.ConsentHistory.Select(ConsentAnswer.Of)]);

    /// <summary>The ids alone.</summary>
    public override string ToString() => $"{Clinic}:{Id}";
}

/// <summary>The answer to a PUT.</summary>
internal sealed record PatientPutAnswer : PatientAnswer
{
    public PatientPutAnswer(PatientView view, IEnumerable<ConsentKind> ignored)
        : base(Of(view)) => IgnoredConsents = [.. ignored.Select(EnumText.Of)];

    /// <summary>Listed, and withdrawn all the same.</summary>
    public IReadOnlyList<string> IgnoredConsents { get; }
}

internal sealed record ConsentAnswer(
    string Kind, bool Granted, string Source, string? Method, string? Wording, string? Evidence, string At)
{
    public static ConsentAnswer Of(ConsentView view) => new(
        EnumText.Of(view.Kind), view.Granted, EnumText.Of(view.Source), view.Method, view.Wording, view.Evidence, Answers.Moment(view.At));
}
