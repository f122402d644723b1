using FollowUp.Core.Timelines;
using NodaTime;

namespace FollowUp.Core.Sending;

/// <summary>One row of the table of marketing hours: on some days of the week, or on holidays, a jurisdiction allows these hours.</summary>
/// <param name="Jurisdiction"><c>US</c> for the federal rule, otherwise the postal abbreviation of the state.</param>
/// <param name="Weekdays">The days of the week that it is about; none in a row about holidays.</param>
/// <param name="Hours">Local hours in which marketing may arrive; null when none may.</param>
/// <param name="Source">Where the rule was found.</param>
/// <param name="Checked">When it was last looked up.</param>
public sealed record MarketingRule(
    string Jurisdiction, IReadOnlyList<IsoDayOfWeek> Weekdays, SendingHours? Hours, string Source, LocalDate Checked)
{
    /// <summary>Whether the row forbids marketing on holidays instead of setting hours for days of the week.</summary>
    public bool IsAboutHolidays => Weekdays.Count == 0;
}

/// <summary>What the law says about marketing texts to one patient.</summary>
/// <param name="Hours">The hours that every one of the <paramref name="Rules"/> allows.</param>
/// <param name="Holidays">On these nothing may arrive.</param>
/// <param name="Jurisdictions">The jurisdictions in which the patient is or may be; empty outside of those that the table knows.</param>
/// <param name="Rules">The rows that made the hours, for whoever asks why.</param>
public sealed record MarketingLaw(
    WeeklyHours Hours, IReadOnlyList<Holiday> Holidays, IReadOnlySet<string> Jurisdictions, IReadOnlyList<MarketingRule> Rules);
