using System.Globalization;

namespace FollowUp.Cli.Demo.Story;

/// <summary>Invents patients, each with a number of their own. The same seed gives the same people.</summary>
/// <param name="prefix">What their ids begin with.</param>
/// <param name="chance">Who they are.</param>
/// <param name="places">Where they live: time zones with area codes, the commonest first and repeated.</param>
internal sealed class Cast(string prefix, Random chance, IReadOnlyList<(string TimeZone, string AreaCodes)> places)
{
    // Numbers that are kept for fiction: 555-0100 to 555-0199 of every area code. The last ten are for staff and strangers.
    private const int FirstNumber = 100;
    private const int LastNumber = 189;

    private static readonly string[] s_english =
    [
        "Ada", "Ben", "Cleo", "Dev", "Eve", "Finn", "Grace", "Hugo", "Iris", "Jack", "Kira", "Liam", "Maya", "Noah", "Olive", "Paul", "Quinn", "Ruth",
        "Sam", "Tess", "Uma", "Vera", "Will", "Xena", "Yara", "Zoe", "Amir", "Bea", "Cara", "Dina", "Elle", "Faye", "Gus", "Hana", "Ivan", "June",
        "Kai", "Lena", "Milo", "Nina", "Otto", "Pia", "Rosa", "Seth", "Tara", "Ugo", "Viv", "Wren", "Yuri", "Zack",
    ];

    private static readonly string[] s_spanish =
        ["Luz", "Mateo", "Elena", "Diego", "Carmen", "Pablo", "Marta", "Jorge", "Pilar", "Raul", "Sofia", "Tomas", "Ines", "Alba", "Nuria", "Hector"];

    private readonly Dictionary<string, int> _taken = [];
    private int _count;

    /// <summary>The next patient; one in five reads Spanish.</summary>
    /// <param name="atHome">Lives where most do.</param>
    public Person Next(bool atHome = false)
    {
        bool spanish = chance.Next(5) == 0;
        string[] names = spanish ? s_spanish : s_english;
        string firstName = names[chance.Next(names.Length)];
        (string zone, string codes) = places[atHome ? 0 : chance.Next(places.Count)];
        int choice = chance.Next(20);
        return new Person(NextId(), firstName, NextNumber(codes.Split(' ')), spanish ? "es" : "en", zone)
        {
            Consents = choice == 0 ? ["care"] : ["care", "marketing"],
            EssentialsOnly = choice == 1,
        };
    }

    /// <summary>An id for a patient who shares a number.</summary>
    public string NextId() => $"{prefix}{1001 + _count++}";

    private string NextNumber(string[] codes)
    {
        string? code = codes.Skip(chance.Next(codes.Length)).Concat(codes).FirstOrDefault(code => _taken.GetValueOrDefault(code, FirstNumber) <= LastNumber);
        if (code is null)
        {
            // Everywhere else there are numbers left.
            code = places.SelectMany(place => place.AreaCodes.Split(' ')).First(code => _taken.GetValueOrDefault(code, FirstNumber) <= LastNumber);
        }

        int number = _taken.GetValueOrDefault(code, FirstNumber);
        _taken[code] = number + 1;
        return string.Create(CultureInfo.InvariantCulture, $"+1{code}5550{number}");
    }
}
