using FollowUp.Data;
using FollowUp.Data.Sessions;
using FollowUp.Functions.Http;
using Microsoft.AspNetCore.Http;

namespace FollowUp.Functions.Sessions;

/// <summary>Why the store refuses a booking or an event, in the same words wherever it came from.</summary>
internal static class BookingProblems
{
    public const string NoPlan = "There is no such care plan.";
    public const string KeepsPatient = "A session keeps its patient. Book another session.";
    public const string KeepsPlan = "A session keeps the plan that it started with.";
    public const string HasEnded = "The session has ended.";
    public const string MayBeMoved = "Only a start moved into the future books it anew.";

    /// <param name="verdict">Not one of those that mean success.</param>
    public static ProblemException Of(SessionKey key, BookingVerdict verdict) => verdict switch
    {
        BookingVerdict.UnknownClinic => Problems.UnknownClinic(key.Clinic),
        BookingVerdict.UnknownSession => Problems.UnknownSession(key.Clinic, key.Session),
        BookingVerdict.UnknownPlan => Problems.Invalid("plan", NoPlan),
        BookingVerdict.OtherPatient => Conflict("The session belongs to another patient.", "patient.id", KeepsPatient),
        BookingVerdict.OtherPlan => Conflict("The session runs on another care plan.", "plan", KeepsPlan),
        _ => new ProblemException(StatusCodes.Status409Conflict, HasEnded, MayBeMoved),
    };

    private static ProblemException Conflict(string title, string field, string message) =>
        new(StatusCodes.Status409Conflict, title, null, new Dictionary<string, string[]> { [field] = [message] });
}
