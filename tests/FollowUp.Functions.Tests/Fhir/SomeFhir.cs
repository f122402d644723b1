using System.Text.Json.Nodes;

namespace FollowUp.Functions.Tests.Fhir;

/// <summary>Resources of our own, in the shapes of the published R4 examples; a test changes what it cares about.</summary>
internal static class SomeFhir
{
    /// <summary>As the example of a booked follow-up visit: patient, practitioner and room by reference, the service by a coding without a system.</summary>
    public static JsonObject Appointment() => Parse("""
        {
          "resourceType": "Appointment",
          "id": "visit-2001",
          "text": { "status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\">Needling of the cheeks</div>" },
          "status": "booked",
          "serviceCategory": [ { "coding": [ { "system": "https://glow.example/category", "code": "skin", "display": "Skin" } ] } ],
          "serviceType": [ { "coding": [ { "code": "77", "display": "Needling" } ] } ],
          "specialty": [ { "coding": [ { "system": "http://snomed.info/sct", "code": "394582007", "display": "Dermatology" } ] } ],
          "appointmentType": { "coding": [ { "system": "http://terminology.hl7.org/CodeSystem/v2-0276", "code": "FOLLOWUP" } ] },
          "reasonReference": [ { "reference": "Condition/scars", "display": "Scars of both cheeks" } ],
          "priority": 5,
          "description": "Second pass over both cheeks",
          "start": "2026-12-01T10:00:00-08:00",
          "end": "2026-12-01T11:00:00-08:00",
          "created": "2026-11-20",
          "comment": "Bring the consent form.",
          "basedOn": [ { "reference": "ServiceRequest/needling" } ],
          "participant": [
            { "actor": { "reference": "Patient/pat-1", "display": "Ada B. Clark" }, "required": "required", "status": "accepted" },
            { "type": [ { "coding": [ { "system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "code": "ATND" } ] } ],
              "actor": { "reference": "Practitioner/grey", "display": "Dr Grey" }, "required": "required", "status": "accepted" },
            { "actor": { "reference": "Location/2", "display": "Room 2" }, "required": "required", "status": "accepted" }
          ]
        }
        """);

    /// <summary>As the example of a request: it is only proposed, has a period that is wished for and no time of its own.</summary>
    public static JsonObject Request() => Parse("""
        {
          "resourceType": "Appointment",
          "id": "wish-1",
          "identifier": [ { "system": "https://glow.example/wishes", "value": "55" } ],
          "status": "proposed",
          "appointmentType": { "coding": [ { "system": "http://terminology.hl7.org/CodeSystem/v2-0276", "code": "WALKIN" } ] },
          "reasonCode": [ { "coding": [ { "system": "http://snomed.info/sct", "code": "413095006" } ], "text": "Review" } ],
          "minutesDuration": 15,
          "slot": [ { "reference": "Slot/3" } ],
          "created": "2026-11-02",
          "participant": [
            { "actor": { "reference": "Patient/pat-1" }, "required": "required", "status": "needs-action" },
            { "type": [ { "coding": [ { "system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "code": "ATND" } ] } ], "required": "required", "status": "needs-action" },
            { "actor": { "reference": "Location/2" }, "required": "required", "status": "accepted" }
          ],
          "requestedPeriod": [ { "start": "2027-01-02", "end": "2027-01-09" } ]
        }
        """);

    /// <summary>As the example of two doctors who discuss a patient: the patient is told of, and not asked to come.</summary>
    public static JsonObject Discussion() => Parse("""
        {
          "resourceType": "Appointment",
          "id": "talk-1",
          "status": "booked",
          "serviceType": [ { "coding": [ { "code": "77" } ] } ],
          "description": "About a patient's pictures",
          "supportingInformation": [ { "reference": "DiagnosticReport/9" } ],
          "start": "2026-12-02T09:00:00Z",
          "end": "2026-12-02T09:30:00Z",
          "participant": [
            { "actor": { "reference": "Patient/pat-1" }, "required": "information-only", "status": "accepted" },
            { "actor": { "reference": "Practitioner/grey" }, "required": "required", "status": "accepted" },
            { "actor": { "reference": "Practitioner/vogt" }, "required": "required", "status": "accepted" },
            { "actor": { "display": "Telephone" }, "required": "information-only", "status": "accepted" }
          ]
        }
        """);

