using System.Text.Json;
using System.Text.Json.Nodes;
using FollowUp.Core.CarePlans;
using FollowUp.Data.Fhir;
using FollowUp.Data.Patients;
using FollowUp.Data.Sessions;
using FollowUp.Functions.Http;
using FollowUp.Functions.Sessions;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace FollowUp.Functions.Fhir;

/// <summary>
/// Makes a booking of an appointment: the body of a session PUT is built of it and read by that request's own rules, so that there is one set
/// of rules. What they find wrong is told with the place in the resource.
/// </summary>
internal sealed class AppointmentReader(CourseStore courses, PatientStore patients, CarePlanCatalogue catalogue, TimeProvider clock)
{
    /// <exception cref="FhirException">422, with everything that is wrong.</exception>
    public async Task<Booking> ReadAsync(
        string clinic, string session, KnownSession? known, FhirMessage message, FhirIds ids, FhirMapping mapping, CancellationToken cancellation)
    {
        var appointment = message.Appointment;
        FhirExtensions.RefuseUnknownOnAppointment(appointment);
        var who = AppointmentPatient.Find(message, ids);
        var plan = known?.Plan is { } running && FhirExtensions.Text(appointment, FhirExtensions.Plan) is null ? running : AppointmentPlan.Find(appointment, mapping);
        if (!appointment.Has("start"))
        {
            message.Issues.Error("required", $"{appointment.Path}.start", "A booked appointment has a start.");
        }

        message.Issues.ThrowIfWrong();
        var patient = await ReadPatientAsync(clinic, who!, message, cancellation);
        message.Issues.ThrowIfWrong();
        var start = appointment.Text("start");
        var place = await PlaceAsync(clinic, (string)patient["id"]!, plan!, session, start, known, message, mapping, cancellation);
        var body = new JsonObject
        {
            ["patient"] = patient,
            ["plan"] = plan,
            ["startsAt"] = start,
            ["sessionNumber"] = place.Number,
            ["plannedSessions"] = place.Planned,
        };
        try
        {
            var booking = new SessionRequest(catalogue, clock).Read(clinic, session, JsonSerializer.SerializeToElement(body));
            message.Issues.ThrowIfWrong();
            return booking;
        }
        catch (ProblemException problem)
        {
            foreach (var (field, messages) in problem.Errors!)
            {
                messages.ToList().ForEach(text => message.Issues.Error("value", ExpressionOf(field, appointment, who!), text));
            }

            message.Issues.ThrowIfWrong();
            throw;
        }
    }

    private async Task<JsonObject> ReadPatientAsync(string clinic, AppointmentPatient who, FhirMessage message, CancellationToken cancellation)
    {
        var id = await courses.FindPatientAsync(clinic, who.Ids, cancellation);
        var known = id is null ? null : await patients.FindAsync(clinic, id, cancellation);
        if (who.Resource is { } resource)
        {
            FhirModifiers.Refuse(resource);
            var patient = new PatientResource(resource, message.Appointment, clock).Read(id ?? who.Ids[0], known);
            FhirConsents.Read(patient, resource, message.Appointment);
            return patient;
        }

        if (known is null)
        {
            throw FhirException.Of(
                StatusCodes.Status422UnprocessableEntity, "not-found", who.Path,
                "The appointment names a patient whom the clinic does not have here. Send the Patient along, contained or in a Bundle with the appointment.");
        }

        var stored = new JsonObject
        {
            ["id"] = known.Id,
            ["firstName"] = known.FirstName,
            ["phone"] = known.Phone,
            ["language"] = known.Language,
            ["timeZone"] = known.TimeZone,
            ["essentialsOnly"] = known.EssentialsOnly,
        };
        FhirConsents.Read(stored, message.Appointment);
        return stored;
    }

    /// <summary>Which session of the course it is: the appointment says it, or it is known, or it is counted.</summary>
    private async Task<(int Number, int Planned)> PlaceAsync(
        string clinic, string patient, string plan, string session, string? start, KnownSession? known, FhirMessage message, FhirMapping mapping,
        CancellationToken cancellation)
    {
        var appointment = message.Appointment;
        var number = FhirExtensions.Number(appointment, FhirExtensions.SessionNumber);
        var planned = FhirExtensions.Number(appointment, FhirExtensions.PlannedSessions);
        if (number is { } given && planned is { } all)
        {
            return (given, all);
        }

        if (known is not null)
        {
            return (number ?? known.SessionNumber, planned ?? known.PlannedSessions);
        }

        var counted = start is not null && FieldRules.Moment(clock.GetUtcNow())(start) is null
            ? await courses.PlaceAsync(clinic, patient, plan, session, FieldRules.ParseMoment(start), cancellation)
            : (Number: 1, Planned: null);
        var sessionNumber = number ?? counted.Number;
        var usual = planned ?? counted.Planned ?? mapping.PlannedSessions ?? catalogue.Find(plan)?.Series.MinSessions ?? sessionNumber;
        var plannedSessions = Math.Max(usual, planned is null ? sessionNumber : 0);
        message.Issues.Inform(
            $"{appointment.Path}.extension",
            $"Taken as session {sessionNumber} of {plannedSessions}: the extensions {FhirExtensions.SessionNumber} and {FhirExtensions.PlannedSessions} say otherwise.");
        return (sessionNumber, plannedSessions);
    }

    private static string ExpressionOf(string field, FhirElement appointment, AppointmentPatient who)
    {
        var patient = who.Resource?.Path ?? who.Path;
        return field switch
        {
            "patient.firstName" => $"{patient}.name.given",
            "patient.phone" => $"{patient}.telecom",
            "patient.language" => $"{patient}.communication",
            "patient.timeZone" or "patient.consents" or "patient.consentMethod" or "patient.consentWording" => $"{patient}.extension",
            "patient.id" => $"{patient}.id",
            "startsAt" => $"{appointment.Path}.start",
            "plan" => $"{appointment.Path}.serviceType",
            "sessionNumber" or "plannedSessions" => $"{appointment.Path}.extension",
            _ => appointment.Path,
        };
    }
}
