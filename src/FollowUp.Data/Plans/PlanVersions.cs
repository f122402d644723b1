using System.Collections.Concurrent;
using FollowUp.Core.CarePlans;
using FollowUp.Data.Context;
using FollowUp.Data.Rows;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Plans;

/// <summary>One version of a plan as a clinic has it.</summary>
/// <param name="Plan">The plan, with the clinic's values and wordings in it.</param>
/// <param name="NamesTreatment">Whether its texts may name the treatment.</param>
internal sealed record PlanVersion(CarePlan Plan, bool NamesTreatment);

/// <summary>
/// Finds plans for a clinic: the shipped versions, and the clinic's own. Those count in thousands, so that the two never meet: 1002 is the
/// second that a clinic has made of the shipped version 1.
/// </summary>
internal sealed class PlanVersions(CarePlanCatalogue catalogue)
{
    private const int OwnPerShipped = 1000;

    /// <summary>Versions never change, so what was put together once is good for ever.</summary>
    private readonly ConcurrentDictionary<(string Clinic, string Plan, int Version), PlanVersion> _own = new();

    /// <summary>Null when neither the catalogue nor the clinic has such a version.</summary>
    public async Task<PlanVersion?> FindAsync(FollowUpContext db, string clinic, string plan, int version, CancellationToken cancellation)
    {
        if (catalogue.Find(plan, version) is { } shipped)
        {
            return new PlanVersion(shipped, NamesTreatment: false);
        }

        if (_own.TryGetValue((clinic, plan, version), out var known))
        {
            return known;
        }

        if (await db.PlanVersions.FindAsync([clinic, plan, version], cancellation) is not { } row)
        {
            return null;
        }

        var basis = catalogue.Find(plan, row.BaseVersion) ?? throw new InvalidOperationException(
            $"Version {version} of the plan '{plan}' at clinic {clinic} is made of version {row.BaseVersion}, which this installation does not have.");
        var settings = PlanSettingsText.Read(row.Settings);
        return _own.GetOrAdd((clinic, plan, version), new PlanVersion(settings.ApplyTo(basis, version), settings.NamesTreatment));
    }

    /// <summary>
    /// The version for new sessions of a clinic: the newest shipped one or, if the clinic has set something for the plan, the newest that was
    /// made of these settings. Of several, one that the clinic has approved goes before a newer one that it has not: approved work goes on
    /// through an upgrade of FollowUp. Null when there is no such plan.
    /// </summary>
    public async Task<PlanVersion?> CurrentAsync(FollowUpContext db, ClinicRow clinic, string plan, CancellationToken cancellation)
    {
        if (!PlanSettingsText.ReadByPlan(clinic.PlanSettings).TryGetValue(plan, out var settings))
        {
            var approved = await db.PlanApprovals
                .Where(row => row.ClinicId == clinic.Id && row.PlanId == plan && row.Version < OwnPerShipped)
                .MaxAsync(row => (int?)row.Version, cancellation);
            return catalogue.Find(plan, approved) is { } shipped ? new PlanVersion(shipped, NamesTreatment: false) : null;
        }

        var text = PlanSettingsText.Write(settings);
        var own = db.PlanVersions.Where(row => row.ClinicId == clinic.Id && row.PlanId == plan && row.Settings == text);
        var version = await own
            .Where(row => db.PlanApprovals.Any(approval => approval.ClinicId == clinic.Id && approval.PlanId == plan && approval.Version == row.Version))
            .MaxAsync(row => (int?)row.Version, cancellation) ?? await own.MaxAsync(row => row.Version, cancellation);
        return await FindAsync(db, clinic.Id, plan, version, cancellation);
    }

    /// <summary>Makes the version that a clinic's settings come to. Settings that it has had before, on the same shipped version, are that version again.</summary>
    public async Task<int> EnsureAsync(
        FollowUpContext db, string clinic, string plan, ClinicPlanSettings settings, Instant now, CancellationToken cancellation)
    {
        var basis = catalogue.Find(plan)!.Version;
        var text = PlanSettingsText.Write(settings);
        var rows = await db.PlanVersions
            .Where(row => row.ClinicId == clinic && row.PlanId == plan && row.BaseVersion == basis)
            .ToListAsync(cancellation);
        if (rows.Find(row => row.Settings == text) is { } same)
        {
            return same.Version;
        }

        var version = rows.Select(row => row.Version).DefaultIfEmpty(basis * OwnPerShipped).Max() + 1;
        db.PlanVersions.Add(new PlanVersionRow
        {
            ClinicId = clinic,
            PlanId = plan,
            Version = version,
            BaseVersion = basis,
            Settings = text,
            CreatedAt = now,
        });
        return version;
    }
}
