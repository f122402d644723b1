using FollowUp.Core.Timelines;
using Microsoft.AspNetCore.Http;

namespace FollowUp.Functions.Fhir;

/// <summary>What the status of an appointment asks of FollowUp.</summary>
/// <param name="Outcome">What became of the session; null while it is to be held.</param>
/// <param name="IsBooked">The session is booked, or was held: its details count.</param>
internal sealed record AppointmentStatus(SessionOutcome? Outcome, bool IsBooked)
{
    /// <exception cref="FhirException">422: the appointment is no booking yet.</exception>
    public static AppointmentStatus Of(FhirElement appointment)
    {
        var expression = $"{appointment.Path}.status";
        var status = appointment.Text("status");
        appointment.Issues.ThrowIfWrong();
        return status switch
        {
            "booked" or "arrived" or "checked-in" => new AppointmentStatus(null, IsBooked: true),
            "fulfilled" => new AppointmentStatus(SessionOutcome.Completed, IsBooked: true),
            "cancelled" or "entered-in-error" => new AppointmentStatus(SessionOutcome.Cancelled, IsBooked: false),
            "noshow" => new AppointmentStatus(SessionOutcome.NoShow, IsBooked: false),
            "proposed" => throw NotYet("The appointment is only proposed: nobody has agreed to it. Send it again when it is booked."),
            "pending" => throw NotYet("The appointment is pending: not everybody has agreed to it. Send it again when it is booked."),
            "waitlist" => throw NotYet("The appointment is on a waiting list and has no time of its own yet. Send it again when it is booked."),
            null => throw FhirException.Of(StatusCodes.Status422UnprocessableEntity, "required", expression, "An appointment has a status."),
            _ => throw FhirException.Of(StatusCodes.Status422UnprocessableEntity, "code-invalid", expression, "This is no status of an appointment in FHIR R4."),
        };

        FhirException NotYet(string message) => FhirException.Of(StatusCodes.Status422UnprocessableEntity, "business-rule", expression, message);
    }
}
