using FollowUp.EmbeddedHost.Engine.Replay;
using FollowUp.EmbeddedHost.Storage;

namespace FollowUp.EmbeddedHost.Engine.Dispatch;

/// <summary>
/// Something that happened to an instance and is not yet in its history. It needs no row of its own: until the step that
/// takes it in is committed, the timer's or activity's row still stands and brings it again after a crash.
/// </summary>
internal abstract record Arrival(int Generation, HistoryEvent Event)
{
    /// <summary>Removes the row that would bring this again; part of the step's transaction.</summary>
    public abstract void Settle(WriteSession session);
}

internal sealed record TimerArrival(TimerRow Timer)
    : Arrival(Timer.Generation, HistoryEvent.TimerFired(Timer.TimerId, RowMapping.Instant(Timer.Due)))
{
    public override void Settle(WriteSession session) => session.DeleteTimer(Timer);
}

internal sealed record ActivityArrival(ActivityRow Activity, HistoryEvent Result) : Arrival(Activity.Generation, Result)
{
    public override void Settle(WriteSession session) => session.DeleteActivity(Activity.Key);
}
