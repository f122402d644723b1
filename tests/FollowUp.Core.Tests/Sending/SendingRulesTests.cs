using FollowUp.Core.Contacts;
using FollowUp.Core.Sending;
using FollowUp.Core.Timelines;
using NodaTime;

namespace FollowUp.Tests.Sending;

public class SendingRulesTests
{
    private static readonly PhoneNumber Californian = Some.Phone("+14155550123");

    [Fact]
    public void Care_and_marketing_have_hours_of_their_own()
    {
        SendingRules rules = new() { Care = new(new(7, 0), new(22, 0)), Marketing = new(new(11, 0), new(13, 0)) };

        Assert.Equal("2027-02-01T07:00", Next(rules, StepKind.Aftercare, new(2027, 2, 1, 3, 0)));
        Assert.Equal("2027-02-01T11:00", Next(rules, StepKind.Maintenance, new(2027, 2, 1, 3, 0)));
    }

    [Fact]
    public void The_clinic_cannot_widen_what_the_law_allows()
    {
        SendingRules rules = new() { Marketing = new(new(5, 0), new(23, 0)) };

        Assert.Equal("2027-02-01T08:00", Next(rules, StepKind.Rebooking, new(2027, 2, 1, 5, 0)));
        Assert.Equal("2027-02-02T08:00", Next(rules, StepKind.Rebooking, new(2027, 2, 1, 21, 0)));
    }

    [Fact]
    public void Days_of_the_week_without_marketing_are_passed_over()
    {
        SendingRules rules = new() { NoMarketingDays = new HashSet<IsoDayOfWeek> { IsoDayOfWeek.Saturday, IsoDayOfWeek.Sunday } };

        Assert.Equal("2027-02-08T08:00", Next(rules, StepKind.Rebooking, new(2027, 2, 6, 10, 0)));
        Assert.Equal("2027-02-06T10:00", Next(rules, StepKind.Aftercare, new(2027, 2, 6, 10, 0)));
    }

    [Theory]
    [InlineData("2026-11-26", "2026-11-27T08:00")] // Thanksgiving
    [InlineData("2026-07-03", "2026-07-05T08:00")] // Independence Day on a Saturday takes the Friday with it
    [InlineData("2027-07-04", "2027-07-06T08:00")] // and on a Sunday the Monday
    [InlineData("2027-05-31", "2027-06-01T08:00")] // Memorial Day, the last Monday, in a May of five
    [InlineData("2026-05-25", "2026-05-26T08:00")] // and in one of four
    [InlineData("2027-01-18", "2027-01-19T08:00")] // Martin Luther King's birthday, the third Monday
    [InlineData("2027-12-31", "2028-01-02T08:00")] // New Year's Day 2028 is a Saturday
    public void Marketing_rests_on_federal_holidays(string holiday, string expected) =>
        Assert.Equal(expected, Next(SendingRules.Default, StepKind.Rebooking, Day(holiday) + new LocalTime(10, 0)));

    [Fact]
    public void There_are_eleven_federal_holidays_with_a_date_each_year() =>
        Assert.Equal(
            ["01-01", "01-19", "02-16", "05-25", "06-19", "07-03", "07-04", "09-07", "10-12", "11-11", "11-26", "12-25"],
            Enumerable.Range(0, 365).Select(new LocalDate(2026, 1, 1).PlusDays)
                .Where(date => Holiday.UsFederal.Any(holiday => holiday.IsOn(date))).Select(date => date.ToString("MM-dd", null)));

    [Fact]
    public void A_patient_in_another_country_is_written_to_on_American_holidays() =>
        Assert.Equal(
            "2026-11-26T10:00",
            Next(SendingRules.Default, StepKind.Rebooking, new(2026, 11, 26, 10, 0), Some.Phone("+442079460123"), Some.London));

    [Fact]
    public void A_clinic_can_do_without_holidays_where_the_law_does() =>
        Assert.Equal("2026-11-26T10:00", Next(new() { NoMarketingHolidays = [] }, StepKind.Rebooking, new(2026, 11, 26, 10, 0)));

    [Fact]
    public void A_state_closes_its_own_holidays_whatever_the_clinic_says() =>
        Assert.Equal(
            "2027-08-10T09:00", // Victory Day
            Next(new() { NoMarketingHolidays = [] }, StepKind.Rebooking, new(2027, 8, 9, 10, 0), Some.Phone("+14015550123"), Some.NewYork));

    [Fact]
    public void Dates_of_the_clinics_own_are_closed_anywhere()
    {
        SendingRules rules = new() { NoMarketingDates = new HashSet<LocalDate> { new(2027, 2, 1) } };

        Assert.Equal("2027-02-02T08:00", Next(rules, StepKind.Rebooking, new(2027, 2, 1, 10, 0), Some.Phone("+442079460123"), Some.London));
    }

    [Fact]
    public void Hours_that_the_law_forbids_altogether_leave_no_time()
    {
        SendingRules evening = new() { Marketing = new(new(20, 0), new(21, 0)) };

        Assert.Null(evening.WindowFor(StepKind.Rebooking, Some.Phone("+13055550123"), Some.NewYork)
            .NextAllowed(Instant.FromUtc(2027, 2, 1, 12, 0), Some.NewYork));
    }

    private static string Next(SendingRules rules, StepKind kind, LocalDateTime local) => Next(rules, kind, local, Californian, Some.LosAngeles);

    private static string Next(SendingRules rules, StepKind kind, LocalDateTime local, PhoneNumber phone, DateTimeZone zone) =>
        rules.WindowFor(kind, phone, zone).NextAllowed(LocalTimePolicy.ToInstant(local, zone), zone)!.Value
            .InZone(zone).ToString("uuuu-MM-ddTHH:mm", null);

    private static LocalDate Day(string text) => LocalDate.FromDateOnly(DateOnly.Parse(text, null));
}
