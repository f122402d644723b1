using FollowUp.Data;
using FollowUp.Data.Imports;
using FollowUp.Functions.Http;
using FollowUp.Functions.Sessions;

namespace FollowUp.Functions.Imports;

/// <summary>An import as the contract shows it. <c>Done</c> is the sum of the four that follow.</summary>
internal sealed record ImportAnswer(
    string Clinic, string Import, string State, int Total, int Done, int Created, int Changed, int Unchanged, int Failed, string StartedAt, string? EndedAt)
{
    public static ImportAnswer Of(ImportView view) => new(
        view.Clinic, view.Id, EnumText.Of(view.State), view.Total, view.Done, view.Created, view.Changed, view.Unchanged, view.Failed,
        Answers.Moment(view.StartedAt), Answers.Moment(view.EndedAt));
}

/// <summary>One line of a file and what became of it. No value of the file is in it but the session's id.</summary>
internal sealed record ImportRowAnswer(int Line, string? Session, string State, IReadOnlyList<RowErrorAnswer> Errors)
{
    public static ImportRowAnswer Of(ImportLineView view) => new(
        view.Line,
        view.Session,
        EnumText.Of(view.State),
        [.. view.Mistakes.Select(RowErrorAnswer.Of), .. view.Refusal is { } refusal ? [RowErrorAnswer.Of(refusal)] : (RowErrorAnswer[])[]]);

    public static ImportRowAnswer Failed(ImportLine line, LineForecast? forecast) => new(
        line.Number,
        line.Booking?.Key.Session ?? line.Session,
        EnumText.Of(ImportLineState.Failed),
        [.. line.Mistakes.Select(RowErrorAnswer.Of), .. forecast?.Refusal is { } refusal ? [RowErrorAnswer.Of(refusal)] : (RowErrorAnswer[])[]]);
}

/// <summary>What is wrong with a line.</summary>
/// <param name="Column">As this contract spells it; null for what concerns the line as a whole.</param>
internal sealed record RowErrorAnswer(string? Column, string Message)
{
    public static RowErrorAnswer Of(LineMistake mistake) => new(mistake.Column, mistake.Message);

    /// <summary>In the words in which a session PUT is refused.</summary>
    public static RowErrorAnswer Of(ImportRefusal refusal) => refusal switch
    {
        ImportRefusal.UnknownPlan => new("plan", BookingProblems.NoPlan),
        ImportRefusal.OtherPatient => new("patientId", BookingProblems.KeepsPatient),
        ImportRefusal.OtherPlan => new("plan", BookingProblems.KeepsPlan),
        ImportRefusal.Ended => new("startsAt", $"{BookingProblems.HasEnded} {BookingProblems.MayBeMoved}"),
        ImportRefusal.PatientErased => new(null, "The patient was erased while the line waited, and is not brought back by it."),
        _ => new(null, "Something went wrong here, and the line was not booked. The log of the app says more; the same file with again=true is safe."),
    };
}

/// <summary>The whole report of a dry run.</summary>
/// <param name="Valid">Lines that would be booked: <c>New</c> sessions, and those that are <c>Known</c>, to be changed or left as they are.</param>
/// <param name="Rows">Those that would not.</param>
internal sealed record DryRunAnswer(bool DryRun, int Total, int Valid, int New, int Known, int Failed, IReadOnlyList<ImportRowAnswer> Rows);
