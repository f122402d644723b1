using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace FollowUp.Functions.Http;

/// <summary>
/// One page of a list: <c>limit</c>, 1 to 200 and 50 by default, and <c>cursor</c>, which the page before gave. What a cursor holds is nobody's
/// business but ours.
/// </summary>
internal sealed record Paging(int Limit, IReadOnlyList<string>? After)
{
    private const int Default = 50;
    public const int Least = 1;
    public const int Most = 200;
    private const char Separator = '\n';

    /// <param name="request">The request.</param>
    /// <param name="parts">How many values the list's cursor has.</param>
    /// <exception cref="ProblemException">400, naming what is wrong.</exception>
    public static Paging Read(HttpRequest request, int parts)
    {
        var limit = Default;
        if (request.Query["limit"].ToString() is { Length: > 0 } given
            && (!int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < Least or > Most))
        {
            throw Problems.Invalid("limit", $"Must be a number from 1 to {Most}.");
        }

        return new Paging(limit, request.Query["cursor"].ToString() is { Length: > 0 } cursor ? Open(cursor, parts) : null);
    }

    /// <summary>The cursor of the page after one that ends with these values.</summary>
    public static string Cursor(params string[] values) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Join(Separator, values)));

    /// <summary>A page as JSON: the items, and the cursor of the next page, or null when this was the last.</summary>
    /// <param name="rows">One more than the limit, if there are so many.</param>
    /// <param name="limit">How many a page has.</param>
    /// <param name="answer">What a row is shown as.</param>
    /// <param name="cursor">The cursor behind a row.</param>
    public static IResult Page<T>(IReadOnlyList<T> rows, int limit, Func<T, object> answer, Func<T, string> cursor) => Answers.Json(new
    {
        items = rows.Take(limit).Select(answer).ToList(),
        nextCursor = rows.Count > limit ? cursor(rows[limit - 1]) : null,
    });

    public static ProblemException BadCursor() => Problems.Invalid("cursor", "Must be the nextCursor of the page before.");

    private static string[] Open(string cursor, int parts)
    {
        var bytes = new byte[cursor.Length];
        // Asked first: what is no Base64 makes the decoding throw.
        if (cursor.Length > 400 || !Base64Url.IsValid(cursor) || !Base64Url.TryDecodeFromChars(cursor, bytes, out var length))
        {
            throw BadCursor();
        }

        var values = Encoding.UTF8.GetString(bytes, 0, length).Split(Separator);
        return values.Length == parts ? values : throw BadCursor();
    }
}
