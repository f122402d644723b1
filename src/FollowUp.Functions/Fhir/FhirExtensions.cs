namespace FollowUp.Functions.Fhir;

/// <summary>
/// The extensions that say what FHIR has no element for. Their names are urn:followup: and a word; one of these that is not known is refused,
/// so that a misspelled consent is not ignored in silence. All other extensions are passed over.
/// </summary>
internal static class FhirExtensions
{
    /// <summary>On the Appointment: the id of a care plan (valueCode).</summary>
    public const string Plan = "urn:followup:plan";

    /// <summary>On the Appointment: which session of the course this is (valuePositiveInt).</summary>
    public const string SessionNumber = "urn:followup:session-number";

    /// <summary>On the Appointment: how many sessions the course has (valuePositiveInt).</summary>
    public const string PlannedSessions = "urn:followup:planned-sessions";

    /// <summary>On the Patient or the Appointment, once for each: care or marketing, or none (valueCode).</summary>
    public const string Consent = "urn:followup:consent";

    /// <summary>Beside it: how it was given (valueString).</summary>
    public const string ConsentMethod = "urn:followup:consent-method";

    /// <summary>Beside it: the words that the patient was shown (valueString).</summary>
    public const string ConsentWording = "urn:followup:consent-wording";

    /// <summary>On the Patient: preparation and aftercare alone (valueBoolean).</summary>
    public const string EssentialsOnly = "urn:followup:essentials-only";

    /// <summary>HL7's own, on the Patient, an address of theirs or the Appointment: an IANA zone (valueCode).</summary>
    public const string TimeZone = "http://hl7.org/fhir/StructureDefinition/timezone";

    private const string Own = "urn:followup:";
    private static readonly string[] OfAppointment = [Plan, SessionNumber, PlannedSessions, Consent, ConsentMethod, ConsentWording];
    private static readonly string[] OfPatient = [Consent, ConsentMethod, ConsentWording, EssentialsOnly];

    public static void RefuseUnknownOnAppointment(FhirElement appointment) => RefuseUnknown(appointment, OfAppointment);

    public static void RefuseUnknownOnPatient(FhirElement patient) => RefuseUnknown(patient, OfPatient);

    public static IEnumerable<FhirElement> Find(FhirElement element, string url) =>
        element.Items("extension").Where(extension => extension.Text("url") == url);

    /// <summary>The texts that the extensions of this name hold.</summary>
    public static IEnumerable<string> Texts(FhirElement element, string url) =>
        Find(element, url).Select(extension => extension.Text("valueCode") ?? extension.Text("valueString") ?? extension.Text("valueId") ?? Missing(extension))
            .OfType<string>();

    public static string? Text(FhirElement element, string url) => Texts(element, url).FirstOrDefault();

    public static int? Number(FhirElement element, string url) =>
        Find(element, url).FirstOrDefault() is { } extension
            ? extension.Integer("valuePositiveInt") ?? extension.Integer("valueInteger") ?? extension.Integer("valueUnsignedInt") ?? MissingNumber(extension)
            : null;

    public static bool? Flag(FhirElement element, string url) =>
        Find(element, url).FirstOrDefault() is { } extension ? extension.Flag("valueBoolean") ?? MissingFlag(extension) : null;

    private static void RefuseUnknown(FhirElement element, string[] known)
    {
        foreach (var extension in element.Items("extension"))
        {
            if (extension.Text("url") is { } url && url.StartsWith(Own, StringComparison.Ordinal) && !known.Contains(url))
            {
                element.Issues.Error("extension", extension.Path, $"This extension is not known here. Those that are: {string.Join(", ", known)}.");
            }
        }
    }

    private static string? Missing(FhirElement extension)
    {
        extension.Issues.Error("value", extension.Path, "Its value must be a code or a string.");
        return null;
    }

    private static int? MissingNumber(FhirElement extension)
    {
        extension.Issues.Error("value", extension.Path, "Its value must be a positiveInt or an integer.");
        return null;
    }

    private static bool? MissingFlag(FhirElement extension)
    {
        extension.Issues.Error("value", extension.Path, "Its value must be a boolean.");
        return null;
    }
}
