using FollowUp.Data.Fhir;

namespace FollowUp.Functions.Fhir;

/// <summary>Which care plan an appointment is for: its extension says it, or a coding of its serviceType by the clinic's mapping, or the clinic's default.</summary>
internal static class AppointmentPlan
{
    /// <returns>Null when it cannot be said; why stands among the issues.</returns>
    public static string? Find(FhirElement appointment, FhirMapping mapping)
    {
        if (FhirExtensions.Text(appointment, FhirExtensions.Plan) is { } said)
        {
            return said;
        }

        var codings = appointment.Items("serviceType").SelectMany(type => type.Items("coding"))
            .Where(coding => coding.Has("code"))
            .Select(coding => FhirMapping.KeyOf(coding.Text("system"), coding.Text("code") ?? ""))
            .Distinct(StringComparer.Ordinal).ToList();
        var plans = codings.Select(coding => mapping.Plans.GetValueOrDefault(coding)).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        if (plans is [var one])
        {
            return one;
        }

        var expression = $"{appointment.Path}.serviceType";
        if (plans.Count > 1)
        {
            appointment.Issues.Error("business-rule", expression, $"Its codings are for several care plans: {string.Join(", ", plans)}.");
            return null;
        }

        if (mapping.DefaultPlan is null)
        {
            var seen = codings.Count == 0 ? "It has no coding" : $"No care plan is set for {string.Join(" or ", codings)}";
            appointment.Issues.Error(
                "business-rule", expression, $"{seen}, and the clinic has no default plan. Set fhir.plans or fhir.defaultPlan with PUT /api/clinics, or send the extension {FhirExtensions.Plan}.");
        }

        return mapping.DefaultPlan;
    }
}
