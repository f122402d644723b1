using System.Text.Json;
using System.Text.Json.Serialization;

namespace FollowUp.Data.Fhir;

/// <summary>How a clinic's FHIR appointments name what FollowUp must know of a session.</summary>
public sealed record FhirMapping
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Care plans by coding, as <c>system|code</c>, or <c>|code</c> for a coding without a system.</summary>
    public IReadOnlyDictionary<string, string> Plans { get; init; } = new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The care plan of an appointment that no coding gives one. Null: such an appointment is refused.</summary>
    public string? DefaultPlan { get; init; }

    /// <summary>How many sessions a course has when neither the appointment nor an earlier session says so. Null: the fewest that the plan has.</summary>
    public int? PlannedSessions { get; init; }

    /// <summary>The key of a coding in <see cref="Plans"/>.</summary>
    public static string KeyOf(string? system, string code) => $"{system}|{code}";

    internal static string Write(FhirMapping mapping) => JsonSerializer.Serialize(
        mapping with { Plans = new SortedDictionary<string, string>(mapping.Plans.ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal) }, Options);

    internal static FhirMapping Read(string text) => JsonSerializer.Deserialize<FhirMapping>(text, Options) ?? new FhirMapping();
}
