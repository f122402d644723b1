using FollowUp.Data.Patients;
using FollowUp.Functions.Http;
using FollowUp.Workflows.Running;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using NodaTime.Text;

namespace FollowUp.Functions.Patients;

/// <summary>What is held about a patient: to read, to hand over, to erase.</summary>
public sealed class PatientRecordFunctions(PatientRecordStore records, SessionOrchestrations orchestrations)
{
    private const string PatientRoute = "api/clinics/{clinic}/patients/{patient}";

    [Function(nameof(GetPatientMessages))]
    public async Task<IResult> GetPatientMessages(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = PatientRoute + "/messages")] HttpRequest request,
        string clinic,
        string patient,
        CancellationToken cancellation)
    {
        PatientFunctions.Private(request);
        PathIds.Check(("clinic", clinic), ("patient", patient));
        var page = Paging.Read(request, parts: 2);
        var all = await records.MessagesAsync(clinic, patient, cancellation) ?? throw Problems.UnknownPatient(clinic, patient);
        if (page.After is [var at, var id])
        {
            var last = InstantPattern.ExtendedIso.Parse(at) is { Success: true } parsed ? parsed.Value : throw Paging.BadCursor();
            all = [.. all.Where(row => row.At < last || (row.At == last && string.CompareOrdinal(row.Id, id) < 0))];
        }

        return Paging.Page(all, page.Limit, PatientAnswer.Of, row => Paging.Cursor(Answers.Moment(row.At), row.Id));
    }

    [Function(nameof(ExportPatient))]
    public async Task<IResult> ExportPatient(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = PatientRoute + "/export")] HttpRequest request,
        string clinic,
        string patient,
        CancellationToken cancellation)
    {
        PatientFunctions.Private(request);
        PathIds.Check(("clinic", clinic), ("patient", patient));
        var record = await records.ExportAsync(clinic, patient, Actors.Api, cancellation) ?? throw Problems.UnknownPatient(clinic, patient);
        request.HttpContext.Response.Headers.ContentDisposition = $"attachment; filename=\"{clinic}-{patient}.json\"";
        return Answers.Json(PatientAnswer.Of(record));
    }

    [Function(nameof(DeletePatient))]
    public async Task<IResult> DeletePatient(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = PatientRoute)] HttpRequest request,
        string clinic,
        string patient,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation)
    {
        PathIds.Check(("clinic", clinic), ("patient", patient));
        var sessions = await records.EraseAsync(clinic, patient, Actors.Api, cancellation) ?? throw Problems.UnknownPatient(clinic, patient);

        // One that is not reached here ends by itself: when it looks, its session is gone.
        foreach (var session in sessions)
        {
            await orchestrations.EndAsync(client, session, CancellationToken.None);
        }

        return Results.NoContent();
    }
}
