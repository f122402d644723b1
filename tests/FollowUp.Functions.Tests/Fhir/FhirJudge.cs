using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;

namespace FollowUp.Functions.Tests.Fhir;

/// <summary>Firely's own reader of R4: strict about names, types, cardinalities and codes. What it does not read is no FHIR.</summary>
internal static class FhirJudge
{
    private static readonly FhirJsonDeserializer Reader = new();

    public static T Read<T>(string json) where T : Resource => Assert.IsType<T>(Reader.DeserializeResource(json), exactMatch: false);
}
