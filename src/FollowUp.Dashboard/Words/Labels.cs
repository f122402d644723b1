using FollowUp.Core.Timelines;
using FollowUp.Data;
using FollowUp.Data.Bulk;
using FollowUp.Data.Inbox;
using FollowUp.Data.Sessions.Lists;
using FollowUp.Data.Staff;

namespace FollowUp.Dashboard.Words;

/// <summary>What staff read for what the store calls by a code.</summary>
internal static class Labels
{
    /// <summary>Whom the audit names, in words.</summary>
    public static string Who(string actor) => actor.Split(':', 2) switch
    {
        ["key", "root"] => "the root key",
        ["key", var id] => $"API key {id}",
        ["staff", var name] => name,
        _ => actor,
    };

    public static string Of(StaffRole role) => Plain(EnumText.Of(role));

    public static string Of(SessionState state) => state switch
    {
        SessionState.Scheduled => "Starting",
        SessionState.OptedOut => "Opted out",
        _ => Plain(EnumText.Of(state)),
    };

    public static string Of(StepState state) => state switch
    {
        StepState.Unknown => "Outcome not known",
        StepState.Undelivered => "Not delivered",
        _ => Plain(EnumText.Of(state)),
    };

    public static string Of(StepKind kind) => Plain(StepKinds.NameOf(kind));

    public static string Of(SessionOutcome outcome) => outcome switch
    {
        SessionOutcome.NoShow => "Missed",
        _ => Plain(EnumText.Of(outcome)),
    };

    public static string Of(InboundMeaning meaning) => meaning switch
    {
        InboundMeaning.OptOut => "Wants no texts",
        InboundMeaning.OptIn => "Wants texts again",
        InboundMeaning.Help => "Asks for help",
        InboundMeaning.WrongNumber => "Not the patient's number",
        InboundMeaning.Confirm => "Confirms",
        InboundMeaning.Reschedule => "Wants another time",
        InboundMeaning.Cancel => "Calls off",
        InboundMeaning.CheckIn => "Check-in answer",
        InboundMeaning.Staff => "From staff",
        _ => "Message",
    };

    public static string Of(AlertKind kind) => kind switch
    {
        AlertKind.RedFlag => "Possible symptom",
        AlertKind.Undelivered => "Text not delivered",
        AlertKind.NumberUnreachable => "Number cannot get texts",
        AlertKind.WrongNumber => "Number is somebody else's",
        AlertKind.SenderPaused => "Sending is paused",
        AlertKind.SenderFiltered => "A carrier filters your texts",
        AlertKind.Inbox => "Text waits in the inbox",
        AlertKind.Reschedule => "Wants another time",
        AlertKind.CancelledByPatient => "Patient called off",
        AlertKind.LowRating => "Low check-in answer",
        AlertKind.UnclearPatient => "Text of an unclear patient",
        _ => Plain(EnumText.Of(kind)),
    };

    public static string Of(SessionOrder order) => order switch
    {
        SessionOrder.DueSoonestFirst => "Next text first",
        SessionOrder.DueLastFirst => "Next text last",
        SessionOrder.StartsLastFirst => "Latest session first",
        _ => "Earliest session first",
    };

    /// <summary>What Twilio's code means for staff; the code alone when it is a rare one.</summary>
    public static string Code(int code) => code switch
    {
        21211 or 21614 => "the number cannot get texts",
        21408 => "texts to that country are not switched on",
        21610 => "the number has opted out",
        30003 => "the phone is off or out of reach",
        30004 => "the carrier or the patient blocks texts",
        30005 => "the number is not in service",
        30006 => "the number is a landline",
        30007 => "the carrier has filtered the text",
        30008 => "the carrier gives no reason",
        _ => $"Twilio's code {code}",
    };

    /// <summary>Why a text has not arrived, in a clause.</summary>
    public static string Why(string? reason, int? code) => code is { } known ? $"{Code(known)} ({known})" : reason ?? "not delivered";

    /// <summary>A code such as <c>session-booked</c> as words.</summary>
    public static string Plain(string code) => Sentence(code.Replace('-', ' '));

    /// <summary>With a capital at its beginning.</summary>
    public static string Sentence(string words) => words.Length == 0 ? words : char.ToUpperInvariant(words[0]) + words[1..];

    public static string Count(int number, string one, string? many = null) => number == 1 ? $"1 {one}" : $"{number:N0} {many ?? one + "s"}";

    /// <summary>A colour's name: what is good, what waits, what is wrong.</summary>
    public static string Tone(StepState state) => state switch
    {
        StepState.Delivered => "good",
        StepState.Sent or StepState.Sending => "going",
        StepState.Undelivered or StepState.Unknown => "bad",
        StepState.Planned => "waiting",
        _ => "off",
    };

    public static string Of(BulkState state) => Plain(EnumText.Of(state));

    public static string Tone(BulkState state) => state switch
    {
        BulkState.Running => "going",
        BulkState.Completed => "good",
        _ => "off",
    };

    public static string Tone(SessionState state) => state switch
    {
        SessionState.Waiting or SessionState.Scheduled => "going",
        SessionState.Completed => "good",
        SessionState.Failed => "bad",
        SessionState.Paused => "waiting",
        _ => "off",
    };
}
