using System.Security.Cryptography;
using FollowUp.TwilioEmulator.Delivery;
using FollowUp.TwilioEmulator.Inbound;
using FollowUp.TwilioEmulator.Messages;
using FollowUp.TwilioEmulator.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FollowUp.TwilioEmulator.Phone;

/// <summary>
/// GET <c>/phone</c> lists the phones, <c>/phone?number=…</c> opens one (and <c>&amp;with=…</c> its conversation with one sender); a form post to
/// <c>/phone</c> answers and goes back to the conversation.
/// </summary>
internal static class PhoneApi
{
    private const long MaxFormBytes = 32 * 1024;

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/phone", Show);
        endpoints.MapPost("/phone", AnswerAsync);
    }

    private static IResult Show(HttpContext context, EmulatorDatabase database, EmulatorOptions options, TimeProvider clock)
    {
        var (number, with) = (context.Request.Query["number"].ToString(), context.Request.Query["with"].ToString());
        var handset = Addresses.ReadNumber(number);
        var model = database.Read(session =>
            PhoneModel.Read(session, clock.GetUtcNow(), handset, Addresses.ReadSender(with), options.PhoneNumber));
        return number.Length > 0 && handset is null
            ? Page(context, model with { Error = "That is not a phone number such as +14155550123." }, StatusCodes.Status400BadRequest)
            : Page(context, model, StatusCodes.Status200OK);
    }

    private static async Task<IResult> AnswerAsync(
        HttpContext context, EmulatorDatabase database, InboundTexts texts, DeliveryPump pump, EmulatorOptions options, TimeProvider clock)
    {
        if (!context.Request.HasFormContentType || context.Request.ContentLength is not <= MaxFormBytes)
        {
            return Results.Problem("The body has to be a form of at most 32 KB.", statusCode: StatusCodes.Status400BadRequest);
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        // Forms send line ends as CR LF; a phone sends LF.
        var (number, with, body) = (
            form["number"].ToString(), form["with"].ToString(), form["body"].ToString().ReplaceLineEndings("\n"));
        var (handset, sender) = (Addresses.ReadNumber(number), Addresses.ReadSender(with));
        if (InboundApi.Check(new InboundText { From = number, To = with, Body = body }) is { } problem)
        {
            var model = database.Read(session => PhoneModel.Read(session, clock.GetUtcNow(), handset, sender, options.PhoneNumber));
            return Page(context, model with { Error = problem, Draft = body }, StatusCodes.Status400BadRequest);
        }

        texts.Receive(handset!, sender, body);
        pump.Wake();
        context.Response.Headers.Location = $"/phone?number={Uri.EscapeDataString(handset!)}&with={Uri.EscapeDataString(sender!)}";
        return Results.StatusCode(StatusCodes.Status303SeeOther);
    }

    private static IResult Page(HttpContext context, PhoneModel model, int status)
    {
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy =
            $"default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; connect-src 'self'; img-src data:; "
            + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        // Not no-referrer: browsers would then hide the origin of the page's own form, too.
        headers["Referrer-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
        return Results.Content(PhonePage.Render(model, nonce), "text/html; charset=utf-8", statusCode: status);
    }
}
