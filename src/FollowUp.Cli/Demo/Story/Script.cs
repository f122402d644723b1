using FollowUp.Cli.Demo.Playing;

namespace FollowUp.Cli.Demo.Story;

/// <summary>Collects what happens at one clinic, in the words of those who do it.</summary>
internal sealed class Script(string clinic, StoryCalendar calendar, Random chance)
{
    private readonly List<Act> _acts = [];

    public string Clinic => clinic;

    public StoryCalendar Calendar => calendar;

    public Random Chance => chance;

    public IReadOnlyList<Act> Acts => _acts;

    private string Root => $"clinics/{clinic}";

    /// <summary>The booking system books a visit at its <see cref="Visit.BookedAt"/>; said again with another start it moves it.</summary>
    public void Book(Visit visit) => At(visit.BookedAt, (stage, stop) => stage.BookAsync(clinic, visit.Session, visit.Booking, stop));

    /// <summary>Moves a visit.</summary>
    /// <returns>The visit as it is from then on.</returns>
    public Visit Move(Visit visit, DateTimeOffset at, DateTimeOffset startsAt)
    {
        Visit moved = visit with { BookedAt = at, StartsAt = startsAt };
        Book(moved);
        return moved;
    }

    /// <summary>The booking system says what became of a visit: <c>cancelled</c>, <c>no-show</c>, <c>completed</c>.</summary>
    public void Report(Visit visit, DateTimeOffset at, string type)
    {
        ThrowUnlessBooked(visit, at);
        At(at, (stage, stop) => stage.PostAsync($"{Root}/sessions/{visit.Session}/events", new { type }, stop));
    }

    /// <summary>Staff steer one session.</summary>
    public void Order(Visit visit, DateTimeOffset at, string command, string? step = null, int? planVersion = null)
    {
        ThrowUnlessBooked(visit, at);
        Dictionary<string, object> body = new() { ["command"] = command };
        if (step is not null)
        {
            body["step"] = step;
        }

        if (planVersion is { } version)
        {
            body["planVersion"] = version;
        }

        At(at, (stage, stop) => stage.PostAsync($"{Root}/sessions/{visit.Session}/commands", body, stop));
    }

    /// <summary>Staff look at what a command on many sessions would do, and give it.</summary>
    public void OrderAll(DateTimeOffset at, string command, string plan, string? step = null)
    {
        Dictionary<string, object> body = new() { ["command"] = command, ["filter"] = new { plan } };
        if (step is not null)
        {
            body["step"] = step;
        }

        At(at, async (stage, stop) =>
        {
            await stage.PostAsync($"{Root}/commands", new Dictionary<string, object>(body) { ["dryRun"] = true }, stop);
            await stage.PostAsync($"{Root}/commands", body, stop);
        });
    }

    /// <summary>A phone texts the clinic.</summary>
    public void Text(string phone, DateTimeOffset at, string text) => At(at, (stage, stop) => stage.Phones.ReplyAsync(phone, text, stop));

    /// <inheritdoc cref="Text(string, DateTimeOffset, string)"/>
    public void Text(Person person, DateTimeOffset at, string text) => Text(person.Phone, at, text);

    /// <summary>The booking system or staff say something else to the clinic's own routes.</summary>
    /// <param name="path">Behind the clinic's own path; empty for itself.</param>
    public void Put(DateTimeOffset at, string path, object body) => At(at, (stage, stop) => stage.PutAsync(Root + path, body, stop));

    public void Delete(DateTimeOffset at, string path) => At(at, (stage, stop) => stage.DeleteAsync(Root + path, stop));

    public void At(DateTimeOffset at, Func<Stage, CancellationToken, Task> act) => _acts.Add(new Act(at, act));

    private static void ThrowUnlessBooked(Visit visit, DateTimeOffset at)
    {
        if (at <= visit.BookedAt)
        {
            throw new InvalidOperationException($"The story says something of {visit.Session} at {at:u}, before its booking at {visit.BookedAt:u}.");
        }
    }
}
