using System.Text.Json;
using FollowUp.Core.Contacts;
using FollowUp.Data;
using FollowUp.Data.Staff;
using Microsoft.AspNetCore.Http;

namespace FollowUp.Dashboard.SignIn;

/// <summary>
/// Who App Service authentication says that somebody is. It puts that into a header, and takes the header away from everybody else; where it
/// does not run, anybody could send it, so nobody is believed there.
/// </summary>
internal static class AppServicePrincipal
{
    public const string Header = "X-MS-CLIENT-PRINCIPAL";

    private const string RolePrefix = "FollowUp.";
    private const string ClinicPrefix = "FollowUp.Clinic.";
    private const int Longest = 32 * 1024;

    /// <summary>
    /// The role is the highest of the app roles <c>FollowUp.Viewer</c>, <c>FollowUp.Operator</c> and <c>FollowUp.Admin</c>; a role
    /// <c>FollowUp.Clinic.glow</c> limits to a clinic. Null when nobody is signed in, or they have no role here.
    /// </summary>
    public static StaffMember? Read(HttpRequest request)
    {
        var header = request.Headers[Header];
        if (header is not [{ Length: > 0 and < Longest } text] || Decode(text) is not { } principal)
        {
            return null;
        }

        using (principal)
        {
            var claims = Claims(principal.RootElement).ToList();
            var roleType = Text(principal.RootElement, "role_typ");
            var nameType = Text(principal.RootElement, "name_typ");
            var roles = claims.Where(claim => claim.Type == roleType || claim.Type == "roles").Select(claim => claim.Value).ToList();
            var name = First(nameType) ?? First("preferred_username") ?? First("name");
            StaffRole? role = null;
            foreach (var known in Enum.GetValues<StaffRole>())
            {
                role = roles.Contains(RolePrefix + known, StringComparer.OrdinalIgnoreCase) ? known : role;
            }

            var clinics = roles.Where(value => value.StartsWith(ClinicPrefix, StringComparison.OrdinalIgnoreCase)).Select(value => value[ClinicPrefix.Length..]).ToList();

            // Two limits cannot both hold, and choosing one of them would be a guess.
            return name is null || role is null || clinics.Count > 1 || clinics.Exists(clinic => !Identifier.IsValid(clinic))
                ? null
                : new StaffMember(Clean(name), role.Value, clinics is [var only] ? only : null, null);

            string? First(string? type) => type is null ? null : claims.Where(claim => claim.Type == type).Select(claim => claim.Value).FirstOrDefault();
        }
    }

    private static JsonDocument? Decode(string text)
    {
        try
        {
            return JsonDocument.Parse(Convert.FromBase64String(text));
        }
        catch (Exception broken) when (broken is FormatException or JsonException)
        {
            return null;
        }
    }

    private static IEnumerable<(string Type, string Value)> Claims(JsonElement principal)
    {
        if (principal.ValueKind != JsonValueKind.Object || !principal.TryGetProperty("claims", out var claims) || claims.ValueKind != JsonValueKind.Array)
        {
            yield break;
        }

        foreach (var claim in claims.EnumerateArray())
        {
            if (Text(claim, "typ") is { } type && Text(claim, "val") is { Length: > 0 } value)
            {
                yield return (type, value);
            }
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>A name goes into the audit. One that is spelled like our own root is somebody else's all the same.</summary>
    private static string Clean(string name)
    {
        var clean = new string([.. name.Where(character => !char.IsControl(character)).Take(100)]).ToLowerInvariant();
        return clean == SignedIn.RootName ? "root (app service)" : clean;
    }
}
