using FollowUp.Core.Sending;
using FollowUp.Core.Timelines;
using NodaTime;

namespace FollowUp.Tests.Sending;

/// <summary>Windows meet clock changes and days that do not exist just as <see cref="SendingHours"/> do.</summary>
public class SendingWindowTests
{
    [Theory]
    [InlineData("02:30", "04:00", "America/New_York", "2027-03-14T01:00", "2027-03-14T03:00")] // the opening is skipped
    [InlineData("02:10", "02:50", "America/New_York", "2027-03-14T01:00", "2027-03-15T02:10")] // the hours are skipped
    [InlineData("08:00", "21:00", "Pacific/Apia", "2011-12-29T22:00", "2011-12-31T08:00")] // the day is skipped
    [InlineData("02:10", "02:20", "Australia/Lord_Howe", "2026-10-04T01:00", "2026-10-05T02:10")] // half an hour is skipped
    [InlineData("00:15", "20:00", "America/Havana", "2024-03-09T23:00", "2024-03-10T01:00")] // midnight is skipped
    public void Hours_that_a_clock_change_touches_open_as_soon_as_they_exist(string from, string to, string zoneId, string local, string expected)
    {
        DateTimeZone zone = DateTimeZoneProviders.Tzdb[zoneId];
        SendingWindow window = new(WeeklyHours.EveryDay(new(Time(from), Time(to))), _ => false);

        Instant? next = window.NextAllowed(LocalTimePolicy.ToInstant(LocalDateTime.FromDateTime(DateTime.Parse(local, null)), zone), zone);

        Assert.Equal(expected, next!.Value.InZone(zone).ToString("uuuu-MM-ddTHH:mm", null));
    }

    [Fact]
    public void A_window_agrees_with_plain_hours_in_every_zone_over_two_years()
    {
        SendingHours hours = SendingHours.Default;
        SendingWindow window = new(WeeklyHours.EveryDay(hours), _ => false);
        foreach (string id in DateTimeZoneProviders.Tzdb.Ids)
        {
            DateTimeZone zone = DateTimeZoneProviders.Tzdb[id];
            for (Instant at = Instant.FromUtc(2026, 1, 1, 0, 0); at < Instant.FromUtc(2028, 1, 1, 0, 0); at += Duration.FromHours(67))
            {
                Assert.Equal(hours.NextAllowed(at, zone), window.NextAllowed(at, zone));
            }
        }
    }

    [Fact]
    public void A_window_without_a_day_never_opens()
    {
        SendingWindow never = new(WeeklyHours.EveryDay(SendingHours.Default), _ => true);

        Assert.Null(never.NextAllowed(Instant.FromUtc(2027, 2, 1, 12, 0), Some.London));
    }

    [Fact]
    public void Hours_have_in_common_what_both_allow()
    {
        WeeklyHours one = WeeklyHours.EveryDay(new(new(8, 0), new(20, 0))).With(IsoDayOfWeek.Sunday, null);
        WeeklyHours other = WeeklyHours.EveryDay(new(new(9, 0), new(21, 0))).With(IsoDayOfWeek.Monday, new(new(20, 0), new(21, 0)));

        WeeklyHours both = one.And(other);

        Assert.Equal(new SendingHours(new(9, 0), new(20, 0)), both[IsoDayOfWeek.Tuesday]);
        Assert.Null(both[IsoDayOfWeek.Monday]);
        Assert.Null(both[IsoDayOfWeek.Sunday]);
    }

    private static LocalTime Time(string text) => LocalTime.FromTimeOnly(TimeOnly.Parse(text, null));
}
