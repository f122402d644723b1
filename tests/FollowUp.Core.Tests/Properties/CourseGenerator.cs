using FollowUp.Core.CarePlans;
using FollowUp.Core.Contacts;
using FollowUp.Core.Sending;
using FollowUp.Core.Timelines;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;

namespace FollowUp.Tests.Properties;

/// <summary>Random courses: any zone, any time of eight years and above all around clock changes, any facts.</summary>
internal static class CourseGenerator
{
    private static readonly Instant From = Instant.FromUtc(2023, 1, 1, 0, 0);
    private static readonly Instant To = Instant.FromUtc(2031, 1, 1, 0, 0);

    private static readonly Gen<bool> Coin = Gen.Elements(false, true);

    private static readonly Gen<bool> Mostly = Gen.Frequency((5, Gen.Constant(true)), (1, Gen.Constant(false)));

    public static readonly Gen<DateTimeZone> Zone =
        Gen.OneOf(
            Gen.Elements(DateTimeZoneProviders.Tzdb.Ids.ToArray()),
            Gen.Elements("America/New_York", "America/Chicago", "America/Los_Angeles", "Europe/London", "Australia/Lord_Howe", "Africa/Casablanca"))
        .Select(id => DateTimeZoneProviders.Tzdb[id]);

    public static readonly Gen<PhoneNumber?> Phone = Gen.Frequency(
        (4, Gen.Choose(200, 999).Select(code => (PhoneNumber?)Some.Phone($"+1{code}5550123"))),
        (1, Gen.Elements(null, Some.Phone("+442079460123"))));

    /// <summary>Hours of at least a minute.</summary>
    private static readonly Gen<SendingHours> Hours = Gen.Frequency(
        (1, Gen.Constant(SendingHours.Default)),
        (1, from first in Gen.Choose(0, 1438)
            from length in Gen.Choose(1, 1439 - first)
            select new SendingHours(LocalTime.Midnight.PlusMinutes(first), LocalTime.Midnight.PlusMinutes(first + length))));

    public static readonly Gen<SendingRules> Rules =
        from care in Hours
        from marketing in Hours
        from closedDays in Gen.Frequency((1, Gen.Constant(0)), (1, Gen.Choose(0, 127)))
        from holidays in Coin
        from perDay in Gen.Frequency((4, Gen.Constant(1)), (1, Gen.Choose(0, 2)))
        from perWeek in Gen.Choose(0, 5)
        from perYear in Gen.Choose(0, 12)
        select new SendingRules
        {
            Care = care,
            Marketing = marketing,
            NoMarketingDays = Enumerable.Range(1, 7).Where(day => (closedDays & (1 << (day - 1))) != 0).Select(day => (IsoDayOfWeek)day).ToHashSet(),
            NoMarketingHolidays = holidays ? Holiday.UsFederal : [],
            Budget = new MarketingBudget { PerDay = perDay, PerWeek = perWeek, PerYear = perYear },
        };

    public static readonly Arbitrary<Course> Courses = Arb.From(
        from plan in PlanGenerator.Plan
        from facts in Facts(plan)
        from moved in Start(facts.Zone)
        from after in Gen.Choose(0, 60 * 24 * 60)
        select new Course(plan, facts, facts with { StartsAt = moved, BookedAt = facts.BookedAt + Duration.FromMinutes(after) }),
        Smaller);

    /// <summary>Any minute, or one within two days of a change of the zone's clocks.</summary>
    public static Gen<Instant> Start(DateTimeZone zone)
    {
        Gen<Instant> any = Gen.Choose(0, (int)(To - From).TotalMinutes).Select(minute => From + Duration.FromMinutes(minute));
        Instant[] changes = [.. zone.GetZoneIntervals(From, To).Where(interval => interval.HasStart && interval.Start > From).Select(interval => interval.Start)];
        return changes.Length == 0
            ? any
            : Gen.OneOf(any, from change in Gen.Elements(changes) from minute in Gen.Choose(-2880, 2880) select change + Duration.FromMinutes(minute));
    }

    private static Gen<SessionFacts> Facts(CarePlan plan) =>
        from zone in Zone
        from startsAt in Start(zone)
        from ahead in Gen.Choose(-20 * 24 * 60, 60 * 24 * 60)
        from planned in Gen.Choose(1, 4)
        from number in Gen.Choose(1, planned)
        from outcome in Gen.Frequency((6, Gen.Constant(SessionOutcome.Booked)), (1, Gen.Elements(Enum.GetValues<SessionOutcome>())))
        from phone in Phone
        from rules in Rules
        from care in Mostly
        from marketing in Mostly
        from full in Mostly
        from open in Mostly
        from silent in Mostly
        from missed in Coin
        from left in Gen.Frequency((1, Gen.Constant(new List<int>())), (1, Gen.ListOf(Gen.Choose(0, plan.Steps.Count - 1), 3).Select(list => list.ToList())))
        from others in Gen.ListOf(Gen.Choose(-400, 120), 4)
        select new SessionFacts
        {
            StartsAt = startsAt,
            BookedAt = startsAt - Duration.FromMinutes(ahead),
            Zone = zone,
            SessionNumber = number,
            PlannedSessions = planned,
            Outcome = outcome,
            Rebooked = !open,
            Replied = !silent,
            PastNoShow = missed,
            CareConsent = care,
            MarketingConsent = marketing,
            EssentialsOnly = !full,
            Phone = phone,
            Rules = rules,
            AlreadySent = left.Distinct().ToDictionary(index => plan.Steps[index].Id, index => startsAt + Duration.FromHours((index * 31) - 100)),
            SentMarketing = [.. others.Select(days => startsAt + Duration.FromDays(days))],
        };

    /// <summary>Simpler courses, to find the smallest that still fails.</summary>
    private static IEnumerable<Course> Smaller(Course course)
    {
        for (int index = 0; index < course.Plan.Steps.Count; index++)
        {
            List<PlanStep> fewer = [.. course.Plan.Steps.Where((_, other) => other != index)];
            bool linked = index < fewer.Count && fewer[index].Anchor is StepAnchor.PreviousStep;
            if (fewer.Count > 0 && !linked)
            {
                yield return course with { Plan = course.Plan with { Steps = fewer } };
            }
        }

        if (course.Facts.SentMarketing.Count > 0)
        {
            yield return With(course, facts => facts with { SentMarketing = [.. facts.SentMarketing.Skip(1)] });
        }

        if (course.Facts.AlreadySent.Count > 0)
        {
            yield return With(course, facts => facts with { AlreadySent = facts.AlreadySent.Skip(1).ToDictionary() });
        }

        if (course.Facts.Rules != SendingRules.Default)
        {
            yield return With(course, facts => facts with { Rules = SendingRules.Default });
        }
    }

    private static Course With(Course course, Func<SessionFacts, SessionFacts> change) =>
        course with { Facts = change(course.Facts), Moved = change(course.Moved) };
}
