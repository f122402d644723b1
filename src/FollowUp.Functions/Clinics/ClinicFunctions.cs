using FollowUp.Core.CarePlans;
using FollowUp.Data;
using FollowUp.Data.Clinics;
using FollowUp.Functions.Http;
using FollowUp.Sms;
using FollowUp.Workflows.Running;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Options;

namespace FollowUp.Functions.Clinics;

public sealed class ClinicFunctions(
    ClinicStore clinics, SessionOrchestrations orchestrations, CarePlanCatalogue catalogue, IOptions<TwilioOptions> twilio)
{
    [Function(nameof(PutClinic))]
    public async Task<IResult> PutClinic(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/clinics/{clinic}")] HttpRequest request,
        string clinic,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation)
    {
        using var body = await RequestBody.ReadAsync(request, cancellation);
        var settings = new ClinicRequest(catalogue, twilio.Value.IsLoopback).Read(clinic, body.RootElement);
        var put = await clinics.PutAsync(settings, Actors.Api, cancellation);
        await orchestrations.NotifyAsync(client, put.Affected, "clinic changed", CancellationToken.None);
        return Answers.Json(Answer(settings, put.PlanVersions), put.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private static object Answer(ClinicSettings clinic, IReadOnlyDictionary<string, int> planVersions) => new
    {
        clinic = clinic.Id,
        clinic.Name,
        clinic.TimeZone,
        clinic.Phone,
        clinic.EmergencyNumber,
        clinic.BookingUrl,
        clinic.Languages,
        completion = EnumText.Of(clinic.Completion),
        sendingHours = new { from = clinic.SendingFrom.ToString("HH':'mm", null), to = clinic.SendingTo.ToString("HH':'mm", null) },
        clinic.StaffAlerts,
        clinic.Sender,
        planOverrides = PlanSettingsAnswer.Overrides(clinic.Plans),
        textEdits = PlanSettingsAnswer.TextEdits(clinic.Plans),
        planVersions,
        webhooks = IntegrationAnswer.Webhooks(clinic.Webhooks),
        fhir = IntegrationAnswer.Fhir(clinic.Fhir),
    };
}
