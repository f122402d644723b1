using System.Globalization;
using System.Text.Json.Nodes;
using FollowUp.TwilioEmulator.Delivery;
using FollowUp.TwilioEmulator.Messages;
using FollowUp.TwilioEmulator.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace FollowUp.TwilioEmulator.Api;

/// <summary>
/// One page of Twilio's message list. DateSent&lt; and DateSent&gt; take a day (yyyy-MM-dd, in UTC) or an instant (ISO 8601) and include
/// it; DateSent is always the whole day, of which clients send the midnight. A page token holds the message that a page goes on from, so messages that
/// arrive while a client turns pages neither repeat nor hide one.
/// </summary>
internal static class MessageList
{
    private const int DefaultPageSize = 50;
    private const int MaxPageSize = 1000;
    private const string OlderToken = "PA";
    private const string NewerToken = "PB";

    public static IResult Page(HttpRequest request, EmulatorDatabase database, EmulatorOptions options)
    {
        var query = request.Query;
        var size = int.TryParse(query["PageSize"], NumberStyles.None, CultureInfo.InvariantCulture, out var asked) && asked > 0 ? asked : DefaultPageSize;
        if (size > MaxPageSize)
        {
            return TwilioError.PageTooLarge.ToResult();
        }

        var number = int.TryParse(query["Page"], NumberStyles.None, CultureInfo.InvariantCulture, out var page) ? page : 0;
        var (filter, error) = ReadFilter(query);
        if (filter is null)
        {
            return error!.ToResult();
        }

        // One more than the page holds tells whether another page follows.
        var position = ReadPosition(query["PageToken"].ToString(), number, size);
        var rows = database.Read(session => MessageStore.Page(session, filter, position, size + 1));
        var backwards = position.NewerThan is not null;
        var more = rows.Count > size;
        var shown = !more ? rows : backwards ? rows.GetRange(rows.Count - size, size) : rows.GetRange(0, size);

        string Address(int toPage, string? token)
        {
            var parameters = query
                .Where(pair => pair.Key is not ("Page" or "PageToken" or "PageSize"))
                .Select(pair => KeyValuePair.Create(pair.Key, pair.Value.ToString()))
                .Append(KeyValuePair.Create("PageSize", size.ToString(CultureInfo.InvariantCulture)))
                .Append(KeyValuePair.Create("Page", toPage.ToString(CultureInfo.InvariantCulture)));
            return $"/{WebhookClient.ApiVersion}/Accounts/{options.AccountSid}/Messages.json"
                + new QueryBuilder(token is null ? parameters : parameters.Append(KeyValuePair.Create("PageToken", token)));
        }

        return Results.Json(new JsonObject
        {
            ["first_page_uri"] = Address(0, null),
            ["end"] = (number * (long)size) + Math.Max(shown.Count - 1, 0),
            ["previous_page_uri"] = number > 0 && shown.Count > 0 ? Address(number - 1, NewerToken + shown[0].Sid) : null,
            ["messages"] = new JsonArray([.. shown.Select(message => MessageJson.Write(message, options.AccountSid))]),
            ["uri"] = Address(number, NullIfEmpty(query["PageToken"].ToString())),
            ["page_size"] = size,
            ["start"] = number * (long)size,
            ["next_page_uri"] = shown.Count > 0 && (more || backwards) ? Address(number + 1, OlderToken + shown[^1].Sid) : null,
            ["page"] = number,
        });
    }

    private static PagePosition ReadPosition(string token, int page, int size) =>
        token.StartsWith(OlderToken, StringComparison.Ordinal) ? new PagePosition(OlderThan: token[OlderToken.Length..])
        : token.StartsWith(NewerToken, StringComparison.Ordinal) ? new PagePosition(NewerThan: token[NewerToken.Length..])
        : new PagePosition(Offset: page * (long)size);

    private static (MessageFilter? Filter, TwilioError? Error) ReadFilter(IQueryCollection query)
    {
        DateTimeOffset? since = null, until = null;
        foreach (var (name, isLower, isUpper) in new[] { ("DateSent", true, true), ("DateSent>", true, false), ("DateSent<", false, true) })
        {
            if (query[name].ToString() is not { Length: > 0 } text)
            {
                continue;
            }

            if (ReadSpan(text, wholeDay: isLower && isUpper) is not { } span)
            {
                return (null, new TwilioError(400, 20001, $"The parameter '{name}' is not a date."));
            }

            since = isLower && (since is null || span.Start > since) ? span.Start : since;
            until = isUpper && (until is null || span.End < until) ? span.End : until;
        }

        return (new MessageFilter(Number(query["To"].ToString()), Number(query["From"].ToString()), since, until), null);
    }

    /// <returns>The day, or the second, that the text names, its end exclusive; null if it names none.</returns>
    private static (DateTimeOffset Start, DateTimeOffset End)? ReadSpan(string text, bool wholeDay)
    {
        var isDay = DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant))
        {
            return null;
        }

        var start = isDay || wholeDay ? new DateTimeOffset(instant.UtcDateTime.Date, TimeSpan.Zero) : instant;
        return (start, isDay || wholeDay ? start.AddDays(1) : start.AddSeconds(1));
    }

    private static string? Number(string text) => text.Length == 0 ? null : Addresses.ReadSender(text.Trim()) ?? text;

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
