using FollowUp.Cli.Demo.Playing;

namespace FollowUp.Cli.Demo.Story;

/// <summary>Patients with a story of their own, one for each thing that patients and clinics do: every state and every reply is there at the hand-over.</summary>
internal sealed class PatientCases(Script script, CourseWriter courses, Cast cast)
{
    private const string Needling = "microneedling-acne-scars";
    private const string Peel = "superficial-peel";

    /// <summary>A telephone that no patient has.</summary>
    public const string Stranger = "+12125550199";

    /// <summary>Whom the clinic alerts.</summary>
    public const string StaffPhone = "+12125550198";

    private StoryCalendar Calendar => script.Calendar;

    /// <summary>Writes them all, and gives how many patients they are.</summary>
    public int Write()
    {
        Action[] cases =
        [
            CalledOffByTheClinic, CalledOffByThePatient, Missed, MissedAndBookedAgain, Moved, OptedOut, OptedOutInOtherWords, OptedInAgain,
            WrongNumber, Paused, Failed, RedFlagThatWaits, RedFlagThatWasSeen, RedFlagWithoutAnAnswer, QuestionThatWaits, QuestionThatWasAnswered, AsksForAnotherTime,
            AutoReply, Help, LowRatingThatWaits, SkippedByStaff, SentEarly, MovedToTheNewPlan, Erased, Maintenance, RedFlagToCome, StopToCome,
            Ratings, SharedNumber,
        ];
        foreach (Action write in cases)
        {
            write();
        }

        script.Text(Stranger, Calendar.At(0, 9, 12), "Hi, do you have a free appointment for lip filler on Friday?");
        return cases.Length + 4 + 1;
    }

    private Person Someone() => cast.Next(atHome: true) with { Language = "en", Consents = ["care", "marketing"], EssentialsOnly = false };

    private Visit Needled(int day, int hour, int minute = 0, int ahead = 9) => courses.Ordinary(Someone(), Needling, day, hour, minute, ahead, planned: 4);

    private void CalledOffByTheClinic() => script.Report(Needled(3, 11), Calendar.At(-1, 15, 10), "cancelled");

    // Answers the reminder of three days before, after the desk has gone home.
    private void CalledOffByThePatient()
    {
        Visit visit = Needled(2, 17);
        script.Text(visit.Person, Calendar.At(-1, 17, 40), Replies.CallsOff);
    }

    private void Missed() => script.Report(Needled(-1, 15), Calendar.At(-1, 15, 40), "no-show");

    private void MissedAndBookedAgain()
    {
        Visit missed = Needled(-8, 14);
        script.Report(missed, missed.StartsAt.AddMinutes(40), "no-show");
        courses.Ordinary(missed.Person, Needling, 6, 14, ahead: 9, planned: 4);
    }

    private void Moved()
    {
        Visit visit = Needled(1, 15);
        script.Text(visit.Person, Calendar.At(-2, 15, 30), "R");
        script.Move(visit, Calendar.At(-1, 10, 5), Calendar.At(7, 15, 0));
    }

    private void OptedOut() => script.Text(Needled(-4, 10).Person, Calendar.At(-3, 11, 20), "STOP");

    private void OptedOutInOtherWords() => script.Text(Needled(-12, 10).Person, Calendar.At(-11, 12, 0), Replies.OptOutInOtherWords);

    private void OptedInAgain()
    {
        Visit visit = Needled(6, 10, ahead: 20);
        script.Text(visit.Person, Calendar.At(-10, 10, 0), "STOP");
        script.Text(visit.Person, Calendar.At(-7, 10, 0), "START");
        script.Book(courses.Visit(visit.Person, Needling, 8, 9, ahead: 12, planned: 4));
    }

    private void WrongNumber() => script.Text(Needled(-4, 16).Person, Calendar.At(-5, 18, 0), Replies.WrongNumber);

    private void Paused() => script.Order(Needled(5, 13), Calendar.At(-1, 14, 0), "pause");

    /// <summary>The session whose orchestration somebody ends by mistake: its reminder of half past eight finds nobody.</summary>
    public string FailedSession { get; private set; } = string.Empty;

    private void Failed()
    {
        Visit visit = Needled(1, 8, 30);
        FailedSession = visit.Session;
        script.At(Calendar.At(-1, 18, 0), (stage, stop) => stage.TerminateAsync(script.Clinic, visit.Session, stop));
    }

