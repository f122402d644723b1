using System.Net.Http.Headers;
using System.Text.Json;
using FollowUp.Core.CarePlans;
using FollowUp.Core.Timelines;
using FollowUp.Data;
using FollowUp.Data.Clinics;
using FollowUp.Data.Fhir;
using FollowUp.Data.Patients;
using FollowUp.Data.Sessions;
using FollowUp.Functions.Http;
using FollowUp.Functions.Sessions;
using FollowUp.Workflows.Running;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace FollowUp.Functions.Fhir;

/// <summary>Takes appointments as FHIR R4 has them.</summary>
public sealed class FhirFunctions(
    ClinicStore clinics,
    SessionStore sessions,
    PatientStore patients,
    CourseStore courses,
    SessionOrchestrations orchestrations,
    CarePlanCatalogue catalogue,
    TimeProvider clock)
{
    private static readonly string[] MediaTypes = [FhirAnswer.MediaType, "application/json"];

    /// <summary>
    /// Takes an Appointment, or a Bundle with one and its Patient. 201 for a session that was not known, 200 for one that was, with the
    /// appointment as understood; 4xx with an OperationOutcome.
    /// </summary>
    [Function(nameof(PostFhirAppointment))]
    public async Task<IResult> PostFhirAppointment(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/clinics/{clinic}/fhir/Appointment")] HttpRequest request,
        string clinic,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        try
        {
            PathIds.Check(("clinic", clinic));
            using var body = await ReadAsync(request, cancellation);
            var message = FhirMessage.Read(body.RootElement);
            if (await clinics.FindAsync(clinic, cancellation) is not { } settings)
            {
                throw Problems.UnknownClinic(clinic);
            }

            return await TakeAsync(request, client, clinic, message, settings.Fhir, cancellation);
        }
        catch (FhirException exception)
        {
            return FhirAnswer.Of(exception);
        }
        catch (ProblemException problem)
        {
            return FhirAnswer.Of(problem);
        }
    }

    private async Task<IResult> TakeAsync(
        HttpRequest request, DurableTaskClient client, string clinic, FhirMessage message, FhirMapping mapping, CancellationToken cancellation)
    {
        var appointment = message.Appointment;
        FhirModifiers.Refuse(appointment);
        message.Issues.ThrowIfWrong();
        var status = AppointmentStatus.Of(appointment);
        var ids = new FhirIds(await courses.IdKeyAsync(cancellation));
        var names = ids.Of(appointment, isContained: false);
        if (names.Count == 0)
        {
            throw FhirException.Of(
                StatusCodes.Status422UnprocessableEntity, "required", $"{appointment.Path}.identifier",
                "The appointment has neither an id nor an identifier: a later change of it could not be told from another appointment.");
        }

        var known = await courses.FindSessionAsync(clinic, names, cancellation);
        var key = new SessionKey(clinic, known?.Id ?? names[0]);
        if (!status.IsBooked)
        {
            return await EndAsync(request, client, key, known, message, status.Outcome!.Value, cancellation);
        }

        var booking = await new AppointmentReader(courses, patients, catalogue, clock).ReadAsync(clinic, key.Session, known, message, ids, mapping, cancellation);
        var result = await sessions.BookAsync(booking, Actors.Of(request), cancellation);
        await orchestrations.NotifyAsync(client, result.Affected, "booking", CancellationToken.None);
        RefuseConflict(result, known, status, message);
        var created = result.Verdict == BookingVerdict.Created;
        if (status.Outcome is { } outcome)
        {
            result = await ReportAsync(request, client, key, outcome, message, cancellation);
        }

        await WarnOfConsentsAsync(clinic, booking.Patient.Id, message, cancellation);
        return Answer(request, result.Session!, booking.Patient.Id, status.Outcome, message, created);
    }

    /// <summary>The appointment is called off or was missed. One that was never known is nobody's to end.</summary>
    private async Task<IResult> EndAsync(
        HttpRequest request, DurableTaskClient client, SessionKey key, KnownSession? known, FhirMessage message, SessionOutcome outcome, CancellationToken cancellation)
    {
        if (known is null)
        {
            message.Issues.Inform(message.Appointment.Path, "The appointment was not known here, so that nothing was called off.");
            return FhirAnswer.Of(FhirAnswer.Outcome(message.Issues.All), StatusCodes.Status200OK);
        }

        var result = await ReportAsync(request, client, key, outcome, message, cancellation);
        return Answer(request, result.Session!, known.Patient, outcome, message, created: false);
    }

    private async Task<BookingResult> ReportAsync(
        HttpRequest request, DurableTaskClient client, SessionKey key, SessionOutcome outcome, FhirMessage message, CancellationToken cancellation)
    {
        var result = await sessions.ReportOutcomeAsync(key, outcome, at: null, Actors.Of(request), cancellation);
        await orchestrations.NotifyAsync(client, result.Affected, EnumText.Of(outcome), CancellationToken.None);
        return result.Verdict switch
        {
            BookingVerdict.Changed or BookingVerdict.Unchanged => result,

            // Its texts are done, or the patient wants none: what became of the session changes nothing any more.
            BookingVerdict.Ended when result.Session!.State != SessionState.Cancelled => result,
            BookingVerdict.Ended => throw Conflict(message, "The session has been called off; a status that says otherwise comes too late. Book another appointment."),
            _ => throw BookingProblems.Of(key, result.Verdict),
        };
    }

    private static void RefuseConflict(BookingResult result, KnownSession? known, AppointmentStatus status, FhirMessage message)
    {
        var appointment = message.Appointment.Path;
        switch (result.Verdict)
        {
            case BookingVerdict.OtherPatient:
                throw FhirException.Of(StatusCodes.Status409Conflict, "conflict", $"{appointment}.participant", BookingProblems.KeepsPatient);

            case BookingVerdict.OtherPlan:
                throw FhirException.Of(StatusCodes.Status409Conflict, "conflict", $"{appointment}.serviceType", BookingProblems.KeepsPlan);

            case BookingVerdict.Unchanged or BookingVerdict.Ended when known?.Outcome == SessionOutcome.Cancelled:
                throw Conflict(message, "The session has been called off. Only a start moved into the future books it anew; or send another appointment.");

            case BookingVerdict.Ended when status.Outcome is null:
                throw FhirException.Of(
                    StatusCodes.Status409Conflict, "conflict", $"{appointment}.start", $"{BookingProblems.HasEnded} {BookingProblems.MayBeMoved}");

            case BookingVerdict.UnknownPlan:
                throw FhirException.Of(StatusCodes.Status422UnprocessableEntity, "value", $"{appointment}.serviceType", BookingProblems.NoPlan);

            case BookingVerdict.UnknownClinic:
                throw Problems.UnknownClinic(result.Session?.Key.Clinic ?? "");

            default:
                break;
        }
    }

    /// <summary>Consent is never assumed, and a sender who documents none would wait for texts in vain.</summary>
    private async Task WarnOfConsentsAsync(string clinic, string patient, FhirMessage message, CancellationToken cancellation)
    {
        if (await patients.FindAsync(clinic, patient, cancellation) is not { } view)
        {
            return;
        }

        if (view.OptedOut)
        {
            message.Issues.Warn(message.Appointment.Path, "The patient has said no to texts. None is sent, whatever the resource says.");
        }
        else if (!view.Consents.Contains(ConsentKind.Care))
        {
            message.Issues.Warn(
                message.Appointment.Path, $"No consent to texts is documented, and none is assumed: every text is skipped until one is. Send the extension {FhirExtensions.Consent}.");
        }
        else if (!view.Consents.Contains(ConsentKind.Marketing))
        {
            message.Issues.Inform(message.Appointment.Path, "No consent to reminders to book is documented: those texts are skipped.");
        }
    }

    private IResult Answer(HttpRequest request, SessionView session, string patient, SessionOutcome? outcome, FhirMessage message, bool created)
    {
        var status = created ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        request.HttpContext.Response.Headers.Location = $"/api/clinics/{session.Key.Clinic}/sessions/{session.Key.Session}";
        var preference = request.Headers["Prefer"].ToString().Split([',', ';'], StringSplitOptions.TrimEntries);

        // Not nothing even for who wants the least: that no consent is documented must not go unheard.
        return preference.Contains("return=minimal") || preference.Contains("return=OperationOutcome")
            ? FhirAnswer.Of(FhirAnswer.Outcome(message.Issues.All), status)
            : FhirAnswer.Of(AppointmentAnswer.Of(session, patient, outcome, catalogue, message.Issues.All), status);
    }

    private static FhirException Conflict(FhirMessage message, string text) =>
        FhirException.Of(StatusCodes.Status409Conflict, "conflict", $"{message.Appointment.Path}.status", text);

    private static async Task<JsonDocument> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !MediaTypes.Contains(type.MediaType, StringComparer.OrdinalIgnoreCase))
        {
            throw new ProblemException(
                StatusCodes.Status415UnsupportedMediaType, "The body is not said to be JSON.", $"Send the resource with the header Content-Type: {FhirAnswer.MediaType}.");
        }

        return await RequestBody.ReadAsync(request, cancellation);
    }
}
