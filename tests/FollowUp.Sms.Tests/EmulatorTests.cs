using System.Net.Http.Json;
using System.Threading.Channels;
using FollowUp.TwilioEmulator;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FollowUp.Sms.Tests;

/// <summary>The whole way, there and back: texts through the emulator, its webhooks through the signature check and the readers.</summary>
public sealed class EmulatorTests : IAsyncLifetime
{
    private const string Body = "Grüße & <b>1 + 1</b> 👋";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private readonly Channel<StatusCallback> _reports = Channel.CreateUnbounded<StatusCallback>();
    private readonly Channel<InboundMessage> _replies = Channel.CreateUnbounded<InboundMessage>();
    private readonly TwilioSignature _signature = new(Some.AuthToken);
    private readonly HttpClient _control = new();
    private WebApplication? _server;
    private ServiceProvider? _services;

    private Uri Address => new(_server!.Urls.First());

    private Uri Status => new(Address, "/status?session=a%20b&x=1");

    private ISmsGateway Gateway => _services!.Gateway();

    public async ValueTask InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddTwilioEmulator(new EmulatorOptions
        {
            AccountSid = Some.AccountSid,
            AuthToken = Some.AuthToken,
            InboundUrl = "/inbound",
        });
        _server = builder.Build();
        _server.Urls.Add("http://127.0.0.1:0");
        _server.MapTwilioEmulator("/twilio");
        _server.MapPost("/status", context => TakeAsync(context, StatusCallback.Read, _reports));
        _server.MapPost("/inbound", context => TakeAsync(context, InboundMessage.Read, _replies));
        await _server.StartAsync();
        _services = Some.Services(new Uri(Address, "/twilio"), ("Twilio:Timeout", "00:00:05"));
    }

    public async ValueTask DisposeAsync()
    {
        _control.Dispose();
        await _services!.DisposeAsync();
        await _server!.DisposeAsync();
    }

    [Fact(Timeout = 30_000)]
    public async Task A_text_is_accepted_reported_on_and_listed()
    {
        var accepted = Assert.IsType<SendOutcome.Accepted>(await Gateway.SendAsync(new OutgoingSms(Some.Phone, Body, Status), Cancellation));

        Assert.Equal(new StatusCallback(accepted.Sid, "sent", null), await _reports.Reader.ReadAsync(Cancellation));
        Assert.Equal(new StatusCallback(accepted.Sid, "delivered", null), await _reports.Reader.ReadAsync(Cancellation));
        SentSms listed = Assert.Single(await Gateway.FindAsync(Some.Phone, Body, TimeProvider.System.GetUtcNow(), Cancellation));
        Assert.Equal(new SentSms(accepted.Sid, Some.Phone, Body, "delivered", listed.CreatedAt), listed);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_text_that_Twilio_took_and_then_failed_on_is_found_in_its_list()
    {
        await SetFaultAsync("error-after-accepting");

        Assert.IsType<SendOutcome.Unknown>(await Gateway.SendAsync(new OutgoingSms(Some.Phone, Body, Status), Cancellation));

        StatusCallback report = await _reports.Reader.ReadAsync(Cancellation);
        Assert.Equal(report.MessageSid, Assert.Single(await Gateway.FindAsync(Some.Phone, Body, null, Cancellation)).Sid);
    }

    [Fact]
    public async Task A_text_that_Twilio_failed_on_before_taking_it_is_not_in_its_list()
    {
        await SetFaultAsync("error-before-accepting");

        Assert.IsType<SendOutcome.Unknown>(await Gateway.SendAsync(Some.Text(Body), Cancellation));

        Assert.Empty(await Gateway.FindAsync(Some.Phone, Body, null, Cancellation));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_patient_who_texts_STOP_is_heard_and_gets_nothing_more()
    {
        Assert.IsType<SendOutcome.Accepted>(await Gateway.SendAsync(Some.Text(), Cancellation));
        using HttpResponseMessage answer = await _control.PostAsJsonAsync(
            new Uri(Address, "/twilio/emulator/inbound"), new { from = Some.Phone, body = "Stop" }, Cancellation);
        answer.EnsureSuccessStatusCode();

        InboundMessage reply = await _replies.Reader.ReadAsync(Cancellation);
        Assert.Equal((Some.Phone, "+15005550006", "Stop", "STOP"), (reply.From, reply.To, reply.Body, reply.OptOutType));
        Assert.Equal(new SendOutcome.OptedOut(21610), await Gateway.SendAsync(Some.Text(), Cancellation));
    }

    [Fact(Timeout = 30_000)]
    public async Task What_patients_have_texted_is_listed_oldest_first_without_what_went_out()
    {
        Assert.IsType<SendOutcome.Accepted>(await Gateway.SendAsync(Some.Text(), Cancellation));
        foreach (string body in new[] { Body, "STOP" })
        {
            using HttpResponseMessage answer = await _control.PostAsJsonAsync(
                new Uri(Address, "/twilio/emulator/inbound"), new { from = Some.Phone, body }, Cancellation);
            answer.EnsureSuccessStatusCode();
        }

        IReadOnlyList<InboundMessage> received = await Gateway.ReceivedAsync(TimeProvider.System.GetUtcNow(), Cancellation);
        Assert.Equal([(Some.Phone, "+15005550006", Body), (Some.Phone, "+15005550006", "STOP")], received.Select(text => (text.From, text.To, text.Body)));

        // Under the ids that the webhook gives, which may come in another order.
        string[] heard = [(await _replies.Reader.ReadAsync(Cancellation)).MessageSid, (await _replies.Reader.ReadAsync(Cancellation)).MessageSid];
        Assert.Equal(heard.Order(StringComparer.Ordinal), received.Select(text => text.MessageSid).Order(StringComparer.Ordinal));
        Assert.Empty(await Gateway.ReceivedAsync(TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(2), Cancellation));
    }

    [Fact]
    public async Task A_wrong_number_and_a_busy_account_are_told_apart()
    {
        Assert.IsType<SendOutcome.Refused>(await Gateway.SendAsync(new OutgoingSms("+15005550001", Body, null), Cancellation));
        await SetFaultAsync("too-many-requests");
        Assert.IsType<SendOutcome.RetryLater>(await Gateway.SendAsync(Some.Text(), Cancellation));
    }

    private async Task SetFaultAsync(string kind)
    {
        using HttpResponseMessage answer = await _control.PutAsJsonAsync(
            new Uri(Address, "/twilio/emulator/faults"), new[] { new { kind, count = 1 } }, Cancellation);
        answer.EnsureSuccessStatusCode();
    }

    // As the application does it: the address from its own settings, here the server's, and the path and query of the request.
    private async Task TakeAsync<T>(HttpContext context, Func<IReadOnlyDictionary<string, string>, T?> read, Channel<T> channel)
        where T : class
    {
        IFormCollection form = await context.Request.ReadFormAsync();
        var url = new Uri(Address, context.Request.Path + context.Request.QueryString);
        if (!_signature.IsValid(url, form, context.Request.Headers[TwilioSignature.Header]))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        await channel.Writer.WriteAsync(read(TwilioForm.Read(form))!);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
