using System.Text.Json.Nodes;
using FollowUp.Data;

namespace FollowUp.Functions.Fhir;

/// <summary>Reads the documented consents. Without any, nothing is said of consents, and nothing is assumed.</summary>
internal static class FhirConsents
{
    private const string None = "none";

    /// <param name="patient">The session PUT's patient, to be completed.</param>
    /// <param name="elements">The Patient and the Appointment, as far as they are here.</param>
    public static void Read(JsonObject patient, params FhirElement?[] elements)
    {
        var stated = elements.OfType<FhirElement>().Select(element => (Element: element, Kinds: FhirExtensions.Texts(element, FhirExtensions.Consent).ToList()))
            .FirstOrDefault(element => element.Kinds.Count > 0);
        if (stated.Element is not { } source)
        {
            return;
        }

        if (stated.Kinds.Contains(None) && stated.Kinds.Count > 1)
        {
            source.Issues.Error("value", source.Path, $"Says '{None}' and a consent at once.");
        }

        foreach (var unknown in stated.Kinds.Where(kind => kind != None && !EnumText.TryParse<ConsentKind>(kind, out _)))
        {
            source.Issues.Error("code-invalid", source.Path, $"A consent must be one of: {string.Join(", ", EnumText.All<ConsentKind>())}, {None}.");
        }

        patient["consents"] = new JsonArray([.. stated.Kinds.Where(kind => kind != None).Distinct().Select(kind => JsonValue.Create(kind))]);
        patient["consentMethod"] = FhirExtensions.Text(source, FhirExtensions.ConsentMethod) ?? "FHIR appointment";
        patient["consentWording"] = FhirExtensions.Text(source, FhirExtensions.ConsentWording);
    }
}
