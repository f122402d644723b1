using System.Globalization;
using System.Text.Json.Nodes;
using FollowUp.Core.Contacts;
using FollowUp.Data.Patients;

namespace FollowUp.Functions.Fhir;

/// <summary>
/// Reads a Patient resource into the <c>patient</c> of a session PUT. What the resource does not say stays as it is known here; whether the
/// values are good, the rules of that request say.
/// </summary>
internal sealed class PatientResource(FhirElement patient, FhirElement appointment, TimeProvider clock)
{
    private static readonly string[] NameUses = ["usual", "nickname", "official", "", "temp"];

    public JsonObject Read(string id, PatientView? known)
    {
        RefuseWhatForbidsTexts();
        FhirExtensions.RefuseUnknownOnPatient(patient);
        return new JsonObject
        {
            ["id"] = id,
            ["firstName"] = FirstName() ?? known?.FirstName,
            ["phone"] = Phone() ?? known?.Phone,
            ["language"] = Language() ?? known?.Language,
            ["timeZone"] = TimeZone() ?? known?.TimeZone,
            ["essentialsOnly"] = FhirExtensions.Flag(patient, FhirExtensions.EssentialsOnly) ?? known?.EssentialsOnly,
        };
    }

    private void RefuseWhatForbidsTexts()
    {
        if (patient.Has("deceasedBoolean") && patient.Flag("deceasedBoolean") != false)
        {
            patient.Issues.Error("business-rule", $"{patient.Path}.deceased", "The patient is said to have died. No texts are planned; call off what is booked.");
        }

        if (patient.Has("deceasedDateTime"))
        {
            patient.Issues.Error("business-rule", $"{patient.Path}.deceased", "The patient is said to have died. No texts are planned; call off what is booked.");
        }

        if (patient.Flag("active") == false)
        {
            patient.Issues.Error("business-rule", $"{patient.Path}.active", "The patient's record is said not to be in use. Send the record that is.");
        }
    }

    private string? FirstName()
    {
        var names = patient.Items("name").Where(name => !IsOver(name))
            .Select(name => (Place: Array.IndexOf(NameUses, name.Text("use") ?? ""), Given: name.Texts("given")))
            .Where(name => name.Place >= 0 && name.Given.Count > 0)
            .OrderBy(name => name.Place);
        return names.FirstOrDefault().Given?[0];
    }

    /// <summary>A number for texts: one that is said to be for them or mobile, then one of which nothing is said, then the home's. Never the workplace's, where others read it.</summary>
    private string? Phone()
    {
        var numbers = patient.Items("telecom").Where(point => point.Text("system") is "phone" or "sms" && !IsOver(point) && point.Has("value"))
            .Select(point => (Point: point, Place: PlaceOf(point)))
            .Where(number => number.Place >= 0)
            .OrderBy(number => number.Place).ThenBy(number => number.Point.Integer("rank") ?? int.MaxValue)
            .ToList();
        if (numbers is not [var best, ..])
        {
            return null;
        }

        if (best.Place == 2)
        {
            patient.Issues.Warn(best.Point.Path, "The number is said to be the home's, not a mobile: others may read the texts, or none may arrive.");
        }

        // A value that is no text is among the issues by now.
        return best.Point.Text("value") is { } number ? Plain(number) : null;
    }

    private static int PlaceOf(FhirElement point) => (point.Text("system"), point.Text("use")) switch
    {
        (_, "old" or "work" or "temp") => -1,
        ("sms", _) or (_, "mobile") => 0,
        (_, null) => 1,
        _ => 2,
    };

    /// <summary>Without what people put between the digits. No country is guessed.</summary>
    private static string Plain(string number)
    {
        var text = number.StartsWith("tel:", StringComparison.OrdinalIgnoreCase) || number.StartsWith("sms:", StringComparison.OrdinalIgnoreCase) ? number[4..] : number;
        var plain = string.Concat(text.Where(character => character is not (' ' or '\u00A0' or '(' or ')' or '-' or '.' or '/')));
        return PhoneNumber.TryParse(plain, out _, out _) ? plain : text;
    }

    private string? Language()
    {
        var spoken = patient.Items("communication").OrderByDescending(one => one.Flag("preferred") == true).FirstOrDefault()?.Child("language");
        if (spoken is null)
        {
            return null;
        }

        var tag = spoken.Items("coding").FirstOrDefault(coding => coding.Text("system") is null or "urn:ietf:bcp:47")?.Text("code");
        if (tag is null)
        {
            patient.Issues.Warn(spoken.Path, "The language has no code of urn:ietf:bcp:47; the texts are in the language that was known, or the clinic's.");
        }

        return tag;
    }

    private string? TimeZone() =>
        FhirExtensions.Text(patient, FhirExtensions.TimeZone)
        ?? patient.Items("address").Where(address => address.Text("use") is null or "home" && !IsOver(address))
            .Select(address => FhirExtensions.Text(address, FhirExtensions.TimeZone)).FirstOrDefault(zone => zone is not null)
        ?? FhirExtensions.Text(appointment, FhirExtensions.TimeZone);

    /// <summary>Whether a name, a number or an address is of the past.</summary>
    private bool IsOver(FhirElement element) =>
        element.Child("period")?.Text("end") is { } end
        && DateTimeOffset.TryParse(end, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) && at < clock.GetUtcNow().AddDays(-1);
}
