using Microsoft.OpenApi;

namespace FollowUp.Functions.OpenApi;

/// <summary>Parameters of routes that stand for the same everywhere.</summary>
internal static class RouteParameters
{
    public static IReadOnlyDictionary<string, (OpenApiSchema Schema, string Example)> Known { get; } = new Dictionary<string, (OpenApiSchema, string)>
    {
        ["clinic"] = (Schema.Id("The clinic's id."), "glow"),
        ["session"] = (Schema.Id("The session's id at the clinic."), "b-77"),
        ["patient"] = (Schema.Id("The patient's id at the clinic."), "p-1001"),
        ["plan"] = (Schema.Text("The care plan's id.", longest: 64), "microneedling-acne-scars"),
        ["message"] = (Schema.Id("Twilio's SID of the text."), "SM0123456789abcdef0123456789abcdef"),
        ["alert"] = (Schema.Text("The alert's number."), "17"),
        ["bulk"] = (Schema.Id("The id of a command on many sessions."), "bulk-1"),
        ["key"] = (Schema.Id("The key's id; not the key itself."), "booking-system-3fa9c1d2"),
    };
}
