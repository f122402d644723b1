using FollowUp.TwilioEmulator.Messages;
using FollowUp.TwilioEmulator.Storage;

namespace FollowUp.TwilioEmulator.Faults;

/// <summary>The table of faults. Using one up is part of the transaction that accepts the message.</summary>
internal static class FaultStore
{
    private const int DefaultCode = 30008;

    private static readonly FaultKind[] s_spoilTheAnswer =
    [
        FaultKind.TooManyRequests, FaultKind.Refused, FaultKind.ErrorBeforeAccepting, FaultKind.ErrorAfterAccepting,
        FaultKind.NoAnswerBeforeAccepting, FaultKind.NoAnswerAfterAccepting,
    ];

    public static List<Fault> All(DatabaseSession session) => [.. Rows(session).Select(row => row.Fault)];

    public static void Replace(DatabaseSession session, IEnumerable<Fault> faults)
    {
        session.Execute("DELETE FROM faults");
        foreach (var fault in faults)
        {
            session.Execute(
                "INSERT INTO faults (kind, to_number, remaining, code, delay) VALUES (@kind, @to, @remaining, @code, @delay)",
                ("@kind", fault.Kind.ToString()),
                ("@to", fault.To),
                ("@remaining", fault.Count),
                ("@code", fault.Code),
                ("@delay", fault.DelaySeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null));
        }
    }

    /// <summary>Uses up the first fault that spoils the answer to a create.</summary>
    public static Fault? TakeAnswer(DatabaseSession session, string to) => Take(session, to, s_spoilTheAnswer);

    /// <summary>Uses up one fault of each kind that changes how an accepted message travels.</summary>
    public static Journey TakeJourney(DatabaseSession session, string to)
    {
        var ending = Take(session, to, FaultKind.Undelivered, FaultKind.Failed);
        var lost = Take(session, to, FaultKind.LostCallbacks);
        var doubled = Take(session, to, FaultKind.DuplicateCallbacks);
        var reversed = Take(session, to, FaultKind.OutOfOrderCallbacks);
        var late = Take(session, to, FaultKind.CallbackDelay);
        return new Journey(
            ending?.Kind switch
            {
                FaultKind.Undelivered => Statuses.Undelivered,
                FaultKind.Failed => Statuses.Failed,
                _ => Statuses.Delivered,
            },
            ending is null ? null : ending.Code ?? DefaultCode,
            lost is not null ? 0 : doubled is not null ? 2 : 1,
            reversed is not null,
            TimeSpan.FromSeconds(late?.DelaySeconds ?? 0));
    }

    private static Fault? Take(DatabaseSession session, string to, params ReadOnlySpan<FaultKind> kinds)
    {
        foreach (var (id, fault) in Rows(session))
        {
            if (kinds.Contains(fault.Kind) && (fault.To is null || fault.To == to))
            {
                session.Execute("UPDATE faults SET remaining = remaining - 1 WHERE id = @id", ("@id", id));
                session.Execute("DELETE FROM faults WHERE id = @id AND remaining = 0", ("@id", id));
                return fault;
            }
        }

        return null;
    }

    private static List<(long Id, Fault Fault)> Rows(DatabaseSession session) => session.Query(
        "SELECT id, kind, to_number, remaining, code, delay FROM faults ORDER BY id",
        row => (row.GetInt64(0), new Fault
        {
            Kind = Enum.Parse<FaultKind>(row.GetString(1)),
            To = row.TextOrNull(2),
            Count = row.NumberOrNull(3),
            Code = row.NumberOrNull(4),
            DelaySeconds = row.IsDBNull(5) ? null : row.GetInt64(5) / 1000.0,
        }));
}
