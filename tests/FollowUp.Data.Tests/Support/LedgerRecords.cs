using FollowUp.Data;
using FollowUp.Data.Ledger;
using FollowUp.Data.Planning;
using NodaTime;

namespace FollowUp.Testing;

/// <summary>Outcomes in the words of tests.</summary>
public static class LedgerRecords
{
    public static Task<NextAction> RecordSentAsync(this LedgerStore ledger, SessionKey key, string step, int attempt, string sid, CancellationToken cancellation) =>
        ledger.RecordAsync(key, step, attempt, new SendRecord.Sent(sid), cancellation);

    public static Task<NextAction> RecordRefusedAsync(this LedgerStore ledger, SessionKey key, string step, int attempt, int code, CancellationToken cancellation) =>
        ledger.RecordAsync(key, step, attempt, new SendRecord.Refused(code), cancellation);

    public static Task<NextAction> RecordRetryAsync(
        this LedgerStore ledger, SessionKey key, string step, int attempt, int code, Duration delay, CancellationToken cancellation) =>
        ledger.RecordAsync(key, step, attempt, new SendRecord.Retry(code, delay), cancellation);

    public static Task<NextAction> RecordOptedOutAsync(this LedgerStore ledger, SessionKey key, string step, int attempt, int code, CancellationToken cancellation) =>
        ledger.RecordAsync(key, step, attempt, new SendRecord.OptedOut(code), cancellation);

    public static Task<NextAction> RecordUnknownAsync(this LedgerStore ledger, SessionKey key, string step, int attempt, Duration grace, CancellationToken cancellation) =>
        ledger.RecordAsync(key, step, attempt, new SendRecord.Unknown(grace), cancellation);

    public static Task<NextAction> RecordNeverSentAsync(this LedgerStore ledger, SessionKey key, string step, int attempt, CancellationToken cancellation) =>
        ledger.RecordAsync(key, step, attempt, new SendRecord.NotSent(), cancellation);
}
