using Xunit.v3;

namespace FollowUp.EmbeddedHost.Tests.Engine.Suite;

/// <summary>
/// Names the row of the behaviour measured on the real engines that a test holds the engine to, so that a failing test
/// leads straight to the measurement. Shows as the trait <c>row</c>; <c>--filter-trait "row=3 *"</c> runs one section.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class RowAttribute(string section, string row) : Attribute, ITraitAttribute
{
    /// <summary>Section of the behaviour page, such as "3"; "own" for what the embedded engine promises beyond it.</summary>
    public string Section { get; } = section;

    /// <summary>The row's first column, shortened where it is long.</summary>
    public string Row { get; } = row;

    /// <inheritdoc/>
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("row", $"{Section} {Row}")];
}
