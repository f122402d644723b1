namespace FollowUp.Core.Sending;

/// <summary>
/// A table that is built into the assembly: CSV without quotes, since none of the values has a comma. Lines that begin with <c>#</c> are
/// comments, the first other line names the columns.
/// </summary>
internal static class Table
{
    /// <summary>The rows of an embedded file, such as <c>Sending/us-zones</c>, each with one value a column.</summary>
    public static IEnumerable<string[]> Read(string name)
    {
        using StreamReader reader = new(typeof(Table).Assembly.GetManifestResourceStream($"{name}.csv")!);
        int columns = 0;
        while (reader.ReadLine() is string line)
        {
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            string[] values = line.Split(',');
            if (columns == 0)
            {
                columns = values.Length;
            }
            else if (values.Length == columns)
            {
                yield return values;
            }
            else
            {
                throw new InvalidDataException($"The table '{name}' has {columns} columns, but not in the row '{line}'.");
            }
        }
    }
}
