namespace FollowUp.Functions.Imports;

/// <summary>The columns of a file of bookings: the fields of a session PUT, and the session's id.</summary>
internal static class BookingColumns
{
    public const string Session = "session";
    public const string Consents = "consents";
    public const string EssentialsOnly = "essentialsOnly";
    public const string Phone = "phone";

    /// <summary>By the path of the field in a session PUT.</summary>
    private static readonly Dictionary<string, string> ByField = new(StringComparer.Ordinal)
    {
        [Session] = Session,
        ["patient.id"] = "patientId",
        ["patient.firstName"] = "firstName",
        ["patient.phone"] = Phone,
        ["patient.language"] = "language",
        ["patient.timeZone"] = "timeZone",
        ["patient.consents"] = Consents,
        ["patient.consentMethod"] = "consentMethod",
        ["patient.consentWording"] = "consentWording",
        ["patient.essentialsOnly"] = EssentialsOnly,
        ["plan"] = "plan",
        ["startsAt"] = "startsAt",
        ["sessionNumber"] = "sessionNumber",
        ["plannedSessions"] = "plannedSessions",
    };

    private static readonly List<string> InOrder = [.. ByField.Values];

    public static IReadOnlyList<string> All => InOrder;

    /// <summary>Those without which no line can be booked.</summary>
    public static readonly IReadOnlyList<string> Required = [Session, "patientId", "firstName", Phone, "plan", "startsAt", "sessionNumber", "plannedSessions"];

    /// <summary>Those whose cells are whole numbers.</summary>
    public static readonly IReadOnlyList<string> Numbers = ["sessionNumber", "plannedSessions"];

    /// <summary>The column behind a field of a session PUT; null for a field that no column is.</summary>
    public static string? OfField(string field) => ByField.GetValueOrDefault(field);

    /// <summary>Where a column stands among all, for reports that are the same whatever the order of a file's columns.</summary>
    public static int PlaceOf(string column) => InOrder.IndexOf(column);

    /// <summary>The path of the field that a column fills.</summary>
    public static string FieldOf(string column) => ByField.First(pair => pair.Value == column).Key;
}
