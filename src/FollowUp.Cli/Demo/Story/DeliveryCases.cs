using FollowUp.Cli.Demo.Playing;

namespace FollowUp.Cli.Demo.Story;

/// <summary>What networks and carriers do to texts: one patient for each way in which a text does not simply arrive.</summary>
internal sealed class DeliveryCases(Script script, CourseWriter courses, Cast cast)
{
    private const string Peel = "superficial-peel";
    private StoryCalendar Calendar => script.Calendar;

    /// <summary>A session whose reminder leaves five minutes after the hand-over, without anybody knowing at first whether it has.</summary>
    public string UnknownSession { get; private set; } = string.Empty;

    /// <summary>Writes them all, and gives how many patients they are.</summary>
    public int Write()
    {
        // What has happened in the last weeks, to the reminder of the day before.
        (int Day, FaultRequest Fault)[] past =
        [
            (-21, new("undelivered") { Code = 30005 }), (-14, new("undelivered") { Code = 30007 }), (-13, new("undelivered") { Code = 30008 }),
            (-7, new("refused") { Code = 21211 }), (-6, new("refused") { Code = 21610 }), (-5, new("undelivered") { Code = 30006 }),
            (-12, new("too-many-requests")), (-8, new("error-after-accepting")), (-11, new("duplicate-callbacks")), (-18, new("refused") { Code = 30034 }), (-10, new("out-of-order-callbacks")),
        ];
        foreach ((int day, FaultRequest fault) in past)
        {
            Spoil(Booked(day, 10, 30), fault);
        }

        // This morning: reminders of visits of tomorrow morning. A phone that was off is texted again; two are on their way when the clinic is handed over.
        Spoil(Booked(1, 8, 15), new("undelivered") { Code = 30003 });
        Spoil(Booked(1, 8, 45), new("undelivered") { Code = 30008 });
        Spoil(Booked(1, 9, 0), new("undelivered") { Code = 30007 });
        Spoil(Booked(1, 9, 15), new("callback-delay") { DelaySeconds = 3000 });
        Spoil(Booked(1, 9, 30), new("callback-delay") { DelaySeconds = 3000 });

        // And those that the visitor sees happen: nobody knows at first whether the text has left; one is not delivered.
        Visit[] live = [Booked(1, 9, 45), Booked(1, 10, 15), Booked(1, 11, 0), Booked(1, 12, 15)];
        UnknownSession = live[0].Session;
        Spoil(live[0], new("error-after-accepting"));
        Spoil(live[0], new("lost-callbacks"));
        Spoil(live[1], new("undelivered") { Code = 30005 });
        Spoil(live[2], new("error-after-accepting"));
        Spoil(live[3], new("undelivered") { Code = 30008 });
        return past.Length + 5 + live.Length;
    }

    private Visit Booked(int day, int hour, int minute) =>
        courses.Ordinary(cast.Next(atHome: true) with { Language = "en", Consents = ["care", "marketing"] }, Peel, day, hour, minute, ahead: 8, planned: 4);

    // From the evening before the reminder on, so that the texts before it arrive.
    private void Spoil(Visit visit, FaultRequest fault) => script.At(
        visit.StartsAt.AddDays(-1).AddMinutes(-10), (stage, stop) => stage.Phones.AddFaultAsync(fault with { To = visit.Person.Phone, Count = 1 }, stop));
}
