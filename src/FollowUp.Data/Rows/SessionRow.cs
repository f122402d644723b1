using FollowUp.Core.Timelines;
using NodaTime;

namespace FollowUp.Data.Rows;

internal sealed class SessionRow
{
    public required string ClinicId { get; init; }
    public required string Id { get; init; }
    public required string PatientId { get; init; }
    public required string PlanId { get; init; }
    public required int PlanVersion { get; set; }
    public required Instant StartsAt { get; set; }
    public required Instant BookedAt { get; set; }
    public required int SessionNumber { get; set; }
    public required int PlannedSessions { get; set; }
    public required SessionOutcome Outcome { get; set; }
    public Instant? OutcomeAt { get; set; }
    public Instant? ConfirmedAt { get; set; }

    /// <summary>Staff have paused it: nothing planned is claimed until they resume it. The state follows from it.</summary>
    public Instant? PausedAt { get; set; }
    public required SessionState State { get; set; }
    public string? NextStep { get; set; }
    public Instant? NextDueAt { get; set; }
    public required int Revision { get; set; }
    public required int PlannedRevision { get; set; }
    public required Instant CreatedAt { get; init; }
    public required Instant ChangedAt { get; set; }

    public SessionKey Key => new(ClinicId, Id);

    /// <summary>Marks that the truth changed, so that the orchestration must look again (and the sweep sees to it if a signal is lost).</summary>
    public void Touch(Instant now)
    {
        Revision++;
        ChangedAt = now;
    }

    /// <summary>As above, when there is work again in a session that may have ended: its orchestration is then started anew.</summary>
    public void Reopen(Instant now)
    {
        State = State is SessionState.Waiting or SessionState.Paused ? State : SessionState.Scheduled;
        Touch(now);
    }
}
