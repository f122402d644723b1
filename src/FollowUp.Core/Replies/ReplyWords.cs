using System.Text;

namespace FollowUp.Core.Replies;

/// <summary>
/// A patient's text as sentences of plain words: lower case, without accents, punctuation, emoji and invisible characters, letters that were
/// spelled apart put together, and letters repeated for emphasis taken once.
/// </summary>
internal static class ReplyWords
{
    /// <summary>How far the full-width forms lie behind ASCII.</summary>
    private const int FullWidth = 0xFEE0;

    private static readonly HashSet<string> Politeness =
    [
        "please", "pls", "plz", "plse", "pleas", "thanks", "thank", "thx", "ty", "you", "hi", "hello", "hey", "ok", "okay", "sorry", "kindly", "dear", "sir",
        "madam", "asap", "right", "now", "immediately", "just", "yo", "bro", "guys", "team", "ffs", "omg", "lol", "so", "and", "but", "much", "good",
        "morning", "porfavor", "porfa", "gracias", "muchas", "hola", "buenas", "buenos", "dias", "tardes", "ya", "disculpe", "perdon",
        "ahora", "mismo", "inmediatamente", "senores", "senorita", "y", "pero", "oiga", "oye", "fav", "porfis", "xfa", "xfavor", "plis", "oigan",
    ];

    /// <summary>What becomes one word with a "not" behind it.</summary>
    private static readonly Dictionary<string, string> Negated = new(StringComparer.Ordinal)
    {
        ["do"] = "dont",
        ["does"] = "doesnt",
        ["did"] = "didnt",
        ["can"] = "cant",
        ["will"] = "wont",
    };

    /// <summary>The sentences of a text, each with its words and whether it is a question.</summary>
    public static IReadOnlyList<Sentence> Read(string text)
    {
        List<Sentence> sentences = [];
        StringBuilder sentence = new();
        foreach (char letter in text.Append('\n'))
        {
            char plain = Plain(letter);
            if (plain is '.' or ',' or '!' or '?' or ';' or '\n' or '\r' or ':' or '\u3002')
            {
                Add(sentences, sentence, isQuestion: plain == '?');
                sentence.Clear();
            }
            else if (plain != '\0')
            {
                sentence.Append(plain);
            }
        }

        return sentences;
    }

    /// <summary>The words without those that only make it polite; all of them when it is made of nothing else.</summary>
    public static IReadOnlyList<string> WithoutPoliteness(IReadOnlyList<string> words)
    {
        List<string> left = [];
        for (int index = 0; index < words.Count; index++)
        {
            if (words[index] == "por" && index + 1 < words.Count && words[index + 1] == "favor")
            {
                index++;
            }
            else if (!Politeness.Contains(words[index]))
            {
                left.Add(words[index]);
            }
        }

        return left.Count > 0 ? left : words;
    }

    private static void Add(List<Sentence> sentences, StringBuilder text, bool isQuestion)
    {
        string[] words = text.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length > 0)
        {
            sentences.Add(new Sentence(Contracted([.. Joined(words).Select(Emphasised)]), isQuestion));
        }
        else if (isQuestion && sentences.Count > 0 && text.Length == 0)
        {
            sentences[^1] = sentences[^1] with { IsQuestion = true };
        }
    }

    /// <summary>Letters spelled apart, such as "s t o p", are one word.</summary>
    private static IEnumerable<string> Joined(string[] words)
    {
        int index = 0;
        while (index < words.Length)
        {
            int end = index;
            while (end < words.Length && words[end].Length == 1 && char.IsAsciiLetter(words[end][0]))
            {
                end++;
            }

            if (end - index >= 3)
            {
                yield return string.Concat(words[index..end]);
                index = end;
            }
            else
            {
                yield return words[index++];
            }
        }
    }

    /// <summary>"stoooop" is "stop": no word of ours has the same letter three times.</summary>
    private static string Emphasised(string word)
    {
        StringBuilder plain = new();
        int index = 0;
        while (index < word.Length)
        {
            int end = index;
            while (end < word.Length && word[end] == word[index])
            {
                end++;
            }

            plain.Append(word[index], end - index >= 3 && char.IsAsciiLetter(word[index]) ? 1 : end - index);
            index = end;
        }

        return plain.ToString();
    }

    /// <summary>"do not" is "dont", so that a pattern need not say both.</summary>
    private static List<string> Contracted(List<string> words)
    {
        for (int index = words.Count - 1; index > 0; index--)
        {
            if (words[index] == "not" && Negated.TryGetValue(words[index - 1], out string? negated))
            {
                words[index - 1] = negated;
                words.RemoveAt(index);
            }
        }

        return words;
    }

    /// <summary>
    /// The letter as it is compared: a blank for what parts words, and NUL for what is left out, such as apostrophes and invisible characters.
    /// By hand, because the app runs without the operating system's tables.
    /// </summary>
    private static char Plain(char written)
    {
        char letter = char.ToLowerInvariant(written is >= '\uFF01' and <= '\uFF5E' ? (char)(written - FullWidth) : written);
        return letter is (>= 'a' and <= 'z') or (>= '0' and <= '9') ? letter : Unaccented(letter);
    }

    private static char Unaccented(char letter) => letter switch
    {
        'á' or 'à' or 'â' or 'ä' or 'ã' or 'å' => 'a',
        'é' or 'è' or 'ê' or 'ë' => 'e',
        'í' or 'ì' or 'î' or 'ï' or '\u0131' => 'i',
        'ó' or 'ò' or 'ô' or 'ö' or 'õ' or 'ø' => 'o',
        'ú' or 'ù' or 'û' or 'ü' => 'u',
        'ñ' => 'n',
        'ç' => 'c',
        '\u0430' => 'a', // Cyrillic letters that look like ours
        '\u0435' => 'e',
        '\u043E' => 'o',
        '\u0440' => 'p',
        '\u0441' => 'c',
        '\u0442' => 't',
        '\u0455' => 's',
        '\'' or '\u2019' or '\u2018' or '`' or '\u00B4' or '\u02BC' => '\0',
        >= '\u0300' and <= '\u036F' => '\0', // combining accents
        '\u00AD' or '\u034F' or '\u061C' or '\u180E' or (>= '\u200B' and <= '\u200F') or (>= '\u202A' and <= '\u202E')
            or (>= '\u2060' and <= '\u2064') or (>= '\uFE00' and <= '\uFE0F') or '\uFEFF' => '\0', // not seen
        '.' or ',' or '!' or '?' or ';' or '\n' or '\r' or ':' or '\u3002' => letter,
        '\u2026' or '\u203C' => '.',
        '\u2049' or '\u2047' => '?',
        _ => ' ',
    };
}

/// <summary>A sentence of a text.</summary>
internal sealed record Sentence(IReadOnlyList<string> Words, bool IsQuestion)
{
    /// <summary>What stands for a patient's name in a pattern; no word of a text has capitals.</summary>
    private const string Name = "NAME";

    /// <summary>The sentence with <c>NAME</c> in the place of a patient's name, also where something is theirs ("Ada's").</summary>
    public Sentence Naming(IReadOnlyCollection<string> names)
    {
        HashSet<string> parts = [.. names.SelectMany(ReplyWords.Read).SelectMany(name => name.Words)];
        return parts.Count == 0
            ? this
            : this with { Words = [.. Words.Select(word => parts.Contains(word) || (word.EndsWith('s') && parts.Contains(word[..^1])) ? Name : word)] };
    }
}
