using System.Globalization;

namespace FollowUp.EmbeddedHost.Functions.Timers;

/// <summary>One field of a cron expression: the set of values that it allows.</summary>
internal sealed class CronField
{
    public static readonly CronFieldKind Second = new("second", 0, 59, []);
    public static readonly CronFieldKind Minute = new("minute", 0, 59, []);
    public static readonly CronFieldKind Hour = new("hour", 0, 23, []);
    public static readonly CronFieldKind Day = new("day", 1, 31, []);
    public static readonly CronFieldKind Month = new("month", 1, 12, CultureInfo.InvariantCulture.DateTimeFormat.MonthNames[..12]);
    public static readonly CronFieldKind Weekday = new("day of the week", 0, 6, CultureInfo.InvariantCulture.DateTimeFormat.DayNames);

    private readonly ulong _values;

    private CronField(ulong values) => _values = values;

    public bool Contains(int value) => (_values >> value & 1) != 0;

    /// <summary>Reads a field: <c>*</c>, <c>5</c>, <c>1-5</c>, <c>*/15</c>, <c>10/15</c>, <c>1-30/2</c>, names, and lists of these.</summary>
    /// <exception cref="FormatException">The field is malformed; the message says what is wrong.</exception>
    public static CronField Parse(string text, CronFieldKind kind)
    {
        ulong values = 0;
        foreach (string part in text.Split(','))
        {
            (int first, int last, int step) = Range(part, kind);
            for (int value = first; value <= last; value += step)
            {
                values |= 1UL << value;
            }
        }

        return new CronField(values);
    }

    private static (int First, int Last, int Step) Range(string text, CronFieldKind kind)
    {
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        string range = slash < 0 ? text : text[..slash];
        int step = slash < 0 ? 1 : Number(text[(slash + 1)..], "step", 1, kind.Max, text);
        if (range == "*")
        {
            return (kind.Min, kind.Max, step);
        }

        int dash = range.IndexOf('-', StringComparison.Ordinal);
        int first = Value(dash < 0 ? range : range[..dash], kind, text);

        // "10/15" runs from 10 to the end; "10" alone is one value.
        int last = dash >= 0 ? Value(range[(dash + 1)..], kind, text) : slash >= 0 ? kind.Max : first;
        return first <= last ? (first, last, step) : throw new FormatException($"the {kind.Name} range '{text}' runs backwards");
    }

    private static int Value(string text, CronFieldKind kind, string whole)
    {
        // Names may be cut to three letters, as in "MON" and "jan".
        int name = text.Length < 3 ? -1 : Array.FindIndex(kind.Names, n => n.StartsWith(text, StringComparison.OrdinalIgnoreCase));
        return name >= 0 ? kind.Min + name : Number(text, kind.Name, kind.Min, kind.Max, whole);
    }

    private static int Number(string text, string what, int min, int max, string whole)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= min && number <= max
            ? number
            : throw new FormatException($"'{text}' in '{whole}' is no {what} from {min} to {max}");
}

/// <summary>What a field stands for. Names begin at the least value.</summary>
internal sealed record CronFieldKind(string Name, int Min, int Max, string[] Names);
