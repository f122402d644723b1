using FollowUp.Core.CarePlans;
using FollowUp.Data.Plans;
using FollowUp.Functions.Http;
using FollowUp.Workflows.Running;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace FollowUp.Functions.CarePlans;

/// <summary>The catalogue of care plans, and clinicians' approvals of them.</summary>
public sealed class CarePlanFunctions(CarePlanCatalogue catalogue, CarePlanStore plans, SessionOrchestrations orchestrations)
{
    /// <summary>Every plan in its newest version; <c>?clinic=</c> adds what that clinic has made of it.</summary>
    [Function(nameof(GetCarePlans))]
    public async Task<IResult> GetCarePlans(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/care-plans")] HttpRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        var clinics = await ClinicPlansAsync(request, cancellation);
        return Answers.Json(new
        {
            plans = catalogue.Plans.GroupBy(plan => plan.Id, StringComparer.Ordinal).Select(versions => CarePlanAnswer.Summary(
                catalogue.Find(versions.Key)!, versions.Select(plan => plan.Version), clinics?.FirstOrDefault(own => own.Plan == versions.Key))),
        });
    }

    /// <summary>One plan with its steps, texts and sources: the newest version, or <c>?version=</c>; with <c>?clinic=</c> that clinic's.</summary>
    [Function(nameof(GetCarePlan))]
    public async Task<IResult> GetCarePlan(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/care-plans/{plan}")] HttpRequest request,
        string plan,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        _ = catalogue.Find(plan) ?? throw Problems.UnknownPlan(plan);
        var clinic = request.Query["clinic"].ToString();
        var own = (await ClinicPlansAsync(request, cancellation))?.FirstOrDefault(each => each.Plan == plan);
        var version = ReadVersion(request) ?? own?.Current ?? catalogue.Find(plan)!.Version;
        var found = own is null ? catalogue.Find(plan, version) : await plans.FindAsync(clinic, plan, version, cancellation);
        return found is null
            ? throw new ProblemException(StatusCodes.Status404NotFound, "There is no such version.", $"The plan '{plan}' has no version {version} here.")
            : Answers.Json(CarePlanAnswer.Whole(found, catalogue.Plans.Where(each => each.Id == plan).Select(each => each.Version), own));
    }

    [Function(nameof(PutCarePlanApproval))]
    public async Task<IResult> PutCarePlanApproval(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/clinics/{clinic}/care-plans/{plan}/approval")] HttpRequest request,
        string clinic,
        string plan,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation)
    {
        using var body = await RequestBody.ReadAsync(request, cancellation);
        var fields = new JsonFields(body.RootElement);
        if (FieldRules.Id(clinic) is { } mistake)
        {
            fields.Error("clinic", mistake);
        }

        var version = fields.Integer("version", required: true);
        var approvedBy = fields.Text("approvedBy", required: true, FieldRules.Words(100));
        fields.ThrowIfWrong();
        var result = await plans.ApproveAsync(clinic, plan, version!.Value, approvedBy!, Actors.Of(request), cancellation);
        switch (result.Verdict)
        {
            case ApprovalVerdict.UnknownClinic:
                throw Problems.UnknownClinic(clinic);

            case ApprovalVerdict.UnknownPlan:
                throw Problems.UnknownPlan(plan);

            case ApprovalVerdict.UnknownVersion:
                throw Problems.Invalid("version", "The plan has no such version at this clinic.");

            default:
                await orchestrations.NotifyAsync(client, result.Affected, "plan approved", CancellationToken.None);
                return Answers.Json(new
                {
                    clinic,
                    plan,
                    result.Approval!.Version,
                    result.Approval.ApprovedBy,
                    approvedAt = Answers.Moment(result.Approval.ApprovedAt),
                });
        }
    }

    private async Task<IReadOnlyList<ClinicPlanVersions>?> ClinicPlansAsync(HttpRequest request, CancellationToken cancellation) =>
        request.Query["clinic"].ToString() is { Length: > 0 } clinic
            ? await plans.ListAsync(clinic, cancellation) ?? throw Problems.UnknownClinic(clinic)
            : null;

    private static int? ReadVersion(HttpRequest request) => request.Query["version"].ToString() switch
    {
        "" => null,
        var text when int.TryParse(text, out var version) => version,
        _ => throw Problems.Invalid("version", "Must be a whole number."),
    };
}
