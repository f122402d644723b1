using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace FollowUp.Functions.Fhir;

/// <summary>An Appointment and the Patient that comes with it, contained or in one Bundle.</summary>
internal sealed class FhirMessage
{
    private static readonly string[] BundleTypes = ["collection", "transaction", "message"];
    private readonly List<(string? FullUrl, FhirElement Resource)> _beside = [];

    private FhirMessage(FhirElement appointment, FhirIssues issues) => (Appointment, Issues) = (appointment, issues);

    public FhirElement Appointment { get; }

    public FhirIssues Issues { get; }

    /// <exception cref="FhirException">400: it is neither an Appointment nor a Bundle with one.</exception>
    public static FhirMessage Read(JsonElement root)
    {
        FhirIssues issues = new();
        var type = TypeOf(root);
        if (type == "Appointment")
        {
            return new FhirMessage(new FhirElement(root, "Appointment", issues), issues);
        }

        return type == "Bundle"
            ? ReadBundle(new FhirElement(root, "Bundle", issues), issues)
            : throw FhirException.Of(
                StatusCodes.Status400BadRequest, "structure", null, "The body must be an Appointment, or a Bundle with an Appointment and its Patient.");
    }

    /// <summary>The Patient that a reference of the appointment leads to; null when it is not here. Contained ones are told apart.</summary>
    public (FhirElement Patient, bool IsContained)? Find(string reference)
    {
        if (reference.StartsWith('#'))
        {
            return Appointment.Items("contained").FirstOrDefault(resource => resource.Text("id") == reference[1..] && IsPatient(resource)) is { } contained
                ? (contained, true)
                : null;
        }

        var found = _beside.Find(entry => entry.FullUrl == reference).Resource
            ?? _beside.Find(entry => entry.Resource.Text("id") is { } id && reference.EndsWith($"Patient/{id}", StringComparison.Ordinal)).Resource;
        return found is null ? null : (found, false);
    }

    /// <summary>The Patient with an identifier, for a reference that is one.</summary>
    public FhirElement? FindByIdentifier(FhirElement identifier) => _beside
        .Find(entry => entry.Resource.Items("identifier").Any(own =>
            own.Text("system") == identifier.Text("system") && own.Text("value") == identifier.Text("value"))).Resource;

    private static FhirMessage ReadBundle(FhirElement bundle, FhirIssues issues)
    {
        if (!BundleTypes.Contains(bundle.Text("type")))
        {
            throw FhirException.Of(
                StatusCodes.Status400BadRequest, "not-supported", "Bundle.type", $"A Bundle must be one of: {string.Join(", ", BundleTypes)}.");
        }

        List<(string? FullUrl, FhirElement Resource, string? Type)> entries = [];
        foreach (var entry in bundle.Items("entry"))
        {
            if (entry.Child("resource") is { } resource)
            {
                entries.Add((entry.Text("fullUrl"), resource, resource.Text("resourceType")));
            }

            if (entry.Child("request")?.Text("method") is "DELETE")
            {
                issues.Error("not-supported", $"{entry.Path}.request.method", "Nothing is deleted this way. Call an appointment off with its status.");
            }
        }

        var appointments = entries.FindAll(entry => entry.Type == "Appointment");
        if (appointments is not [var one])
        {
            throw FhirException.Of(
                StatusCodes.Status400BadRequest, "structure", "Bundle.entry", $"The Bundle must hold one Appointment; it holds {appointments.Count}. Send one Bundle for each.");
        }

        var message = new FhirMessage(one.Resource, issues);
        message._beside.AddRange(entries.Where(entry => entry.Type == "Patient").Select(entry => (entry.FullUrl, entry.Resource)));
        return message;
    }

    private static bool IsPatient(FhirElement resource) => resource.Text("resourceType") == "Patient";

    private static string? TypeOf(JsonElement root) =>
        root.TryGetProperty("resourceType", out var type) && type.ValueKind == JsonValueKind.String ? type.GetString() : null;
}
