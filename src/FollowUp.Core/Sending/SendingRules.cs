using FollowUp.Core.Contacts;
using FollowUp.Core.Timelines;
using NodaTime;

namespace FollowUp.Core.Sending;

/// <summary>
/// When a clinic lets texts arrive: care and marketing apart, each in the patient's local time. For marketing the law comes on top, and
/// whichever is stricter wins.
/// </summary>
public sealed record SendingRules
{
    /// <summary>08:00 to 21:00 for both; no marketing on federal holidays in the United States; the default budget.</summary>
    public static SendingRules Default { get; } = new();

    /// <summary>Hours of texts about care.</summary>
    public SendingHours Care { get; init; } = SendingHours.Default;

    /// <summary>Hours of marketing texts, on every day that is not closed to them.</summary>
    public SendingHours Marketing { get; init; } = SendingHours.Default;

    /// <summary>Days of the week without marketing.</summary>
    public IReadOnlySet<IsoDayOfWeek> NoMarketingDays { get; init; } = new HashSet<IsoDayOfWeek>();

    /// <summary>Holidays without marketing. Each counts only for patients of its <see cref="Holiday.Jurisdiction"/>.</summary>
    public IReadOnlyList<Holiday> NoMarketingHolidays { get; init; } = Holiday.UsFederal;

    /// <summary>Single dates without marketing, such as the clinic's own holidays.</summary>
    public IReadOnlySet<LocalDate> NoMarketingDates { get; init; } = new HashSet<LocalDate>();

    /// <summary>How many marketing texts one patient gets at most.</summary>
    public MarketingBudget Budget { get; init; } = MarketingBudget.Default;

    /// <summary>When a text of this kind may reach a patient.</summary>
    /// <param name="kind">What the text is for.</param>
    /// <param name="phone">The patient's number, or null if it is not known: the zone then decides alone which law holds.</param>
    /// <param name="zone">The patient's zone.</param>
    public SendingWindow WindowFor(StepKind kind, PhoneNumber? phone, DateTimeZone zone)
    {
        if (!StepKinds.IsMarketing(kind))
        {
            return new SendingWindow(WeeklyHours.EveryDay(Care), _ => false);
        }

        MarketingLaw law = MarketingHours.For(phone, zone);
        WeeklyHours hours = WeeklyHours.EveryDay(Marketing).And(law.Hours);
        foreach (IsoDayOfWeek day in NoMarketingDays)
        {
            hours = hours.With(day, null);
        }

        List<Holiday> holidays = [.. law.Holidays, .. NoMarketingHolidays.Where(holiday => law.Jurisdictions.Contains(holiday.Jurisdiction))];
        return new SendingWindow(hours, date => NoMarketingDates.Contains(date) || holidays.Exists(holiday => holiday.IsOn(date)));
    }
}
