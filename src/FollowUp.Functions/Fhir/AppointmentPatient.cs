namespace FollowUp.Functions.Fhir;

/// <summary>Whose appointment it is.</summary>
/// <param name="Ids">The ids that the patient may be known by here, the first the one that a new one gets.</param>
/// <param name="Resource">The Patient that came along; null when there is only a reference.</param>
/// <param name="Path">Where the appointment names the patient.</param>
internal sealed record AppointmentPatient(IReadOnlyList<string> Ids, FhirElement? Resource, string Path)
{
    /// <returns>Null when it cannot be said; why stands among the issues.</returns>
    public static AppointmentPatient? Find(FhirMessage message, FhirIds ids)
    {
        var appointment = message.Appointment;
        var patients = appointment.Items("participant").Select(participant => (Participant: participant, Actor: participant.Child("actor")))
            .Where(pair => pair.Actor is not null && IsPatient(pair.Actor, message))
            .ToList();
        if (patients is not [var (participant, actor)])
        {
            message.Issues.Error(
                patients.Count == 0 ? "required" : "not-supported",
                $"{appointment.Path}.participant",
                patients.Count == 0
                    ? "The appointment names no patient: one participant must have an actor that is a Patient."
                    : "The appointment names several patients. Texts go to one: send an appointment for each.");
            return null;
        }

        if (participant.Text("required") == "information-only")
        {
            message.Issues.Error(
                "business-rule", $"{participant.Path}.required", "The patient is not asked to come: the appointment is about them, so there is nothing to text them about.");
        }

        if (participant.Text("status") == "declined")
        {
            message.Issues.Error("business-rule", $"{participant.Path}.status", "The patient has declined. Send the appointment as cancelled, or with another time.");
        }

        return Of(message, ids, actor!);
    }

    private static AppointmentPatient? Of(FhirMessage message, FhirIds ids, FhirElement actor)
    {
        if (Reference(actor) is { } reference)
        {
            if (message.Find(reference) is var (resource, isContained))
            {
                return Known(message, new AppointmentPatient(ids.Of(resource, isContained), resource, actor.Path));
            }

            if (reference.StartsWith('#') || reference.StartsWith("urn:", StringComparison.Ordinal))
            {
                message.Issues.Error("not-found", $"{actor.Path}.reference", "The reference leads to no Patient in what was sent.");
                return null;
            }

            if (reference.Split('/') is not ["Patient", var id])
            {
                message.Issues.Error(
                    "not-found", $"{actor.Path}.reference", "The patient is on another server, which is not asked. Send the Patient along, contained or in a Bundle.");
                return null;
            }

            return new AppointmentPatient([ids.OfLogicalId(id)], null, actor.Path);
        }

        if (actor.Child("identifier") is { } identifier && ids.OfIdentifier(identifier) is { } hash)
        {
            return message.FindByIdentifier(identifier) is { } resource
                ? new AppointmentPatient([.. ids.Of(resource, isContained: false)], resource, actor.Path)
                : new AppointmentPatient([hash], null, actor.Path);
        }

        message.Issues.Error("required", actor.Path, "The patient is named without a reference or an identifier.");
        return null;
    }

    private static AppointmentPatient? Known(FhirMessage message, AppointmentPatient patient)
    {
        if (patient.Ids.Count > 0)
        {
            return patient;
        }

        message.Issues.Error(
            "required", $"{patient.Resource!.Path}.identifier", "The patient has no identifier (and no id that is good outside of this message): they could not be told from others.");
        return null;
    }

    private static bool IsPatient(FhirElement actor, FhirMessage message) =>
        actor.Text("type") == "Patient"
        || (Reference(actor) is { } reference && (message.Find(reference) is not null || TypeOf(reference) == "Patient"));

    /// <summary>Whichever version of the patient is named, the newest is meant.</summary>
    private static string? Reference(FhirElement actor) => actor.Text("reference")?.Split("/_history/")[0];

    /// <summary>Of <c>Patient/1</c> and <c>https://server/fhir/Patient/1</c>.</summary>
    private static string? TypeOf(string reference) => reference.Split('/') is [.., var type, _] ? type : null;
}
