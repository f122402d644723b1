using NodaTime;

namespace FollowUp.Cli.Demo.Story;

/// <summary>A patient of the story. Nobody is real: the names are invented, and no number of the range 555-0100 to 555-0199 is anybody's.</summary>
internal sealed record Person(string Id, string FirstName, string Phone, string Language, string TimeZone)
{
    public IReadOnlyList<string> Consents { get; init; } = ["care", "marketing"];

    public bool EssentialsOnly { get; init; }

    public DateTimeZone Zone => DateTimeZoneProviders.Tzdb[TimeZone];
}

/// <summary>A visit of a course of treatment, and when it was booked.</summary>
internal sealed record Visit(string Session, Person Person, string Plan, DateTimeOffset StartsAt, DateTimeOffset BookedAt, int Number, int Planned)
{
    /// <summary>The body of the session PUT.</summary>
    public object Booking => new
    {
        patient = new
        {
            id = Person.Id,
            firstName = Person.FirstName,
            phone = Person.Phone,
            language = Person.Language,
            timeZone = Person.TimeZone,
            consents = Person.Consents,
            consentMethod = "booking form",
            essentialsOnly = Person.EssentialsOnly,
        },
        plan = Plan,
        startsAt = StartsAt.ToString("yyyy-MM-ddTHH:mm:sszzz", System.Globalization.CultureInfo.InvariantCulture),
        sessionNumber = Number,
        plannedSessions = Planned,
    };
}
