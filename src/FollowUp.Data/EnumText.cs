using System.Collections.Frozen;
using System.Text.Json;

namespace FollowUp.Data;

/// <summary>The one spelling of enum values outside the code, in JSON and in the store: kebab case (<c>opted-out</c>).</summary>
public static class EnumText
{
    public static string Of<T>(T value) where T : struct, Enum => Names<T>.ByValue[value];

    /// <exception cref="FormatException">The text is no value of <typeparamref name="T"/>.</exception>
    public static T Parse<T>(string text) where T : struct, Enum =>
        TryParse(text, out T value) ? value : throw new FormatException($"'{text}' is no {typeof(T).Name}.");

    public static bool TryParse<T>(string? text, out T value) where T : struct, Enum
    {
        value = default;
        return text is not null && Names<T>.ByName.TryGetValue(text, out value);
    }

    public static IReadOnlyList<string> All<T>() where T : struct, Enum => Names<T>.InOrder;

    private static class Names<T> where T : struct, Enum
    {
        public static readonly IReadOnlyList<string> InOrder = [.. Enum.GetValues<T>().Select(Spell)];
        public static readonly FrozenDictionary<T, string> ByValue = Enum.GetValues<T>().ToFrozenDictionary(value => value, Spell);
        public static readonly FrozenDictionary<string, T> ByName = Enum.GetValues<T>().ToFrozenDictionary(Spell, StringComparer.Ordinal);

        private static string Spell(T value) => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
    }
}
