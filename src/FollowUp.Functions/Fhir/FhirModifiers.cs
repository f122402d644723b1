namespace FollowUp.Functions.Fhir;

/// <summary>What FHIR forbids a receiver to pass over.</summary>
internal static class FhirModifiers
{
    /// <summary>A modifier extension changes what the rest of a resource means, and implicit rules do: who does not know them must not go on.</summary>
    public static void Refuse(FhirElement resource)
    {
        foreach (var name in new[] { "modifierExtension", "implicitRules" })
        {
            if (resource.Has(name))
            {
                resource.Issues.Error("extension", $"{resource.Path}.{name}", "It changes what the resource means in a way that is not known here, so that the resource is not taken.");
            }
        }
    }
}