    public static JsonObject Patient() => Parse("""
        {
          "resourceType": "Patient",
          "id": "pat-1",
          "extension": [
            { "url": "http://hl7.org/fhir/StructureDefinition/timezone", "valueCode": "America/Denver" },
            { "url": "urn:followup:consent", "valueCode": "care" },
            { "url": "urn:followup:consent", "valueCode": "marketing" },
            { "url": "urn:followup:consent-method", "valueString": "form at the desk" }
          ],
          "identifier": [ { "use": "usual", "type": { "coding": [ { "system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR" } ] },
                            "system": "https://glow.example/mrn", "value": "990-11-7766" } ],
          "active": true,
          "name": [ { "use": "official", "family": "Clark", "given": [ "Adelaide", "Beth" ] },
                    { "use": "usual", "given": [ "Ada" ] },
                    { "use": "maiden", "family": "Stone", "given": [ "Adelaide" ], "period": { "end": "2012" } } ],
          "telecom": [ { "use": "home" },
                       { "system": "phone", "value": "+1 415 555 0177", "use": "work", "rank": 1 },
                       { "system": "phone", "value": "+1 (415) 555-0123", "use": "mobile", "rank": 2 },
                       { "system": "phone", "value": "+1 415 555 0100", "use": "old", "period": { "end": "2014" } } ],
          "gender": "female",
          "birthDate": "1994-12-25",
          "deceasedBoolean": false,
          "communication": [ { "language": { "coding": [ { "system": "urn:ietf:bcp:47", "code": "en" } ] } },
                             { "language": { "coding": [ { "system": "urn:ietf:bcp:47", "code": "es" } ] }, "preferred": true } ]
        }
        """);

    /// <param name="type">collection, transaction or message.</param>
    public static JsonObject Bundle(string type, JsonObject appointment, JsonObject? patient)
    {
        var entries = new JsonArray();
        if (type == "message")
        {
            entries.Add(Parse("""
                { "fullUrl": "urn:uuid:267b18ce-3d37-4581-9baa-6fada338038b",
                  "resource": { "resourceType": "MessageHeader", "eventUri": "https://glow.example/booked", "source": { "endpoint": "https://glow.example" } } }
                """));
        }

        void Add(JsonObject resource, string url)
        {
            var entry = new JsonObject { ["fullUrl"] = url, ["resource"] = resource.DeepClone() };
            if (type == "transaction")
            {
                entry["request"] = new JsonObject { ["method"] = "PUT", ["url"] = $"{resource["resourceType"]}/{resource["id"]}" };
            }

            entries.Add(entry);
        }

        Add(appointment, "https://glow.example/fhir/Appointment/visit-2001");
        if (patient is not null)
        {
            Add(patient, "https://glow.example/fhir/Patient/pat-1");
        }

        return new JsonObject { ["resourceType"] = "Bundle", ["type"] = type, ["entry"] = entries };
    }

    /// <summary>The appointment with its patient in it, known by an identifier alone.</summary>
    public static JsonObject Contained(JsonObject? appointment = null, JsonObject? patient = null)
    {
        var outer = appointment ?? Appointment();
        var inner = patient ?? Patient();
        inner["id"] = "me";
        outer["contained"] = new JsonArray(inner);
        outer["participant"]![0]!["actor"]!["reference"] = "#me";
        return outer;
    }

    private static JsonObject Parse(string json) => (JsonObject)JsonNode.Parse(json)!;
}
