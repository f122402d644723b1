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
        var put = await clinics.PutAsync(settings, Actors.Of(request), cancellation, EntityTags.IfMatch(request));
        await orchestrations.NotifyAsync(client, put.Affected, "clinic changed", CancellationToken.None);
        return Answers.Json(Answer(settings, put.PlanVersions), put.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK)
            .Tagged(request, put.Tag);
    }

    [Function(nameof(GetClinic))]
    public async Task<IResult> GetClinic(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/clinics/{clinic}")] HttpRequest request,
        string clinic,
        CancellationToken cancellation)
    {
        PathIds.Check(("clinic", clinic));
        return await clinics.ViewAsync(clinic, cancellation) is { } view
            ? Answers.Json(Answer(view.Settings, view.PlanVersions)).Tagged(request, view.Tag)
            : throw Problems.UnknownClinic(clinic);
    }

    /// <summary>All clinics, by id.</summary>
    [Function(nameof(GetClinics))]
    public async Task<IResult> GetClinics(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/clinics")] HttpRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        new QueryFields(request).ThrowIfWrong();
        var page = Paging.Read(request, parts: 1);
        var rows = await clinics.ListAsync(page.After?[0], page.Limit + 1, cancellation);
        return Paging.Page(
            rows,
            page.Limit,
            row => new { clinic = row.Id, row.Name, row.TimeZone, createdAt = Answers.Moment(row.CreatedAt) },
            row => Paging.Cursor(row.Id));
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
        webhooks = clinic.Webhooks.Select(webhook => new { webhook.Url, events = webhook.Events.Select(EnumText.Of) }),
        fhir = new { clinic.Fhir.Plans, clinic.Fhir.DefaultPlan, clinic.Fhir.PlannedSessions },
    };
}
