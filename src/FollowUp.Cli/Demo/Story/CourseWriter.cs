using FollowUp.Core.CarePlans;
using FollowUp.Core.Replies;
using FollowUp.Core.Timelines;
using NodaTime;

namespace FollowUp.Cli.Demo.Story;

/// <summary>Writes patients' courses: visits booked, held, booked again, and what the patients answer to the texts of each.</summary>
/// <param name="script">What it writes into.</param>
/// <param name="prefix">What the ids of the visits begin with.</param>
internal sealed class CourseWriter(Script script, string prefix)
{
    private static readonly CarePlanCatalogue s_plans = CarePlanCatalogue.BuiltIn;

    // How common a treatment is, and how many days apart and how many visits a course of it has here.
    private static readonly (string Plan, int Share, int Apart, int Fewest, int Most)[] s_treatments =
    [
        ("microneedling-acne-scars", 8, 28, 3, 6),
        ("superficial-peel", 4, 21, 4, 6),
        ("filler", 3, 0, 1, 1),
        ("botulinum-toxin", 3, 0, 1, 1),
        ("laser-hair-removal", 3, 42, 6, 6),
        ("rf-microneedling", 2, 28, 3, 3),
        ("fractional-laser", 2, 35, 2, 4),
        ("prp-hair", 2, 28, 4, 4),
        ("tattoo-removal", 1, 42, 6, 8),
    ];

    private int _sessions;

    private StoryCalendar Calendar => script.Calendar;

    private Random Chance => script.Chance;

    /// <summary>The first day of the story, from which the clinic uses FollowUp.</summary>
    public const int FirstDay = -60;

    /// <summary>The last day for which visits are made up.</summary>
    public const int LastDay = 21;

    /// <summary>A visit that nobody has booked yet.</summary>
    /// <param name="day">The day, which may be a weekend's.</param>
    /// <param name="ahead">Days between booking and visit.</param>
    public Visit Visit(Person person, string plan, int day, int hour, int minute = 0, int ahead = 9, int number = 1, int? planned = null)
    {
        DateTimeOffset startsAt = Calendar.At(Calendar.WorkingDay(day), hour, minute);
        DateTimeOffset bookedAt = Calendar.At(Math.Max(FirstDay, Calendar.WorkingDay(day) - ahead), 8 + Chance.Next(10), Chance.Next(60));
        return new Visit($"{prefix}-{2001 + _sessions++}", person, plan, startsAt, bookedAt, number, planned ?? Math.Max(number, s_plans.Find(plan)!.Series.MinSessions ?? 6));
    }

    /// <summary>A visit that is booked, held and answered like any other.</summary>
    public Visit Ordinary(Person person, string plan, int day, int hour, int minute = 0, int ahead = 9, int number = 1, int? planned = null)
    {
        Visit visit = Visit(person, plan, day, hour, minute, ahead, number, planned);
        script.Book(visit);
        return visit;
    }

    /// <summary>A whole course, past and to come, with the patient's answers.</summary>
    /// <param name="person">Who.</param>
    /// <param name="plan">Which treatment; null for any.</param>
    /// <param name="anchor">A day on which one visit of it is.</param>
    public void Course(Person person, string? plan, int anchor)
    {
        (string id, _, int apart, int fewest, int most) = plan is null ? AnyTreatment() : s_treatments.Single(treatment => treatment.Plan == plan);
        int planned = Chance.Next(fewest, most + 1);

        // Before the first day the clinic had no FollowUp: a course that began earlier comes in with a later number.
        int number = 1 + (apart == 0 ? 0 : Chance.Next(Math.Min(planned, 3)));
        int day = anchor;
        while (apart > 0 && number > 1 && day - apart > FirstDay + 7 && Chance.Next(2) > 0)
        {
            day -= apart;
            number--;
        }

        // Whoever is a patient has booked by yesterday.
        int ahead = Math.Max(4 + Chance.Next(11), day + 3);
        while (true)
        {
            Visit visit = Ordinary(person, id, day, 8 + Chance.Next(9), 15 * Chance.Next(4), ahead, number, planned);
            Answer(visit);
            if (apart == 0 || ++number > planned || !IsBookedAgain(day, apart, out ahead))
            {
                return;
            }

            day += apart + Chance.Next(4);
            if (day > LastDay)
            {
                return;
            }
        }
    }

    /// <summary>Somebody who books a first visit while the visitor looks on.</summary>
    /// <param name="person">Who.</param>
    /// <param name="after">How long after the hand-over.</param>
    public void Newcomer(Person person, TimeSpan after)
    {
        (string id, _, _, int fewest, _) = AnyTreatment();
        Visit visit = Visit(person, id, 4 + Chance.Next(10), 8 + Chance.Next(9), 15 * Chance.Next(4), planned: fewest) with { BookedAt = Calendar.HandOver + after };
        script.Book(visit);
        Answer(visit);
    }

    /// <summary>The patient answers some of the visit's texts.</summary>
    public void Answer(Visit visit)
    {
        // Whoever lives further west is texted later in the clinic's day.
        TimeSpan west = visit.Person.Zone == Calendar.Zone ? TimeSpan.Zero : TimeSpan.FromHours(4);
        if (Chance.Next(100) < 40)
        {
            script.Text(visit.Person, visit.StartsAt.AddDays(-1) + west + TimeSpan.FromMinutes(20 + Chance.Next(150)), Replies.Confirms(visit.Person, Chance));
        }

        foreach (PlanStep step in RatingSteps(visit).Where(_ => Chance.Next(100) < 40))
        {
            script.Text(visit.Person, AfterCheckIn(visit, step), Replies.Rates(Chance));
        }

        if (Chance.Next(100) < 6)
        {
            script.Text(visit.Person, visit.StartsAt.AddHours(20 + Chance.Next(4)), Replies.Asks(visit.Person, Chance));
        }
    }

    /// <summary>The check-ins of a visit that ask for a number.</summary>
    public static IEnumerable<PlanStep> RatingSteps(Visit visit) => s_plans.Find(visit.Plan)!.Steps.Where(
        step => step is { Asks: AskedFor.Rating, Anchor: StepAnchor.SessionStart, At: not null } && step.IsPartOf(visit.Number, visit.Planned));

    /// <summary>Some time after a check-in has come.</summary>
    public DateTimeOffset AfterCheckIn(Visit visit, PlanStep step)
    {
        DateTimeZone zone = visit.Person.Zone;
        LocalDate day = Instant.FromDateTimeOffset(visit.StartsAt).InZone(zone).Date.Plus(step.Offset);
        return day.At(step.At!.Value).InZoneLeniently(zone).ToDateTimeOffset().AddMinutes(20 + Chance.Next(200));
    }

    private (string Plan, int Share, int Apart, int Fewest, int Most) AnyTreatment()
    {
        int drawn = Chance.Next(s_treatments.Sum(treatment => treatment.Share));
        return s_treatments.First(treatment => (drawn -= treatment.Share) < 0);
    }

    // Most book the next visit at this one, some after a prompt, some not at all.
    private bool IsBookedAgain(int day, int apart, out int ahead)
    {
        int choice = Chance.Next(10);
        ahead = choice < 6 ? apart - 1 : 5;
        return choice < 9 && day + apart <= LastDay;
    }
}
