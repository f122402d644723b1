using FollowUp.Core.Replies;
using FollowUp.Data.Context;
using FollowUp.Data.Direct;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Inbox;

/// <summary>
/// Puts fixed answers to a text on record. A phone that replies by itself ("I can't come to the phone right now") would answer our answer, and
/// so on for ever: what could go round like that is answered once an hour. The answers to a change of state end by themselves.
/// </summary>
internal sealed class AutomaticAnswers(FollowUpContext db, ReceivedText text, Correspondent from, ReplyReading reading, Instant now)
{
    private static readonly Duration OnceIn = Duration.FromHours(1);

    private readonly List<DirectMessageKey> _added = [];

    /// <summary>To be started.</summary>
    public IReadOnlyList<DirectMessageKey> Added => _added;

    /// <summary>Answers the text, once, unless Twilio has done so, or nobody knows who is written to. A text that may be about a symptom gets the one answer that matters.</summary>
    /// <param name="within">After that the answer is of no use.</param>
    public async Task AnswerAsync(AnswerKind kind, Duration within, CancellationToken cancellation)
    {
        if (reading.AnsweredByTwilio || (reading.RedFlag && kind != AnswerKind.Call))
        {
            return;
        }

        if (from.Clinic is not { } clinic)
        {
            if (kind == AnswerKind.Call && from.Possible.Count > 0)
            {
                await AddAsync(from.Possible[0].Id, kind, AnyClinic(from.Possible), within, cancellation);
            }
        }
        else if (from.Candidates.Count > 0 || from.Staff.Clinics.Count > 0 || kind == AnswerKind.Call)
        {
            string?[] languages = [reading.Language, (from.Patient ?? (from.Candidates is [var first, ..] ? first : null))?.Language, .. clinic.Languages];
            await AddAsync(
                clinic.Id, kind, Answers.Render(kind, languages, clinic.Name, clinic.Phone, clinic.EmergencyNumber), within, cancellation);
        }
    }

    /// <summary>Whoever it is, and whichever clinic they know, they are told to call: the text names none, and the emergency number that all have.</summary>
    private string AnyClinic(IReadOnlyList<PossibleClinic> possible)
    {
        var emergency = possible.Select(clinic => clinic.EmergencyNumber).Distinct(StringComparer.Ordinal).ToList() is [var shared] ? shared : null;
        return Answers.Render(AnswerKind.CallAny, [reading.Language, .. possible[0].Languages], "", "", emergency);
    }

    private async Task AddAsync(string clinic, AnswerKind answer, string body, Duration within, CancellationToken cancellation)
    {
        var kind = EnumText.Parse<DirectMessageKind>(EnumText.Of(answer));
        if (MayGoRound(answer) && await IsAnsweredAsync(clinic, kind, cancellation))
        {
            return;
        }

        var message = new NewDirectMessage(new DirectMessageKey(clinic, $"in-{text.MessageSid}-{EnumText.Of(answer)}"), kind, text.From, body, within)
        {
            Patient = from.Patient?.ClinicId == clinic ? from.Patient.Id : null,
            InboundSid = text.MessageSid,
        };
        if (await DirectMessages.EnqueueAsync(db, message, now, cancellation) is { } added)
        {
            _added.Add(added);
        }
    }

    private static bool MayGoRound(AnswerKind kind) => kind is AnswerKind.Call or AnswerKind.Help or AnswerKind.Reschedule or AnswerKind.OptInConfirmed;

    /// <summary>Whether the number has had this answer of late, or is about to. One that was not delivered is none.</summary>
    private Task<bool> IsAnsweredAsync(string clinic, DirectMessageKind kind, CancellationToken cancellation)
    {
        var since = now - OnceIn;
        return db.DirectMessages.AnyAsync(
            row => row.Recipient == text.From && row.CreatedAt > since && row.ClinicId == clinic && row.Kind == kind
                && row.State != StepState.Undelivered && row.State != StepState.Skipped,
            cancellation);
    }
}
