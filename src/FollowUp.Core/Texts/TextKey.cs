namespace FollowUp.Core.Texts;

/// <summary>Names a text of a plan: a key of the plan, or such a key with the opt-out line asked for, <c>prep-7d+opt-out</c>.</summary>
public static class TextKey
{
    /// <summary>Key of the text that says how to opt out. Every language of a plan has it; it is never sent by itself.</summary>
    public const string OptOut = "opt-out";

    /// <summary>
    /// Key of the treatment's name as patients know it, for <c>{treatment}</c>. A plan may lack it; it is used only for a clinic that lets
    /// texts name the treatment.
    /// </summary>
    public const string Treatment = "treatment";

    private const string Suffix = "+" + OptOut;

    /// <summary>Asks for the opt-out line behind the text.</summary>
    public static string WithOptOut(string key) => key + Suffix;

    /// <summary>The plan's own key, and whether the opt-out line is asked for.</summary>
    internal static (string Key, bool OptOutLine) Split(string key) =>
        key.EndsWith(Suffix, StringComparison.Ordinal) ? (key[..^Suffix.Length], true) : (key, false);
}
