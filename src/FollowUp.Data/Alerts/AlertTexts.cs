using System.Globalization;

namespace FollowUp.Data.Alerts;

/// <summary>What staff are told by text. A staff phone is read by others too: ids and counts, never a name, a number or a patient's words.</summary>
internal static class AlertTexts
{
    private const string Inbox = "the inbox of FollowUp";
    private const string AnswerOk = "Answer OK to say that you have it.";

    /// <param name="clinicName">As patients know it.</param>
    /// <param name="patient">The patient's id; null when it is not certain whose text it is.</param>
    /// <param name="texts">How many wait to be read.</param>
    /// <param name="dashboard">Where to read more; null when the public address is not known.</param>
    /// <param name="time">Which time this is told.</param>
    public static string RedFlag(string clinicName, string? patient, int texts, string? dashboard, int time)
    {
        var what = texts > 1 ? string.Create(CultureInfo.InvariantCulture, $"{texts} texts from {Who(patient)}") : $"A text from {Who(patient)}";
        var them = texts > 1 ? "them" : "it";
        return $"{Heading(clinicName, time)} {what} may be about a symptom. Read {them} now and call: {dashboard ?? Inbox}. {AnswerOk}";
    }

    /// <summary>The text that asks a patient to call has not reached them.</summary>
    /// <inheritdoc cref="RedFlag"/>
    public static string NotAnswered(string clinicName, string? patient, string? dashboard, int time) =>
        $"{Heading(clinicName, time)} {Who(patient)[..1].ToUpperInvariant()}{Who(patient)[1..]} who may be unwell could not be answered by text. Phone them now: "
        + $"{dashboard ?? Inbox}. {AnswerOk}";

    /// <summary>One text for everything that has gathered.</summary>
    public static string Digest(string clinicName, IEnumerable<AlertKind> kinds, string? dashboard)
    {
        var counts = kinds.GroupBy(kind => kind).OrderBy(group => group.Key).Select(group => Words(group.Key, group.Count()));
        return $"FollowUp for {clinicName}: {string.Join("; ", counts)}. See {dashboard ?? Inbox}";
    }

    private static string Heading(string clinicName, int time) =>
        $"{clinicName}: URGENT{(time > 1 ? string.Create(CultureInfo.InvariantCulture, $" (told {time} times)") : "")}.";

    private static string Who(string? patient) => patient is null ? "a patient" : $"patient {patient}";

    private static string Words(AlertKind kind, int count)
    {
        var (one, many) = kind switch
        {
            AlertKind.Undelivered => ("text was not delivered", "texts were not delivered"),
            AlertKind.NumberUnreachable => ("number cannot get texts", "numbers cannot get texts"),
            AlertKind.WrongNumber => ("number is somebody else's", "numbers are somebody else's"),
            AlertKind.SenderPaused => ("sender is paused: Twilio refuses its texts", "senders are paused: Twilio refuses their texts"),
            AlertKind.SenderFiltered => ("carrier filters your texts", "carriers filter your texts"),
            AlertKind.Inbox => ("text waits in the inbox", "texts wait in the inbox"),
            AlertKind.Reschedule => ("patient asks for another time", "patients ask for another time"),
            AlertKind.CancelledByPatient => ("patient has called off", "patients have called off"),
            AlertKind.LowRating => ("low check-in answer", "low check-in answers"),
            AlertKind.UnclearPatient => ("text of an unclear patient", "texts of unclear patients"),
            _ => ("urgent text", "urgent texts"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many)}");
    }
}
