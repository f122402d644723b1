using FollowUp.Data.Patients;
using FollowUp.Functions.Http;
using FollowUp.Workflows.Running;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace FollowUp.Functions.Patients;

public sealed class PatientFunctions(PatientStore patients, SessionOrchestrations orchestrations)
{
    private const string PatientRoute = "api/clinics/{clinic}/patients/{patient}";

    [Function(nameof(GetPatient))]
    public async Task<IResult> GetPatient(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = PatientRoute)] HttpRequest request,
        string clinic,
        string patient,
        CancellationToken cancellation)
    {
        Private(request);
        PathIds.Check(("clinic", clinic), ("patient", patient));
        return await patients.FindAsync(clinic, patient, cancellation) is { } view
            ? Answers.Json(PatientAnswer.Of(view))
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
        Private(request);
        using var body = await RequestBody.ReadAsync(request, cancellation);
        var (booked, corrections) = PatientRequest.ReadPut(clinic, patient, body.RootElement);
        var put = await patients.PutAsync(clinic, booked, corrections, Actors.Api, cancellation);
        if (put.Verdict == PatientVerdict.UnknownClinic)
        {
            throw Problems.UnknownClinic(clinic);
        }

        await orchestrations.NotifyAsync(client, put.Affected, "patient changed", CancellationToken.None);
        return Answers.Json(
            PatientAnswer.Of(put.Patient!), put.Verdict == PatientVerdict.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    /// <summary>No cache on the way may keep what is said about a patient.</summary>
    internal static void Private(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.HttpContext.Response.Headers.CacheControl = "no-store";
    }
}
