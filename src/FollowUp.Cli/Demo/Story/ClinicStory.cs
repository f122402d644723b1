using FollowUp.Core.CarePlans;
using NodaTime;

namespace FollowUp.Cli.Demo.Story;

/// <summary>
/// The story of a clinic with many patients, and of a small second one: a year for a few, sixty days for the others, and three weeks beyond the
/// hand-over. The same day and number of patients give the same story.
/// </summary>
internal sealed class ClinicStory
{
    public const string Clinic = "glow";
    public const string SmallClinic = "harbor";

    /// <summary>Fewest patients with whom every case has somebody.</summary>
    public const int FewestPatients = 80;

    /// <summary>More have no number that is kept for fiction.</summary>
    public const int MostPatients = 1000;

    /// <summary>The version that the clinic's settings make of the newest plan: that one's number times 1000, and one.</summary>
    public const int OwnPlanVersion = 3001;

    private const int Seed = 300;
    private const int SettingsChanged = -20;
    private const int Newcomers = 24;
    private static readonly TimeSpan s_newcomerEvery = TimeSpan.FromMinutes(17);

    private static readonly (string, string)[] s_eastern =
    [
        ("America/New_York", "212 646 917 718 347 929 516 914"), ("America/New_York", "212 646 917 718 347 929 516 914"),
        ("America/New_York", "212 646 917 718 347 929 516 914"), ("America/New_York", "201 551 732 848 203 475"),
        ("America/New_York", "305 786 954"), ("America/Chicago", "312 773 872"), ("America/Denver", "303 720"), ("America/Los_Angeles", "213 310 415"),
        ("America/Puerto_Rico", "787 939"),
    ];

    private static readonly (string, string)[] s_pacific = [("America/Los_Angeles", "619 858 949"), ("America/Los_Angeles", "619 858 949"), ("America/Phoenix", "602 480")];

    private static readonly string[] s_english = ["en"];
    private static readonly string[] s_smallClinicStaff = ["+16195550199"];
    private static readonly string[] s_plans = [.. CarePlanCatalogue.BuiltIn.Plans.Select(plan => plan.Id).Distinct()];

    private readonly StoryCalendar _calendar;

    /// <param name="calendar">The days.</param>
    /// <param name="patients">From <see cref="FewestPatients"/> to <see cref="MostPatients"/>.</param>
    public ClinicStory(StoryCalendar calendar, int patients)
    {
        _calendar = calendar;
        Script glow = new(Clinic, calendar, new Random(Seed));
        SetUp(glow);
        WriteClinic(glow, patients);
        Script harbor = new(SmallClinic, new StoryCalendar(calendar.Today, DateTimeZoneProviders.Tzdb["America/Los_Angeles"]), new Random(Seed + 1));
        WriteSmallClinic(harbor, Math.Max(6, patients / 15));
        Acts = [.. glow.Acts.Concat(harbor.Acts).OrderBy(act => act.At)];
    }

    /// <summary>All that happens, in its order.</summary>
    public IReadOnlyList<Act> Acts { get; }

    /// <summary>The session whose orchestration ends with an error shortly before the hand-over.</summary>
    public string FailedSession { get; private set; } = string.Empty;

    /// <inheritdoc cref="DeliveryCases.UnknownSession"/>
    public string UnknownSession { get; private set; } = string.Empty;

    private static void WriteCourses(CourseWriter courses, Cast cast, int patients)
    {
        for (int i = 0; i < patients; i++)
        {
            // Every plan has somebody; one visit of each course lies between five weeks ago and two weeks ahead.
            string? plan = i < s_plans.Length ? s_plans[i] : null;
            courses.Course(cast.Next(), plan, -35 + (i * 50 / patients));
        }
    }

    private void WriteClinic(Script script, int patients)
    {
        CourseWriter courses = new(script, "b");
        Cast cast = new("p-", script.Chance, s_eastern);
        PatientCases cases = new(script, courses, cast);
        DeliveryCases deliveries = new(script, courses, cast);
        int special = cases.Write() + deliveries.Write();
        (FailedSession, UnknownSession) = (cases.FailedSession, deliveries.UnknownSession);
        WriteCourses(courses, cast, patients - special);
        for (int i = 1; i <= Newcomers; i++)
        {
            courses.Newcomer(cast.Next(), i * s_newcomerEvery);
        }

        FrontDesk.Work(script);
        script.OrderAll(_calendar.At(-4, 15), "skip", "rf-microneedling", "rebook-nudge");
        script.OrderAll(_calendar.At(-1, 11), "pause", "prp-hair");
        script.OrderAll(_calendar.At(-1, 13), "resume", "prp-hair");
    }

    private static void WriteSmallClinic(Script script, int patients)
    {
        script.Put(script.Calendar.At(CourseWriter.FirstDay, 6), string.Empty, new
        {
            name = "Harbor Laser Studio",
            timeZone = "America/Los_Angeles",
            phone = "+16195550198",
            emergencyNumber = "911",
            languages = s_english,
            staffAlerts = s_smallClinicStaff,
        });
        WriteCourses(new CourseWriter(script, "h"), new Cast("h-", script.Chance, s_pacific), patients);
        FrontDesk.Work(script);
    }

    private void SetUp(Script script)
    {
        DateTimeOffset beginning = _calendar.At(-360, 7);
        script.Put(beginning, string.Empty, Settings(ownPlan: false));

        script.At(beginning.AddMinutes(10), (stage, stop) => stage.MakeBookingKeyAsync(Clinic, stop));

        // The clinic approves what it uses, and later makes a plan its own; one plan is left without an approval, to be seen as such.
        DateTimeOffset approved = beginning.AddMinutes(30);
        foreach (string plan in s_plans.Where(plan => plan != "tattoo-removal"))
        {
            script.Put(approved, $"/care-plans/{plan}/approval", new { version = CarePlanCatalogue.BuiltIn.Find(plan)!.Version, approvedBy = "Dr. Grey" });
        }

        script.Put(_calendar.At(SettingsChanged, 8), string.Empty, Settings(ownPlan: true));
        script.Put(_calendar.At(SettingsChanged, 9), "/care-plans/microneedling-acne-scars/approval", new { version = OwnPlanVersion, approvedBy = "Dr. Grey" });

        script.At(_calendar.At(-40, 9), (stage, stop) => stage.PostAsync("keys", new { name = "Reporting", clinic = Clinic, readOnly = true }, stop));
        script.At(_calendar.At(-45, 9), (stage, stop) => stage.PostAsync("keys", new { name = "Old website", endsAt = _calendar.At(-30, 9) }, stop));
    }

    private static Dictionary<string, object> Settings(bool ownPlan)
    {
        Dictionary<string, object> settings = new()
        {
            ["name"] = "Glow Skin Clinic",
            ["timeZone"] = "America/New_York",
            ["phone"] = "+12125550197",
            ["emergencyNumber"] = "911",
            ["bookingUrl"] = "https://glow.example/book",
            ["languages"] = new[] { "en", "es" },
            ["staffAlerts"] = new[] { PatientCases.StaffPhone },
        };
        if (ownPlan)
        {
            settings["planOverrides"] = new Dictionary<string, object> { ["microneedling-acne-scars"] = new { exercise = "PT48H", makeUp = "P2D" } };
        }

        return settings;
    }
}
