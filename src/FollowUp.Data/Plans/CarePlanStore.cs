using FollowUp.Core.CarePlans;
using FollowUp.Data.Clinics;
using FollowUp.Data.Context;
using FollowUp.Data.Planning;
using FollowUp.Data.Rows;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Plans;

/// <summary>Care plans as clinics have them: their own versions, and the clinicians who answer for a version.</summary>
public sealed class CarePlanStore
{
    private readonly Store _store;
    private readonly PlanVersions _versions;
    private readonly PatientSessions _sessions;
    private readonly CarePlanCatalogue _catalogue;
    private readonly IClock _clock;

    internal CarePlanStore(Store store, PlanVersions versions, PatientSessions sessions, CarePlanCatalogue catalogue, IClock clock) =>
        (_store, _versions, _sessions, _catalogue, _clock) = (store, versions, sessions, catalogue, clock);

    /// <summary>
    /// Records that a clinician answers for a version of a plan at a clinic; without that only a Twilio on this machine is sent to. The same
    /// approval twice changes nothing the second time.
    /// </summary>
    public Task<ApprovalResult> ApproveAsync(
        string clinic, string plan, int version, string approvedBy, string actor, CancellationToken cancellation) =>
        _store.WriteAsync(async db =>
        {
            var now = _clock.GetCurrentInstant();
            if (await db.Clinics.FindAsync([clinic], cancellation) is null)
            {
                return ApprovalResult.Nothing(ApprovalVerdict.UnknownClinic);
            }

            if (await _versions.FindAsync(db, clinic, plan, version, cancellation) is null)
            {
                return ApprovalResult.Nothing(
                    _catalogue.Find(plan) is null ? ApprovalVerdict.UnknownPlan : ApprovalVerdict.UnknownVersion);
            }

            var row = await db.PlanApprovals.FindAsync([clinic, plan, version], cancellation);
            if (row?.ApprovedBy == approvedBy)
            {
                return new ApprovalResult(ApprovalVerdict.Unchanged, PlanApproval.Of(row), []);
            }

            if (row is null)
            {
                row = new PlanApprovalRow { ClinicId = clinic, PlanId = plan, Version = version, ApprovedBy = approvedBy, ApprovedAt = now };
                db.PlanApprovals.Add(row);
            }

            row.ApprovedBy = approvedBy;
            row.ApprovedAt = now;
            db.Audit.Add(new AuditRow
            {
                ClinicId = clinic,
                At = now,
                Actor = actor,
                Action = "care-plan-approved",
                Subject = plan,
                Detail = $"version {version}",
            });
            await db.SaveChangesAsync(cancellation);
            var affected = await _sessions.RefreshUnapprovedAsync(db, clinic, plan, version, now, cancellation);
            return new ApprovalResult(ApprovalVerdict.Approved, PlanApproval.Of(row), affected);
        }, cancellation);

    /// <summary>A clinic with its settings and its plan as a new session would get it; null when there is no such clinic or plan.</summary>
    public Task<ClinicPlan?> FindCurrentAsync(string clinic, string plan, CancellationToken cancellation) =>
        _store.ReadAsync(async db =>
            await db.Clinics.FindAsync([clinic], cancellation) is { } row && await _versions.CurrentAsync(db, row, plan, cancellation) is { } current
                ? new ClinicPlan(ClinicStore.Settings(row), current.Plan, current.NamesTreatment)
                : null, cancellation);

    /// <summary>One version of a plan at a clinic; null when neither the catalogue nor the clinic has it.</summary>
    public Task<CarePlan?> FindAsync(string clinic, string plan, int version, CancellationToken cancellation) =>
        _store.ReadAsync(async db => (await _versions.FindAsync(db, clinic, plan, version, cancellation))?.Plan, cancellation);

    /// <summary>What a clinic has made of the plans and who has approved which version; null when there is no such clinic.</summary>
    public Task<IReadOnlyList<ClinicPlanVersions>?> ListAsync(string clinic, CancellationToken cancellation) =>
        _store.ReadAsync<IReadOnlyList<ClinicPlanVersions>?>(async db =>
        {
            if (await db.Clinics.FindAsync([clinic], cancellation) is not { } row)
            {
                return null;
            }

            var own = await db.PlanVersions.Where(version => version.ClinicId == clinic).ToListAsync(cancellation);
            var approvals = await db.PlanApprovals.Where(approval => approval.ClinicId == clinic).ToListAsync(cancellation);
            List<ClinicPlanVersions> plans = [];
            foreach (var plan in _catalogue.Plans.Select(plan => plan.Id).Distinct(StringComparer.Ordinal))
            {
                plans.Add(new ClinicPlanVersions(
                    plan,
                    (await _versions.CurrentAsync(db, row, plan, cancellation))!.Plan.Version,
                    [.. own.Where(version => version.PlanId == plan).Select(version => version.Version).Order()],
                    [.. approvals.Where(approval => approval.PlanId == plan).OrderBy(approval => approval.Version).Select(PlanApproval.Of)]));
            }

            return plans;
        }, cancellation);
}

/// <summary>A clinic and a plan as it has it.</summary>
/// <param name="Clinic">The clinic.</param>
/// <param name="Plan">The version that new sessions take, with the clinic's values and wordings.</param>
/// <param name="NamesTreatment">Whether its texts may name the treatment.</param>
public sealed record ClinicPlan(ClinicSettings Clinic, CarePlan Plan, bool NamesTreatment);

/// <param name="Plan">Id of the plan.</param>
/// <param name="Current">The version that new sessions take.</param>
/// <param name="Own">Versions that the clinic's settings have made, oldest first.</param>
/// <param name="Approvals">By version.</param>
public sealed record ClinicPlanVersions(string Plan, int Current, IReadOnlyList<int> Own, IReadOnlyList<PlanApproval> Approvals);

/// <summary>Who answers for a version of a plan, and since when.</summary>
public sealed record PlanApproval(int Version, string ApprovedBy, Instant ApprovedAt)
{
    internal static PlanApproval Of(PlanApprovalRow row) => new(row.Version, row.ApprovedBy, row.ApprovedAt);
}

/// <summary>What became of an approval.</summary>
public enum ApprovalVerdict
{
    Approved,

    /// <summary>The same clinician had approved the version already.</summary>
    Unchanged,
    UnknownClinic,
    UnknownPlan,
    UnknownVersion,
}

/// <param name="Verdict">What happened.</param>
/// <param name="Approval">The approval as it is now; null when the clinic, the plan or the version is not known.</param>
/// <param name="Affected">Sessions that waited for it: their orchestrations must look again.</param>
public sealed record ApprovalResult(ApprovalVerdict Verdict, PlanApproval? Approval, IReadOnlyList<ChangedSession> Affected)
{
    internal static ApprovalResult Nothing(ApprovalVerdict verdict) => new(verdict, null, []);
}
