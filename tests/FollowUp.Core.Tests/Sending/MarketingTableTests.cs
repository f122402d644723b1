using FollowUp.Core.Contacts;
using FollowUp.Core.Sending;
using FollowUp.Core.Timelines;
using NodaTime;

namespace FollowUp.Tests.Sending;

/// <summary>Each row of the table of marketing hours, at its first and last minutes, for a patient whose number and zone are of that state.</summary>
public class MarketingTableTests
{
    /// <summary>A Monday without a holiday in its week.</summary>
    private static readonly LocalDate Monday = new(2027, 2, 1);

    private static readonly LocalDate Thanksgiving = new(2026, 11, 26);

    /// <summary>No hours or holidays of the clinic's own, so that only the law is seen.</summary>
    private static readonly SendingRules LawAlone = new() { Marketing = new(LocalTime.Midnight, LocalTime.MaxValue), NoMarketingHolidays = [] };

    public static readonly TheoryData<string, string, string, string, string?, string?> Rows = new()
    {
        { "US", "+14155550123", "America/Los_Angeles", "all", "08:00", "21:00" },
        { "AL", "+12055550123", "America/Chicago", "mon-sat", "08:00", "20:00" },
        { "AL", "+12055550123", "America/Chicago", "sun", null, null },
        { "AL", "+12055550123", "America/Chicago", "holidays", null, null },
        { "CT", "+12035550123", "America/New_York", "all", "09:00", "20:00" },
        { "FL", "+13055550123", "America/New_York", "all", "08:00", "20:00" },
        { "KY", "+15025550123", "America/Kentucky/Louisville", "all", "10:00", "21:00" },
        { "LA", "+15045550123", "America/Chicago", "mon-sat", "08:00", "20:00" },
        { "LA", "+15045550123", "America/Chicago", "sun", null, null },
        { "LA", "+15045550123", "America/Chicago", "holidays", null, null },
        { "MA", "+16175550123", "America/New_York", "all", "08:00", "20:00" },
        { "MD", "+14105550123", "America/New_York", "all", "08:00", "20:00" },
        { "MI", "+13135550123", "America/Detroit", "all", "09:00", "21:00" },
        { "MN", "+16125550123", "America/Chicago", "all", "09:00", "21:00" },
        { "MS", "+16015550123", "America/Chicago", "mon-sat", "08:00", "20:00" },
        { "MS", "+16015550123", "America/Chicago", "sun", null, null },
        { "NJ", "+12015550123", "America/New_York", "all", "08:00", "20:00" },
        { "NM", "+15055550123", "America/Denver", "all", "09:00", "21:00" },
        { "NV", "+17025550123", "America/Los_Angeles", "all", "09:00", "20:00" },
        { "OK", "+14055550123", "America/Chicago", "all", "08:00", "20:00" },
        { "RI", "+14015550123", "America/New_York", "mon-fri", "09:00", "18:00" },
        { "RI", "+14015550123", "America/New_York", "sat", "10:00", "17:00" },
        { "RI", "+14015550123", "America/New_York", "sun", null, null },
        { "RI", "+14015550123", "America/New_York", "holidays", null, null },
        { "TX", "+15125550123", "America/Chicago", "mon-sat", "09:00", "21:00" },
        { "TX", "+15125550123", "America/Chicago", "sun", "12:00", "21:00" },
        { "WA", "+12065550123", "America/Los_Angeles", "all", "08:00", "20:00" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Marketing_arrives_from_the_first_minute_of_the_row_to_its_last(string state, string phone, string zoneId, string days, string? from, string? to)
    {
        DateTimeZone zone = DateTimeZoneProviders.Tzdb[zoneId];
        PhoneNumber number = Some.Phone(phone);
        Assert.Equal(state == "US" ? "CA" : state, MarketingHours.StateOf(number));
        SendingWindow window = LawAlone.WindowFor(StepKind.Rebooking, number, zone);

        foreach (LocalDate date in Dates(days))
        {
            List<LocalTime> open = [.. Minutes().Where(time => window.Allows(LocalTimePolicy.ToInstant(date + time, zone), zone))];

            Assert.Equal(from is null ? [] : Minutes().Where(time => time >= Time(from) && time < Time(to!)), open);
        }
    }

    [Fact]
    public void Every_row_of_the_table_has_a_row_here() =>
        Assert.Equal(
            MarketingHours.Rules.Select(rule => $"{rule.Jurisdiction} {string.Join(' ', rule.Weekdays)} {rule.Hours?.From:HH:mm} {rule.Hours?.To:HH:mm}").Order(),
            Rows.Select(row => row.Data).Select(row => $"{row.Item1} {string.Join(' ', Weekdays(row.Item4))} {row.Item5} {row.Item6}").Order());

    [Fact]
    public void Every_row_of_the_table_says_where_it_is_from() =>
        Assert.All(MarketingHours.Rules, rule => Assert.True(rule.Source.Length > 5 && rule.Checked >= new LocalDate(2026, 11, 22), rule.ToString()));

    [Fact]
    public void Texts_about_care_have_no_state_hours_and_no_holidays()
    {
        SendingWindow care = SendingRules.Default.WindowFor(StepKind.Aftercare, Some.Phone("+14015550123"), Some.NewYork);

        Assert.True(care.Allows(LocalTimePolicy.ToInstant(Thanksgiving + new LocalTime(20, 59), Some.NewYork), Some.NewYork));
        Assert.True(care.Allows(LocalTimePolicy.ToInstant(Monday.PlusDays(6) + new LocalTime(8, 0), Some.NewYork), Some.NewYork));
    }

    private static IEnumerable<LocalDate> Dates(string days) =>
        days == "holidays" ? [Thanksgiving] : Weekdays(days).Select(day => Monday.PlusDays((int)day - 1));

    private static IsoDayOfWeek[] Weekdays(string days) => days switch
    {
        "all" => [.. Enumerable.Range(1, 7).Select(day => (IsoDayOfWeek)day)],
        "mon-fri" => [.. Enumerable.Range(1, 5).Select(day => (IsoDayOfWeek)day)],
        "mon-sat" => [.. Enumerable.Range(1, 6).Select(day => (IsoDayOfWeek)day)],
        "sat" => [IsoDayOfWeek.Saturday],
        "sun" => [IsoDayOfWeek.Sunday],
        _ => [],
    };

    private static IEnumerable<LocalTime> Minutes() => Enumerable.Range(0, 1440).Select(minute => LocalTime.Midnight.PlusMinutes(minute));

    private static LocalTime Time(string text) => LocalTime.FromTimeOnly(TimeOnly.Parse(text, null));
}