    private void RedFlagThatWaits() => script.Text(Needled(-2, 14).Person, Calendar.At(0, 9, 34), Replies.RedFlag);

    private void RedFlagThatWasSeen()
    {
        script.Text(Needled(-7, 11).Person, Calendar.At(-6, 10, 30), Replies.RedFlag);
        script.Text(StaffPhone, Calendar.At(-6, 10, 37), "OK, I call her");
        script.Text(StaffPhone, Calendar.At(-6, 10, 39), "OK");
    }

    // The text that asks the patient to call does not arrive: somebody must phone.
    private void RedFlagWithoutAnAnswer()
    {
        Visit visit = Needled(-9, 15);
        script.At(Calendar.At(-8, 11), (stage, stop) => stage.Phones.AddFaultAsync(new FaultRequest("undelivered") { To = visit.Person.Phone, Code = 30008, Count = 1 }, stop));
        script.Text(visit.Person, Calendar.At(-8, 11, 5), "It is bleeding again, what should I do?");
    }

    private void QuestionThatWaits() => script.Text(Needled(-3, 9).Person, Calendar.At(0, 9, 5), "Can I wear makeup to a wedding on Saturday?");

    private void QuestionThatWasAnswered() => script.Text(Needled(-5, 9).Person, Calendar.At(-4, 11, 0), "Is it ok to go swimming this weekend?");

    private void AsksForAnotherTime() => script.Text(Needled(1, 8, 15).Person, Calendar.At(0, 8, 50), "R");

    private void AutoReply() => script.Text(Needled(1, 9).Person, Calendar.At(0, 9, 1), Replies.AutoReply);

    private void Help() => script.Text(Needled(-5, 13).Person, Calendar.At(-4, 9, 50), "HELP");

    private void LowRatingThatWaits()
    {
        Visit visit = Needled(-4, 12);
        script.Text(visit.Person, Calendar.At(-1, 17, 10), "2");
    }

    private void SkippedByStaff() => script.Order(Needled(2, 10), Calendar.At(-1, 9, 30), "skip", "remind-1d");

    private void SentEarly() => script.Order(Needled(10, 10, ahead: 14), Calendar.At(-1, 11, 0), "send-now", "prep-7d");

    private void MovedToTheNewPlan() =>
        script.Order(Needled(9, 16, ahead: 25), Calendar.At(-6, 9, 0), "move-to-plan", planVersion: ClinicStory.OwnPlanVersion);

    private void Erased()
    {
        Visit visit = Needled(-15, 10);
        script.Delete(Calendar.At(-3, 15, 0), $"/patients/{visit.Person.Id}");
    }

    // Six visits four weeks apart, the results after three and six months, and the prompt to a check-up: almost a year.
    private void Maintenance()
    {
        Person person = Someone();
        for (int number = 1; number <= 6; number++)
        {
            int day = -350 + (28 * (number - 1));
            DateTimeOffset startsAt = Calendar.At(day, 11, 0);
            script.Book(courses.Visit(person, Needling, day, 11, number: number, planned: 6) with { StartsAt = startsAt, BookedAt = startsAt.AddDays(-9) });
        }
    }

    private void RedFlagToCome() => script.Text(Needled(-1, 12).Person, Calendar.At(0, 9, 58), "There is yellow pus on my chin, is that normal?");

    private void StopToCome() => script.Text(Needled(-1, 13).Person, Calendar.At(0, 10, 20), "stop texting me");

    private void Ratings()
    {
        for (int rating = 1; rating <= 5; rating++)
        {
            Visit visit = Needled(-6, 9 + rating);
            script.Text(visit.Person, Calendar.At(-3, 10 + rating, 12), rating.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    // A mother and her daughter on one phone: whose answer it is, nobody can say.
    private void SharedNumber()
    {
        Person mother = Someone();
        Person daughter = mother with { Id = cast.NextId(), FirstName = "Mia" };
        courses.Ordinary(mother, Peel, 1, 9, 15, planned: 4);
        courses.Ordinary(daughter, Peel, 1, 9, 15, planned: 4);
        script.Text(mother, Calendar.At(0, 9, 25), "We may be ten minutes late, is that ok?");
    }
}
