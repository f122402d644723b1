using System.Collections;
using System.Reflection;
using System.Text.Json;

namespace Twilio.Base;

/// <summary>One page of a list, and where the next one is.</summary>
internal sealed record Page<T>(IReadOnlyList<T> Records, string? NextPageUri)
    where T : Resource
{
    public bool HasNextPage => !string.IsNullOrEmpty(NextPageUri);

    /// <exception cref="JsonException">The content is not JSON.</exception>
    /// <exception cref="InvalidOperationException">It is not a page of such records.</exception>
    public static Page<T> FromJson(string recordKey, string json, Func<JsonElement, T> record)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        JsonElement root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty(recordKey, out JsonElement records))
        {
            throw new InvalidOperationException($"The answer is not a page of {recordKey}.");
        }

        string? next = root.TryGetProperty("next_page_uri", out JsonElement uri) ? uri.GetString() : null;
        return new Page<T>([.. records.EnumerateArray().Select(record)], next);
    }
}

/// <summary>
/// A list, page after page: going on to the next page makes a request, and blocks until it is answered. As in the real library, which
/// goes there by reflection, what fails then comes inside a <see cref="TargetInvocationException"/>.
/// </summary>
public class ResourceSet<T> : IEnumerable<T>
    where T : Resource
{
    private readonly Page<T> _first;
    private readonly Func<Page<T>, Page<T>> _next;

    internal ResourceSet(Page<T> first, Func<Page<T>, Page<T>> next)
    {
        _first = first;
        _next = next;
    }

    public IEnumerator<T> GetEnumerator()
    {
        for (Page<T> page = _first; ; page = Next(page))
        {
            foreach (T record in page.Records)
            {
                yield return record;
            }

            if (!page.HasNextPage)
            {
                yield break;
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private Page<T> Next(Page<T> page)
    {
        try
        {
            return _next(page);
        }
        catch (Exception cause)
        {
            throw new TargetInvocationException(cause);
        }
    }
}
