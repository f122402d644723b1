using FollowUp.Data.Patients;
using FollowUp.Functions.Http;
using FollowUp.Workflows.Running;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using NodaTime.Text;

namespace FollowUp.Functions.Patients;

/// <summary>Patients by themselves: read, change, erase, and all that is held about them.</summary>
public sealed class PatientFunctions(
    PatientStore patients,
    PatientRecords records,
    PatientErasure erasure,
    SessionOrchestrations orchestrations,
    InstanceRemover remover,
    ILogger<PatientFunctions> log)
{
    private const string PatientRoute = "api/clinics/{clinic}/patients/{patient}";

    [Function(nameof(GetPatient))]
    public async Task<IResult> GetPatient(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = PatientRoute)] HttpRequest request,
        string clinic,
        string patient,
        CancellationToken cancellation)
    {
        Begin(request, clinic, patient);
        return await patients.FindAsync(clinic, patient, cancellation) is { } view
            ? Answers.Json(PatientAnswer.Of(view)).Tagged(request, view.Tag)
            : throw Problems.UnknownPatient(clinic, patient);
    }

    [Function(nameof(PutPatient))]
    public async Task<IResult> PutPatient(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = PatientRoute)] HttpRequest request,
        string clinic,
        string patient,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation)
    {
        Begin(request, clinic, patient);
        using var body = await RequestBody.ReadAsync(request, cancellation);
        var put = await patients.PutAsync(clinic, PatientRequest.Read(patient, body.RootElement), Actors.Of(request), cancellation, EntityTags.IfMatch(request));
        if (put.Verdict == PatientPutVerdict.UnknownClinic)
        {
            throw Problems.UnknownClinic(clinic);
        }

        // The store has committed: a client that hangs up now must not keep the orchestrations from hearing of it.
        await orchestrations.NotifyAsync(client, put.Affected, "patient changed", CancellationToken.None);
        return Answers.Json(
            new PatientPutAnswer(put.Patient!, put.IgnoredConsents),
            put.Verdict == PatientPutVerdict.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK)
            .Tagged(request, put.Patient!.Tag);
    }

    /// <summary>Erases a patient. 204 means that nothing of theirs is in the store any more; what Twilio keeps is deleted there.</summary>
    [Function(nameof(DeletePatient))]
    public async Task<IResult> DeletePatient(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = PatientRoute)] HttpRequest request,
        string clinic,
        string patient,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation)
    {
        Begin(request, clinic, patient);
        if (await erasure.EraseAsync(clinic, patient, Actors.Of(request), cancellation, EntityTags.IfMatch(request)) is not { } erased)
        {
            throw Problems.UnknownPatient(clinic, patient);
        }

        if (!erased.TracesGone)
        {
            log.LogWarning("The database's log could not be emptied after an erasure; it will be by the next, or when the app stops.");
        }

        await remover.RemoveAsync(client, erased.Instances);
        return Results.NoContent();
    }

    [Function(nameof(GetPatientMessages))]
    public async Task<IResult> GetPatientMessages(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = PatientRoute + "/messages")] HttpRequest request,
        string clinic,
        string patient,
        CancellationToken cancellation)
    {
        Begin(request, clinic, patient);
        var page = Paging.Read(request, parts: 2);
        (NodaTime.Instant, string)? before = page.After is [var at, var key]
            ? (InstantPattern.ExtendedIso.Parse(at) is { Success: true } parsed ? parsed.Value : throw Paging.BadCursor(), key)
            : null;
        return await records.MessagesAsync(clinic, patient, before, page.Limit + 1, cancellation) is { } messages
            ? Paging.Page(messages, page.Limit, MessageAnswer.Of, message => Paging.Cursor(Answers.Moment(message.At), message.Key))
            : throw Problems.UnknownPatient(clinic, patient);
    }

    [Function(nameof(GetPatientExport))]
    public async Task<IResult> GetPatientExport(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = PatientRoute + "/export")] HttpRequest request,
        string clinic,
        string patient,
        CancellationToken cancellation)
    {
        Begin(request, clinic, patient);
        if (await records.ExportAsync(clinic, patient, Actors.Of(request), cancellation) is not { } export)
        {
            throw Problems.UnknownPatient(clinic, patient);
        }

        // An id is safe in a file's name: letters, digits, dots, dashes.
        request.HttpContext.Response.Headers.ContentDisposition = $"attachment; filename=\"patient-{patient}.json\"";
        return Answers.Json(ExportAnswer.Of(export));
    }

    /// <summary>Nothing about a patient may stay in a cache on the way, whatever the answer is.</summary>
    private static void Begin(HttpRequest request, string clinic, string patient)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        PathIds.Check(("clinic", clinic), ("patient", patient));
    }
}
