using System.Text.Json;

namespace FollowUp.Functions.Fhir;

/// <summary>
/// An element of a resource, with its place in it. What is not asked for is passed over, as FHIR wants of a receiver; what is asked for and has
/// another JSON type than FHIR gives it is on record as wrong.
/// </summary>
internal sealed class FhirElement(JsonElement json, string path, FhirIssues issues)
{
    /// <summary>As FHIRPath, such as <c>Appointment.participant[0].actor</c>.</summary>
    public string Path => path;

    public FhirIssues Issues => issues;

    public bool Has(string name) => Find(name) is not null;

    public string? Text(string name) =>
        Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text
        : Wrong<string>(name, "a text that is not empty");

    public bool? Flag(string name) =>
        Find(name) is not { } value ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : WrongValue<bool>(name, "true or false");

    public int? Integer(string name) =>
        Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number
        : WrongValue<int>(name, "a whole number");

    public FhirElement? Child(string name) =>
        Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Object ? new FhirElement(value, $"{path}.{name}", issues)
        : Wrong<FhirElement>(name, "an object");

    /// <summary>The objects of a list, in their order.</summary>
    public IReadOnlyList<FhirElement> Items(string name) =>
        Find(name) is not { } value ? []
        : value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Object)
            ? [.. value.EnumerateArray().Select((item, index) => new FhirElement(item, $"{path}.{name}[{index}]", issues))]
            : Wrong<IReadOnlyList<FhirElement>>(name, "a list of objects") ?? [];

    /// <summary>The texts of a list; those that are null, as FHIR has them beside extensions, left out.</summary>
    public IReadOnlyList<string> Texts(string name) =>
        Find(name) is not { } value ? []
        : value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind is JsonValueKind.String or JsonValueKind.Null)
            ? [.. value.EnumerateArray().Select(item => item.GetString()).OfType<string>().Where(text => text.Length > 0)]
            : Wrong<IReadOnlyList<string>>(name, "a list of texts") ?? [];

    private JsonElement? Find(string name) => json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private T? Wrong<T>(string name, string expected) where T : class
    {
        issues.Error("structure", $"{path}.{name}", $"Must be {expected}.");
        return null;
    }

    private T? WrongValue<T>(string name, string expected) where T : struct
    {
        issues.Error("structure", $"{path}.{name}", $"Must be {expected}.");
        return null;
    }
}
