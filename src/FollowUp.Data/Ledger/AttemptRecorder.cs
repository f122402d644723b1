using FollowUp.Data.Context;
using FollowUp.Data.Delivery;
using FollowUp.Data.Planning;
using FollowUp.Data.Rows;
using FollowUp.Data.Senders;
using NodaTime;

namespace FollowUp.Data.Ledger;

/// <summary>Writes down what became of an attempt, with everything that follows from it, in the caller's transaction.</summary>
internal sealed class AttemptRecorder(FailureConsequences consequences, SendRules rules)
{
    public const string BeforeOptOut = "it was with Twilio already when the patient opted out";

    /// <param name="session">Of a step; null for a text outside of a plan.</param>
    public async Task RecordAsync(
        FollowUpContext db, IAttempt row, string recipient, SessionTruth? session, SendRecord record, Instant now, CancellationToken cancellation)
    {
        row.Sender ??= rules.DefaultSender;
        switch (record)
        {
            case SendRecord.Sent sent:
                var failure = await MessageBinding.BindAsync(db, row, sent.MessageSid, now, cancellation);
                if (failure is not null)
                {
                    await consequences.DrawAsync(db, row, recipient, session, now, cancellation);
                }
                else if (session?.OptedOut == true)
                {
                    row.Reason = BeforeOptOut;
                }

                break;

            case SendRecord.Refused refused:
                await SenderPause.TakenAsync(db, row, now, cancellation);
                row.State = StepState.Undelivered;
                row.ErrorCode = refused.Code;
                row.Reason = $"refused by Twilio with code {refused.Code}";
                await consequences.DrawAsync(db, row, recipient, session, now, cancellation);
                break;

            case SendRecord.OptedOut optedOut:
                await SenderPause.TakenAsync(db, row, now, cancellation);
                if (row is DirectMessageRow)
                {
                    // Final: some of these may be sent to a number that has opted out here, and would be offered for ever.
                    row.State = StepState.Undelivered;
                    row.ErrorCode = optedOut.Code;
                    row.Reason = SessionPlanner.NumberOptedOut;
                }
                else
                {
                    Offer(row, null, optedOut.Code); // the recomputation skips it, with the reason
                }

                await consequences.DrawAsync(db, row, recipient, session, now, cancellation);
                break;

            case SendRecord.Retry retry:
                Offer(row, now + retry.Delay, retry.Code);
                break;

            case SendRecord.AccountTrouble trouble:
                var probe = await consequences.PauseAsync(db, row, trouble.Code, reported: false, now, cancellation);
                var again = SenderPause.TryAgainAt(probe, row.Attempt, now);
                Offer(row, again, trouble.Code);
                row.SlotAt = again;
                break;

            case SendRecord.Unknown unknown:
                row.State = StepState.Unknown;
                row.NotBefore = now + unknown.Grace;
                break;

            case SendRecord.NotSent:
                Offer(row, null, row.ErrorCode);
                break;

            default:
                throw new InvalidOperationException($"The record {record.GetType().Name} is not known here.");
        }
    }

    private static void Offer(IAttempt row, Instant? notBefore, int? code)
    {
        row.State = StepState.Planned;
        row.NotBefore = notBefore;
        row.SlotAt = null;
        row.ErrorCode = code;
    }
}
