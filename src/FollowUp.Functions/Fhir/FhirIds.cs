using System.Security.Cryptography;
using System.Text;
using FollowUp.Core.Contacts;

namespace FollowUp.Functions.Fhir;

/// <summary>
/// The ids under which resources are kept here. A resource's own id stays what it is. An identifier, which may be somebody's insurance number,
/// becomes a keyed hash: the same one always the same id, two never the same, and the value in no id, address or history. Hashes have an
/// underscore, which no FHIR id can have, so that the two kinds never meet.
/// </summary>
/// <param name="key">The installation's own.</param>
internal sealed class FhirIds(byte[] key)
{
    private const int HashDigits = 32;

    /// <summary>The ids that a resource may be known by, the first the one that it gets when it is new.</summary>
    /// <param name="resource">An Appointment or a Patient.</param>
    /// <param name="isContained">Its id is good within the other resource only.</param>
    public IReadOnlyList<string> Of(FhirElement resource, bool isContained) =>
    [
        .. isContained ? [] : Optional(resource.Text("id")).Select(OfLogicalId),
        .. resource.Items("identifier").SelectMany(Optional),
    ];

    /// <summary>Of a resource's id, or the end of a reference.</summary>
    public string OfLogicalId(string id) => Identifier.IsValid(id) && !id.Contains('_', StringComparison.Ordinal) ? id : Hash("id", null, id);

    /// <summary>Of an identifier; null for one that is no longer used, or has no value.</summary>
    public string? OfIdentifier(FhirElement identifier) =>
        identifier.Text("value") is { } value && identifier.Text("use") is not ("old" or "temp") ? Hash("identifier", identifier.Text("system"), value) : null;

    private IEnumerable<string> Optional(FhirElement identifier) => Optional(OfIdentifier(identifier));

    private static IEnumerable<string> Optional(string? text) => text is null ? [] : [text];

    private string Hash(string kind, string? system, string value) =>
        "fhir_" + Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{kind}\n{system}\n{value}")))[..HashDigits];
}
