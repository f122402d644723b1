namespace FollowUp.Cli.Demo.Story;

/// <summary>What patients write, by what they mean and in the two languages of the clinic.</summary>
internal static class Replies
{
    public const string CallsOff = "Please cancel my appointment";
    public const string RedFlag = "My cheek is very swollen and hot since last night and I think I have a fever";
    public const string AutoReply = "I'm driving with Do Not Disturb While Driving turned on. I'll see your message when I get where I'm going.";
    public const string WrongNumber = "Sorry, you have the wrong number";
    public const string OptOutInOtherWords = "Please take me off your list";

    private static readonly string[] s_confirms = ["C", "c", "C", "Yes, see you then", "C, thanks!"];
    private static readonly string[] s_confirmsInSpanish = ["C", "c", "C, gracias"];

    private static readonly string[] s_questions =
    [
        "Can I wear makeup to work tomorrow?", "Is it ok to go swimming this weekend?", "Which sunscreen do you recommend?",
        "Do I have to pay before the visit?", "Where do I park?", "Can my sister come along?", "How long until I can go to the gym again?",
    ];

    private static readonly string[] s_questionsInSpanish =
        ["¿Puedo ir a la playa el domingo?", "¿Qué crema me recomiendan?", "¿Dónde puedo aparcar?"];

    /// <summary>Comes, in answer to a reminder that asks.</summary>
    public static string Confirms(Person person, Random chance) => Pick(person.Language == "es" ? s_confirmsInSpanish : s_confirms, chance);

    /// <summary>What a human must read, and that means no trouble.</summary>
    public static string Asks(Person person, Random chance) => Pick(person.Language == "es" ? s_questionsInSpanish : s_questions, chance);

    /// <summary>1 to 5, mostly good.</summary>
    public static string Rates(Random chance) => Pick(["5", "5", "5", "5", "4", "4", "4", "3", "3", "2"], chance);

    public static string Pick(string[] choices, Random chance) => choices[chance.Next(choices.Length)];
}
