using System.Text.Json;
using FollowUp.Core.CarePlans;
using FollowUp.Core.Contacts;
using FollowUp.Data;
using FollowUp.Data.Clinics;
using FollowUp.Functions.Http;
using NodaTime;

namespace FollowUp.Functions.Clinics;

/// <summary>The body of a clinic PUT.</summary>
/// <param name="catalogue">The plans that it may set something for.</param>
/// <param name="twilioIsLoopback">Texts stay on this machine, as in a demonstration: then posts may go unencrypted too.</param>
internal sealed class ClinicRequest(CarePlanCatalogue catalogue, bool twilioIsLoopback)
{
    private const string DefaultLanguage = "en";

    /// <exception cref="ProblemException">400, with everything that is wrong by field.</exception>
    public ClinicSettings Read(string clinic, JsonElement body)
    {
        var fields = new JsonFields(body);
        if (FieldRules.Id(clinic) is { } mistake)
        {
            fields.Error("clinic", mistake);
        }

        var name = fields.Text("name", required: true, FieldRules.Words(60));
        var timeZone = fields.Text("timeZone", required: true, FieldRules.TimeZone);
        var phone = fields.Text("phone", required: true, FieldRules.Words(30));
        var emergencyNumber = fields.Text("emergencyNumber", required: false, FieldRules.Words(20));
        var bookingUrl = fields.Text("bookingUrl", required: false, FieldRules.WebAddress);
        var languages = fields.Texts("languages", FieldRules.Language);
        var completion = fields.Text("completion", required: false, FieldRules.OneOf(EnumText.All<Completion>()));
        var staffAlerts = fields.Texts("staffAlerts", StaffAlert);
        var sender = fields.Text("sender", required: false, Sender);
        var (from, to) = ReadHours(fields);
        var plans = new PlanSettingsRequest(catalogue).Read(fields);
        var webhooks = new SubscriptionRequest(twilioIsLoopback).Read(fields);
        var fhir = new FhirMappingRequest(catalogue).Read(fields);
        if (languages is [])
        {
            fields.Error("languages", "Must name one language at least.");
        }

        fields.ThrowIfWrong();
        return new ClinicSettings
        {
            Id = clinic,
            Name = name!,
            TimeZone = timeZone!,
            Phone = phone!,
            EmergencyNumber = emergencyNumber,
            BookingUrl = bookingUrl,
            Languages = languages ?? [DefaultLanguage],
            Completion = completion is null ? Completion.Assumed : EnumText.Parse<Completion>(completion),
            SendingFrom = from,
            SendingTo = to,
            StaffAlerts = staffAlerts ?? [],
            Sender = sender,
            Plans = plans,
            Webhooks = webhooks,
            Fhir = fhir,
        };
    }

    private static (LocalTime From, LocalTime To) ReadHours(JsonFields fields)
    {
        var (from, to) = (new LocalTime(8, 0), new LocalTime(21, 0));
        if (fields.Object("sendingHours", required: false) is { } hours)
        {
            from = hours.Text("from", required: true, FieldRules.Time) is { } given ? FieldRules.ParseTime(given) : from;
            to = hours.Text("to", required: true, FieldRules.Time) is { } end ? FieldRules.ParseTime(end) : to;
            if (to <= from && hours.IsFine("from") && hours.IsFine("to"))
            {
                hours.Error("to", "Must be later than from, on the same day.");
            }
        }

        return (from, to);
    }

    private string? StaffAlert(string text) =>
        PhoneNumber.TryParse(text, out _, out _) ? null
        : FieldRules.WebAddress(text) is not null ? "Must be phone numbers such as +14155550123, or web addresses."
        : twilioIsLoopback || text.StartsWith("https:", StringComparison.OrdinalIgnoreCase) ? null
        : "Web addresses must be https: what alerts say must not be read on the way.";

    private static string? Sender(string text) =>
        PhoneNumber.TryParse(text, out _, out _) || (text.StartsWith("MG", StringComparison.Ordinal) && text.Length == 34)
            ? null
            : "Must be a phone number such as +14155550123, or the SID of a messaging service.";
}
