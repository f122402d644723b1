using FollowUp.Data;
using FollowUp.Data.Delivery;
using FollowUp.Testing;
using NodaTime;

namespace FollowUp.Workflows.Tests.Faults;

/// <summary>From that message on, nothing planned may reach the patient any more.</summary>
internal sealed record Silence(string Phone, int AfterMessages, string Why);

/// <summary>Holds what Twilio took against what the ledger says and what the patients wanted.</summary>
internal sealed class Verdict(ClinicUnderTest clinic, IReadOnlyList<Silence> silences, IReadOnlyList<SessionKey> courses)
{
    private readonly List<(FakeTwilio.Taken Message, SendReference Reference)> _taken = [.. clinic.Twilio.Messages.Select(message => (message, ReferenceOf(message)))];

    /// <summary>The last step of a course, which staff skip while others are on their way.</summary>
    public const string SkippedStep = "rebook-last-call";

    private const string ByStaff = "skipped by staff";

    /// <summary>Which text it is, as the callback address says.</summary>
    public static SendReference ReferenceOf(FakeTwilio.Taken message) =>
        SendReference.TryParse(message.Sms.StatusCallback?.Query.Replace("?ref=", "", StringComparison.Ordinal))!;

    public async Task<IEnumerable<string>> FindAsync() =>
        [.. LedgerAndTwilioDiffer(), .. SentTwice(), .. SentAgainstTheWord(), .. SentThoughSkipped(), .. SentAtNight(), .. await LostAsync()];

    private IEnumerable<string> LedgerAndTwilioDiffer()
    {
        var known = clinic.Column("SELECT message_sid FROM steps WHERE message_sid IS NOT NULL UNION SELECT message_sid FROM earlier_messages "
            + "UNION SELECT message_sid FROM direct_messages WHERE message_sid IS NOT NULL").ToHashSet(StringComparer.Ordinal);
        return
        [
            .. _taken.Where(text => !known.Contains(text.Message.Sid)).Select(text => $"{text.Message.Sid} ({text.Reference}) is not in the ledger"),
            .. known.Except(_taken.Select(text => text.Message.Sid)).Select(sid => $"{sid} is in the ledger and nobody took it"),
        ];
    }

    private IEnumerable<string> SentTwice() =>
        from texts in _taken.GroupBy(text => (text.Reference.Session, text.Reference.Step))
        let allowed = texts.Key.Session.Session == SendReference.ToDirect("c", "m", 1).Session.Session ? 1 : 1 + Number("resends", texts.Key.Session, texts.Key.Step)
        where texts.Count() > allowed
        select $"{texts.Key} was sent {texts.Count()} times";

    private IEnumerable<string> SentAgainstTheWord() =>
        from silence in silences
        from text in _taken
        where text.Message.Number > silence.AfterMessages && text.Message.Sms.To == silence.Phone && !text.Reference.IsDirect
        select $"{text.Reference} was sent after {silence.Why}";

    private IEnumerable<string> SentThoughSkipped() =>
        from session in clinic.Column($"SELECT session_id FROM steps WHERE step = '{SkippedStep}' AND staff_skipped_at IS NOT NULL")
        where Text("reason", new SessionKey("glow", session), SkippedStep) != ByStaff
            || _taken.Exists(text => text.Reference.Session.Session == session && text.Reference.Step == SkippedStep)
        select $"{SkippedStep} of {session} was not skipped";

    private IEnumerable<string> SentAtNight() =>
        from text in _taken
        where !text.Reference.IsDirect
        let hour = Instant.FromDateTimeOffset(text.Message.At).InZone(DateTimeZoneProviders.Tzdb[Some.Patient.TimeZone!]).Hour
        where hour is < 8 or >= 21
        select $"{text.Reference} was sent at {text.Message.At}";

    /// <summary>Every step has an end, and none because its time ran out: all the faults pass in good time.</summary>
    private async Task<IEnumerable<string>> LostAsync()
    {
        List<string> lost = [];
        foreach (var course in courses)
        {
            var view = await clinic.ViewAsync(course);
            var disturbed = silences.Any(silence => silence.Phone == PhoneOf(course));
            lost.AddRange(view.Timeline
                .Where(step => step.State is StepState.Planned or StepState.Sending or StepState.Unknown
                    || step.Reason == "its time had passed before it could be sent" || (!disturbed && step.State is StepState.Skipped or StepState.Cancelled && step.Reason != ByStaff))
                .Select(step => $"{course} {step.Step} ended as {step.State} ({step.Reason}): due {Text("due_at", course, step.Step)}, useful until "
                    + $"{Text("useful_until", course, step.Step)}, attempt {Number("attempt", course, step.Step)}, resends {Number("resends", course, step.Step)}"));
        }

        return lost;
    }

    private string PhoneOf(SessionKey course) =>
        clinic.Column($"SELECT phone FROM patients JOIN sessions ON sessions.patient_id = patients.id WHERE sessions.id = '{course.Session}'").Single();

    private string Text(string column, SessionKey session, string step) =>
        clinic.Column($"SELECT CAST({column} AS TEXT) FROM steps WHERE session_id = '{session.Session}' AND step = '{step}'").Single();

    private int Number(string column, SessionKey session, string step) =>
        int.Parse(Text(column, session, step), System.Globalization.CultureInfo.InvariantCulture);
}
