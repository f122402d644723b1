using System.Text.Json;
using System.Text.Json.Serialization;
using FollowUp.TwilioEmulator.Api;
using FollowUp.TwilioEmulator.Delivery;
using FollowUp.TwilioEmulator.Messages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FollowUp.TwilioEmulator.Inbound;

/// <summary>
/// POST <c>{prefix}/emulator/inbound</c> plays a phone that sends a text: JSON <c>{ "from": "+14155550123", "to": "+15005550006",
/// "body": "STOP" }</c>, where <c>to</c> may be left out. 201 with the message, before the webhook is posted; 400 for a bad number or text.
/// </summary>
internal static class InboundApi
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapPost("/emulator/inbound", ReceiveAsync);

    /// <summary>Checks a text before <see cref="InboundTexts.Receive"/>.</summary>
    /// <returns>What is wrong, for a person to read; null if nothing is.</returns>
    public static string? Check(InboundText text) =>
        Addresses.ReadNumber(text.From) is null ? "'from' is not a phone number such as +14155550123."
        : text.To is not null && Addresses.ReadSender(text.To) is null ? "'to' is not a number or sender."
        : text.Body.Trim().Length == 0 ? "'body' is empty."
        : text.Body.Length > MessageRequest.MaxBody ? $"'body' is longer than {MessageRequest.MaxBody} characters."
        : null;

    private static async Task<IResult> ReceiveAsync(
        HttpRequest request, InboundTexts texts, DeliveryPump pump, EmulatorOptions options, CancellationToken cancellation)
    {
        if (!request.HasJsonContentType())
        {
            return Results.Problem("The body has to be application/json.", statusCode: StatusCodes.Status415UnsupportedMediaType);
        }

        InboundText? text;
        try
        {
            text = await request.ReadFromJsonAsync<InboundText>(s_json, cancellation);
        }
        catch (JsonException e)
        {
            return Results.Problem(e.Message, statusCode: StatusCodes.Status400BadRequest);
        }

        if (text is null || Check(text) is not null)
        {
            return Results.Problem(text is null ? "The body is empty." : Check(text), statusCode: StatusCodes.Status400BadRequest);
        }

        var message = texts.Receive(Addresses.ReadNumber(text.From)!, text.To is null ? null : Addresses.ReadSender(text.To), text.Body);
        pump.Wake();
        return Results.Json(MessageJson.Write(message, options.AccountSid), statusCode: StatusCodes.Status201Created);
    }
}

/// <summary>A text as the control API and the phone page hand it in.</summary>
internal sealed record InboundText
{
    public required string From { get; init; }

    public string? To { get; init; }

    public required string Body { get; init; }
}
